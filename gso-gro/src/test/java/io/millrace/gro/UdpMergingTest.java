package io.millrace.gro;

import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// What was measured of UDP on a running Linux 6.18 with `rx-udp-gro-forwarding` on, train by train.
class UdpMergingTest {

    private static final int ETHERNET_BYTES = 14;

    private final MergingFixture queue = MergingFixture.forwardingUdp();
    private int id = 1;

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void isOffByDefault() {
        try (var standard = new MergingFixture()) {
            assertThat(standard.poll(datagrams(100, 100))).hasToString("[100B[0], 100B[1]]");
        }
    }

    @Test
    void mergesDatagramsOfOneSize() {
        Merged merged = queue.poll(datagrams(100, 100, 100)).getFirst();
        byte[] bytes = merged.bytes();
        assertThat(merged).hasToString("300B[0, 1, 2]");
        assertThat(merged.gsoType()).isEqualTo(GsoType.UDP_L4);
        assertThat(merged.gsoSize()).isEqualTo(100);
        assertThat(merged.segments()).isEqualTo(3);
        assertThat(merged.checksumState()).isEqualTo(ChecksumState.PARTIAL);
        assertThat(merged.checksumStart()).isEqualTo(ETHERNET_BYTES + 20);
        assertThat(merged.checksumOffset()).isEqualTo(6);
        assertThat(Octets.u16(bytes, ETHERNET_BYTES + 24)).as("UDP length").isEqualTo(308);
        byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(bytes, ETHERNET_BYTES + 12, 4),
            Octets.range(bytes, ETHERNET_BYTES + 16, 4), NaiveChecksum.UDP, 308);
        assertThat(Octets.u16(bytes, ETHERNET_BYTES + 26)).isEqualTo(NaiveChecksum.sum(pseudo, 0, pseudo.length));
    }

    @Test
    void sixtyFourDatagramsAreFull() {
        List<Merged> out = queue.poll(datagrams(IntStream.generate(() -> 100).limit(70).toArray()));
        assertThat(out).extracting(Merged::payloadBytes).containsExactly(6400, 600);
    }

    @Test
    void aShorterDatagramIsTheLast() {
        assertThat(queue.poll(datagrams(100, 50, 100))).hasToString("[150B[0, 1], 100B[2]]");
    }

    @Test
    void aLongerDatagramBeginsAnew() {
        assertThat(queue.poll(datagrams(100, 200, 200))).hasToString("[100B[0], 400B[1, 2]]");
    }

    @Test
    void anEmptyDatagramGoesOnAtOnce() {
        assertThat(queue.poll(datagrams(100, 0, 100))).hasToString("[0B[1], 100B[0], 100B[2]]");
    }

    @Test
    void aMissingChecksumIsNotMerged() {
        byte[] without = ipv4().udp(1111, 2222).noChecksum().payloadOf(100).bytes();
        assertThat(queue.poll(without, without)).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void aWrongChecksumIsNotMerged() {
        byte[] wrong = ipv4().udp(1111, 2222).checksum(1).payloadOf(100).bytes();
        assertThat(queue.poll(wrong, wrong)).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void fixedIdsAreRemembered() {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            id = 7;
            frames.add(datagrams(100).getFirst());
        }
        Merged merged = queue.poll(frames).getFirst();
        assertThat(merged).hasToString("300B[0, 1, 2]");
        assertThat(merged.gsoType()).isEqualTo(GsoType.UDP_L4 | GsoType.TCP_FIXEDID);
    }

    @Test
    void otherPortsAreAnotherFlow() {
        byte[] one = ipv4().udp(1111, 2222).payloadOf(100).bytes();
        byte[] other = ipv4().udp(1111, 2223).payloadOf(100).bytes();
        byte[] again = ipv4().udp(1111, 2222).payloadOf(100).bytes();
        assertThat(queue.poll(one, other, again)).extracting(Merged::frames)
            .containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void mergesOverIpv6() {
        byte[] datagram = Segments.ethernet().ipv6("fd00::1", "fd00::2").udp(1111, 2222).payloadOf(100).bytes();
        Merged merged = queue.poll(datagram, datagram).getFirst();
        assertThat(merged).hasToString("200B[0, 1]");
        assertThat(merged.gsoType()).isEqualTo(GsoType.UDP_L4);
    }

    private List<byte[]> datagrams(int... payloadBytes) {
        List<byte[]> frames = new ArrayList<>();
        for (int bytes : payloadBytes) frames.add(ipv4().udp(1111, 2222).payloadOf(bytes).bytes());
        return frames;
    }

    private Layer ipv4() {
        return Segments.ethernet().ipv4("10.0.0.1", "10.0.0.2").ttl(64).dontFragment().identification(id++);
    }
}
