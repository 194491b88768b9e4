package io.millrace.flow.nat;

import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// Packets of every protocol, broken in every way: nothing throws, nothing leaks, nothing is allocated.
class TrackFuzzTest {

    private static final int CONNECTIONS_MAX = 512;
    /// As many as make the way of errors hot.
    private static final int ERRORS = 8;

    private final long seed = Seeds.next();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Gateway gateway = masquerading();

    private Gateway masquerading() {
        TrackSettings settings = new TrackSettings().set(TrackSysctl.MAX, CONNECTIONS_MAX)
            .set(TrackSysctl.BUCKETS, 64).set(TrackSysctl.CHECKSUM, 0).set(TrackSysctl.ACCOUNTING, 1);
        NatRange any = new NatRange().set(0);
        return new Gateway(settings, seed, (nat, tracked, side, ingress, egress, nowNs) ->
            side == NatSide.TARGET || ingress == Gateway.RIGHT
                || nat.masquerade(tracked, any, egress, 0, 0, nowNs));
    }

    @Test
    void survivesWhateverComes() {
        List<byte[]> frames = frames();
        for (int i = 0; i < 60_000; i++) {
            byte[] frame = frames.get(random.nextInt(frames.size())).clone();
            int changes = random.nextInt(4);
            for (int k = 0; k < changes; k++) {
                frame[14 + random.nextInt(frame.length - 14)] = (byte) random.nextInt();
            }
            if (random.nextInt(5) == 0) frame = Arrays.copyOf(frame, 15 + random.nextInt(frame.length - 14));
            gateway.elapse(random.nextDouble() * 0.2);
            gateway.load(frame);
            gateway.passQuietly(random.nextInt(2), frame.length);
            assertThat(gateway.table().count()).as("seed %d", seed).isLessThanOrEqualTo(CONNECTIONS_MAX);
        }
        assertThat(gateway.listing()).as("seed %d", seed).isNotEmpty();
        int listed = 0;
        Connections connections = gateway.connections();
        for (int entry = gateway.table().next(Connections.NONE); entry != Connections.NONE;
             entry = gateway.table().next(entry)) {
            assertThat(connections.generation(entry)).isPositive();
            listed++;
        }
        assertThat(gateway.table().count()).as("no unconfirmed one is left").isEqualTo(listed);
        assertThat(gateway.table().flush(-1, gateway.nowNs())).isEqualTo(listed);
        assertThat(gateway.table().count()).isZero();
    }

    @Test
    void allocatesNothingOnceWarm() {
        List<byte[]> frames = frames();
        byte[][] ready = frames.toArray(byte[][]::new);
        assertThat(Allocation.bytesOnceWarm(() -> {
            for (int i = 0; i < 20_000; i++) {
                byte[] frame = ready[i % ready.length];
                frame[35] = (byte) i;
                gateway.load(frame);
                gateway.passQuietly(i & 1, frame.length);
                gateway.elapse(0.01);
            }
        })).isZero();
    }

    private List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (boolean isIpv6 : new boolean[] {false, true}) {
            for (int side = 0; side < 2; side++) {
                Layer network = network(isIpv6, side);
                byte[] udp = network.udp(1_000 + side, 1_001 - side).payloadOf(10).bytes();
                frames.add(udp);
                frames.add(network.tcp(2_000 + side, 2_001 - side).syn().mss(1460).windowScale(7).sackPermitted()
                    .bytes());
                frames.add(network.tcp(2_000 + side, 2_001 - side).syn().acknowledgement(1).bytes());
                frames.add(network.tcp(2_000 + side, 2_001 - side).sequence(1).acknowledgement(1).sack(1, 2).bytes());
                frames.add(network.tcp(2_000 + side, 2_001 - side).fin().acknowledgement(1).bytes());
                frames.add(network.tcp(2_000 + side, 2_001 - side).rst().bytes());
                frames.add(network.sctp(3_000 + side, 3_001 - side).payload(new byte[] {
                    1, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1}).bytes());
                frames.add(network.sctp(3_000 + side, 3_001 - side).payload(new byte[] {4, 0, 0, 4}).bytes());
                frames.add(network.udpLite(4_000 + side, 4_001 - side).payloadOf(10).bytes());
                frames.add(network.gre().payloadOf(30).bytes());
                frames.add(network.payloadOf(30).bytes());
                frames.add(isIpv6 ? network.icmpv6EchoRequest(9, 1).bytes() : network.icmpEchoRequest(9, 1).bytes());
                byte[] quote = Arrays.copyOfRange(udp, 14, udp.length);
                Layer error = isIpv6 ? network.icmpv6(1, 0).quote(quote) : network.icmp(3, 1).quote(quote);
                frames.addAll(Collections.nCopies(ERRORS, error.bytes()));
            }
        }
        return frames;
    }

    private static Layer network(boolean isIpv6, int side) {
        Layer link = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:01:01");
        if (isIpv6) return link.ipv6("fd00:" + (side + 1) + "::2", "fd00:" + (2 - side) + "::" + (2 - side));
        return link.ipv4("10.0." + (side + 1) + ".2", "10.0." + (2 - side) + "." + (2 - side));
    }
}
