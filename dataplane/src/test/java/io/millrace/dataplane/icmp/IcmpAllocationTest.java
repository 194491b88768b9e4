package io.millrace.dataplane.icmp;

import io.millrace.dataplane.FewAddresses;
import io.millrace.dataplane.PacketBench;
import io.millrace.dataplane.fragment.Ipv4Fragmenter;
import io.millrace.dataplane.fragment.PieceSink;
import io.millrace.dataplane.options.Ipv4Options;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static org.assertj.core.api.Assertions.assertThat;

/// Errors, answers, options and pieces cost no garbage, suppressed or sent.
class IcmpAllocationTest {

    private static final int ROUNDS = 20_000;
    private static final long STEP_NS = 50_000_000;

    private final PacketBench bench = new PacketBench(256);
    private final Icmp icmp = new Icmp(Arena.ofAuto(), bench.pool, bench.ledger, new Releaser(), new FewAddresses(),
        IcmpSettings.LINUX, 1);
    private final Ipv4Options options = new Ipv4Options(bench.packets, new FewAddresses());
    private final Ipv4Fragmenter fragmenter = new Ipv4Fragmenter(bench.pool, bench.ledger);
    private final PieceSink sink = bench::sent;
    private long nowNs = 1_000_000_000_000L;

    private final byte[][] frames = {
        ip("10.0.2.2").options(Hex.parse("070b0400000000000000 00 00")).udp(1, 2).payloadOf(1000).bytes(),
        ip("10.0.0.1").udp(1, 2).payloadOf(20).bytes(),
        ip("10.0.0.1").icmpEchoRequest(1, 2).payloadOf(20).bytes(),
        ip("10.0.0.1").tcp(1, 2).syn().bytes(),
        ip("10.0.0.1").protocol(200).bytes(),
        ip6("fd00:0:0:5::2").udp(1, 2).payloadOf(1400).bytes(),
        ip6("fd00::1").udp(1, 2).payloadOf(20).bytes(),
        ip6("fd00::1").destinationOptions().icmpv6EchoRequest(1, 2).payloadOf(20).bytes(),
        ip6("fd00::1").tcp(1, 2).syn().bytes(),
        ip6("fd00::1").nextHeader(200).bytes(),
    };

    /// The best of a few tries counts: the virtual machine may allocate once in this thread for itself.
    @Test
    void allocatesNothingOnceWarm() {
        assertThat(Allocation.bytesOnceWarm(() -> run(ROUNDS))).isZero();
        assertThat(bench.ledger.created()).isGreaterThan(2L * ROUNDS);
        assertThat(bench.ledger.split()).isGreaterThan(ROUNDS);
        assertThat(bench.ledger.unaccounted()).isZero();
    }

    private void run(int rounds) {
        for (int round = 0; round < rounds; round++) {
            nowNs += STEP_NS;
            int transit = put(frames[0]);
            icmp.errors4().timeExceeded(transit, 0, nowNs);
            icmp.errors4().routeError(transit, 0, 0, nowNs);
            icmp.errors4().redirect(transit, 7, 0, nowNs);
            icmp.errors4().fragmentationNeeded(transit, 1280, 0, nowNs);
            options.check(transit);
            options.forward(transit, 1, 2, 0, nowNs);
            fragmenter.fragment(transit, 300, sink);
            int transit6 = put(frames[5]);
            icmp.errors6().timeExceeded(transit6, 0, nowNs);
            icmp.errors6().packetTooBig(transit6, 1280, 0, nowNs);
            icmp.errors6().redirect(transit6, 0xfe80L << 48, 7, 7, 0, nowNs);
            bench.sent(transit6);
            for (int i = 1; i < 5; i++) {
                icmp.localDelivery().deliver4(put(frames[i]), false, 0, nowNs);
                icmp.localDelivery().deliver6(put(frames[i + 5]), 0, nowNs);
            }
        }
    }

    /// As the bench's own, but without garbage.
    private int put(byte[] frame) {
        int packet = bench.pool.allocate();
        PacketMeta meta = bench.meta;
        meta.begin(packet, frame.length, 0, 0, nowNs);
        long at = meta.frameAt(packet);
        for (int i = 0; i < frame.length; i++) {
            Wire.u8(bench.packets.segment(), at + i, frame[i]);
        }
        meta.l3(packet, PacketBench.LINK_BYTES);
        bench.ledger.received(1);
        return packet;
    }

    private static Ipv4Layer ip(String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4("10.0.0.2", target);
    }

    private static Ipv6Layer ip6(String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6("fd00::2", target);
    }

    private final class Releaser implements Output {

        @Override
        public void route(int packet, long sentNs) {
            bench.sent(packet);
        }

        @Override
        public void toNeighbour(int packet, int neighbour, long sentNs) {
            bench.sent(packet);
        }

        @Override
        public void toMac(int packet, int interfaceIndex, long targetMac, int etherType, long sentNs) {
            bench.sent(packet);
        }
    }
}
