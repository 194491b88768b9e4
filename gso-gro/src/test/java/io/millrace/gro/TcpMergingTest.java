package io.millrace.gro;

import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.TcpLayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What was measured of TCP on a running Linux 6.18, train by train. A packet that comes out is written as its payload
/// bytes and the numbers of the frames in it.
class TcpMergingTest {

    private static final int ETHERNET_BYTES = 14;

    private final MergingFixture queue = new MergingFixture();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void mergesThreeInOrder() {
        List<Merged> out = out(new Segments().data(100, 100, 100));
        assertThat(out).hasToString("[300B[0, 1, 2]]");
        Merged merged = out.getFirst();
        assertThat(merged.gsoSize()).isEqualTo(100);
        assertThat(merged.segments()).isEqualTo(3);
        assertThat(merged.gsoType()).isEqualTo(GsoType.TCPV4);
        assertThat(merged.ipv4Id()).isEqualTo(1);
        assertThat(merged.end()).isEqualTo(merged.bytes().length);
    }

    @Test
    void leavesASeedForTheChecksumOfTheWhole() {
        Merged merged = out(new Segments().data(100, 100, 100)).getFirst();
        byte[] bytes = merged.bytes();
        assertThat(merged.checksumState()).isEqualTo(ChecksumState.PARTIAL);
        assertThat(merged.checksumStart()).isEqualTo(ETHERNET_BYTES + 20);
        assertThat(merged.checksumOffset()).isEqualTo(16);
        assertThat(NaiveChecksum.isIpv4Valid(bytes, ETHERNET_BYTES)).isTrue();
        assertThat(Octets.u16(bytes, ETHERNET_BYTES + 2)).isEqualTo(bytes.length - ETHERNET_BYTES);
        byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(bytes, ETHERNET_BYTES + 12, 4),
            Octets.range(bytes, ETHERNET_BYTES + 16, 4), NaiveChecksum.TCP, bytes.length - ETHERNET_BYTES - 20);
        assertThat(Octets.u16(bytes, ETHERNET_BYTES + 36)).isEqualTo(NaiveChecksum.sum(pseudo, 0, pseudo.length));
    }

    @Test
    void payloadIsThatOfAllSegmentsInOrder() {
        byte[] payload = out(new Segments().data(300, 300, 7)).getFirst().payload();
        byte[] expected = new byte[607];
        for (int i = 0; i < expected.length; i++) expected[i] = (byte) (i % 300 % 251);
        assertThat(payload).isEqualTo(expected);
    }

    @Test
    void aLonePacketComesOutUntouched() {
        Segments one = new Segments().data(100);
        Merged alone = out(one).getFirst();
        assertThat(alone.bytes()).isEqualTo(one.frames().getFirst());
        assertThat(alone.gsoSize()).isZero();
        assertThat(alone.gsoType()).isZero();
    }

    @Test
    void pushEndsAPacketThatItJoins() {
        List<Merged> out = out(new Segments().data(100).tcp(100, TcpLayer::psh).data(100));
        assertThat(out).hasToString("[200B[0, 1], 100B[2]]");
        assertThat(out.getFirst().tcpFlags()).isEqualTo(TcpLayer.ACK | TcpLayer.PSH);
    }

    @Test
    void pushOnTheFirstIsNotHeld() {
        assertThat(out(new Segments().tcp(100, TcpLayer::psh).data(100, 100))).hasToString("[100B[0], 200B[1, 2]]");
    }

    @Test
    void aShorterSegmentIsTheLast() {
        assertThat(out(new Segments().data(100, 50, 100))).hasToString("[150B[0, 1], 100B[2]]");
    }

    @Test
    void aLongerSegmentBeginsAnew() {
        List<Merged> out = out(new Segments().data(100, 120, 120));
        assertThat(out).hasToString("[100B[0], 240B[1, 2]]");
        assertThat(out.getLast().gsoSize()).isEqualTo(120);
    }

    @Test
    void aChangedWindowBeginsAnew() {
        assertThat(out(new Segments().data(100).tcp(100, tcp -> tcp.window(999)).tcp(100, tcp -> tcp.window(999))))
            .hasToString("[100B[0], 200B[1, 2]]");
    }

    @Test
    void aChangedAcknowledgementBeginsAnew() {
        assertThat(out(new Segments().data(100).tcp(100, tcp -> tcp.acknowledgement(2))))
            .hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void aPureAcknowledgementStandsAlone() {
        assertThat(out(new Segments().data(100, 0, 100))).hasToString("[100B[0], 0B[1], 100B[2]]");
    }

    @Test
    void aGapIsNotMerged() {
        assertThat(out(new Segments().data(100).skip(1).data(100))).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void sequenceNumbersWrapAround() {
        assertThat(out(new Segments().skip(-1100).data(100, 100, 100))).hasToString("[300B[0, 1, 2]]");
    }

    @Test
    void fixedIdsMerge() {
        List<Merged> out = out(new Segments().ids(true, 7, 7, 7, 7));
        assertThat(out).hasToString("[400B[0, 1, 2, 3]]");
        assertThat(out.getFirst().gsoType()).isEqualTo(GsoType.TCPV4 | GsoType.TCP_FIXEDID);
        assertThat(out(new Segments().ids(true, 0, 0, 0, 0))).hasToString("[400B[0, 1, 2, 3]]");
    }

    @Test
    void countingIdsWrapAround() {
        List<Merged> out = out(new Segments().ids(true, 65534, 65535, 0, 1));
        assertThat(out).hasToString("[400B[0, 1, 2, 3]]");
        assertThat(out.getFirst().gsoType()).isEqualTo(GsoType.TCPV4);
    }

    @Test
    void theSecondSegmentSaysHowIdsGoOn() {
        assertThat(out(new Segments().ids(true, 5, 9, 10))).hasToString("[100B[0], 200B[1, 2]]");
        assertThat(out(new Segments().ids(true, 5, 5, 6))).hasToString("[200B[0, 1], 100B[2]]");
        assertThat(out(new Segments().ids(true, 5, 6, 6))).hasToString("[200B[0, 1], 100B[2]]");
    }

    @Test
    void fixedIdsMergeWithoutDontFragmentToo() {
        assertThat(out(new Segments().ids(false, 7, 7, 7))).hasToString("[300B[0, 1, 2]]");
    }

    @Test
    void dontFragmentMustAgree() {
        assertThat(out(new Segments().ids(true, 1).ids(false, 2))).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void timeToLiveMustAgree() {
        assertThat(out(new Segments().data(100).ip(100, ip -> ip.ttl(63)))).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void congestionMarksMustAgree() {
        assertThat(out(new Segments().data(100).ip(100, ip -> ip.tos(3)))).hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void congestionWindowReducedNeverMerges() {
        Segments onSecond = new Segments().data(100).tcp(100, TcpLayer::cwr).data(100, 100);
        assertThat(out(onSecond)).hasToString("[100B[0], 100B[1], 200B[2, 3]]");
        Segments onFirst = new Segments().tcp(100, TcpLayer::cwr).data(100, 100);
        assertThat(out(onFirst)).hasToString("[100B[0], 200B[1, 2]]");
        Segments onAll = new Segments().tcp(100, TcpLayer::cwr).tcp(100, TcpLayer::cwr).tcp(100, TcpLayer::cwr);
        assertThat(out(onAll)).hasToString("[100B[0], 100B[1], 100B[2]]");
    }

    @Test
    void aChangedEchoBeginsAnew() {
        assertThat(out(new Segments().data(100).tcp(100, TcpLayer::ece).tcp(100, TcpLayer::ece)))
            .hasToString("[100B[0], 200B[1, 2]]");
    }

    @Test
    void finEndsAPacketThatItJoins() {
        List<Merged> out = out(new Segments().data(100).tcp(100, TcpLayer::fin));
        assertThat(out).hasToString("[200B[0, 1]]");
        assertThat(out.getFirst().tcpFlags()).isEqualTo(TcpLayer.ACK | TcpLayer.FIN);
    }

    @Test
    void urgentDataStandsAlone() {
        assertThat(out(new Segments().data(100).tcp(100, tcp -> tcp.urgent(5)).data(100)))
            .hasToString("[100B[0], 100B[1], 100B[2]]");
    }

    @Test
    void timestampsMustAgree() {
        assertThat(out(new Segments().tcp(100, tcp -> tcp.timestamps(5, 6)).tcp(100, tcp -> tcp.timestamps(5, 6))))
            .hasToString("[200B[0, 1]]");
        assertThat(out(new Segments().tcp(100, tcp -> tcp.timestamps(5, 6)).tcp(100, tcp -> tcp.timestamps(5, 7))))
            .hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void optionsOfEveryLengthAreCompared() {
        for (int bytes = 4; bytes <= 40; bytes += 4) {
            byte[] same = new byte[bytes];
            byte[] other = new byte[bytes];
            other[bytes - 1] = 1;
            assertThat(out(new Segments().tcp(100, tcp -> tcp.options(same)).tcp(100, tcp -> tcp.options(same))))
                .hasToString("[200B[0, 1]]");
            assertThat(out(new Segments().tcp(100, tcp -> tcp.options(same)).tcp(100, tcp -> tcp.options(other))))
                .hasToString("[100B[0], 100B[1]]");
        }
    }

    @Test
    void whatIsRefusedAtOnceOvertakes() {
        assertThat(out(new Segments().data(100).ip(100, ip -> ip.options(1, 1, 1, 1)).skip(-100).data(100)))
            .as("IPv4 options").hasToString("[100B[1], 100B[0], 100B[2]]");
        assertThat(out(new Segments().ids(true, 1).tcp(100, tcp -> tcp.checksum(1)).skip(-100).ids(true, 2)))
            .as("wrong TCP checksum").hasToString("[100B[1], 200B[0, 2]]");
        assertThat(out(new Segments().ids(true, 1).ip(100, ip -> ip.moreFragments()).skip(-100).ids(true, 2)))
            .as("fragment").hasToString("[100B[1], 200B[0, 2]]");
        assertThat(out(new Segments().ids(true, 1).ip(100, ip -> ip.checksum(1)).skip(-100).ids(true, 2)))
            .as("wrong IPv4 checksum").hasToString("[100B[1], 200B[0, 2]]");
    }

    @Test
    void aPaddedFrameEndsItsFlowAndStaysInOrder() {
        Segments segments = new Segments().data(100);
        segments.data(100);
        byte[] padded = Octets.concat(segments.frames().removeLast(), new byte[6]);
        assertThat(queue.poll(segments.then(padded).data(100).frames())).extracting(Merged::frames)
            .containsExactly(List.of(0), List.of(1), List.of(2));
    }

    @Test
    void aReservedBitEndsTheFlow() {
        assertThat(out(new Segments().data(100).ip(100, ip -> ip.reservedFlag()).data(100)))
            .hasToString("[100B[0], 100B[1], 100B[2]]");
    }

    @Test
    void nineFlowsAreTooManyForABucket() {
        Segments all = new Segments();
        Segments[] flows = new Segments[9];
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < flows.length; i++) {
                if (round == 0) flows[i] = new Segments(1000 + i);
                all.then(flows[i].data(100).frames().getLast());
            }
        }
        List<Merged> out = out(all);
        assertThat(out).hasSize(18).allMatch(merged -> merged.segments() <= 1);
        assertThat(out.stream().map(merged -> merged.frames().getFirst())).isSorted();
    }

    @Test
    void eightFlowsShareABucket() {
        Segments all = new Segments();
        Segments[] flows = new Segments[8];
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < flows.length; i++) {
                if (round == 0) flows[i] = new Segments(1000 + i);
                all.then(flows[i].data(100).frames().getLast());
            }
        }
        assertThat(out(all)).hasSize(8).allMatch(merged -> merged.payloadBytes() == 300);
    }

    @Test
    void aPacketGrowsTo65535Bytes() {
        Segments segments = new Segments();
        for (int i = 0; i < 50; i++) segments.data(1460);
        List<Merged> out = out(segments);
        assertThat(out).hasSize(2);
        assertThat(out.getFirst().payloadBytes()).isEqualTo(44 * 1460);
        assertThat(out.getLast().payloadBytes()).isEqualTo(6 * 1460);
    }

    @Test
    void mergesOverIpv6() {
        Merged merged = out(new Segments().data6(100, 100, 100)).getFirst();
        assertThat(merged).hasToString("300B[0, 1, 2]");
        assertThat(merged.gsoType()).isEqualTo(GsoType.TCPV6);
        assertThat(Octets.u16(merged.bytes(), ETHERNET_BYTES + 4)).isEqualTo(320);
        byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(merged.bytes(), ETHERNET_BYTES + 8, 16),
            Octets.range(merged.bytes(), ETHERNET_BYTES + 24, 16), NaiveChecksum.TCP, 320);
        assertThat(Octets.u16(merged.bytes(), ETHERNET_BYTES + 56))
            .isEqualTo(NaiveChecksum.sum(pseudo, 0, pseudo.length));
    }

    @Test
    void everyByteOfAnIpv6HeaderThatMustAgreeDoes() {
        assertThat(out(new Segments().data6(100).data6(100, ip -> ip.flowLabel(5), layer -> layer)))
            .as("flow label").hasToString("[100B[0], 100B[1]]");
        assertThat(out(new Segments().data6(100).data6(100, ip -> ip.trafficClass(8), layer -> layer)))
            .as("traffic class").hasToString("[100B[0], 100B[1]]");
        assertThat(out(new Segments().data6(100).data6(100, ip -> ip.hopLimit(9), layer -> layer)))
            .as("hop limit").hasToString("[100B[0], 100B[1]]");
    }

    @Test
    void equalIpv6ExtensionsMerge() {
        assertThat(out(new Segments().data6(100, ip -> { }, layer -> layer.hopByHop().routerAlert(0))
            .data6(100, ip -> { }, layer -> layer.hopByHop().routerAlert(0)))).hasToString("[200B[0, 1]]");
        assertThat(out(new Segments().data6(100, ip -> { }, layer -> layer.destinationOptions().option(30, (byte) 1))
            .data6(100, ip -> { }, layer -> layer.destinationOptions().option(30, (byte) 1))))
            .hasToString("[200B[0, 1]]");
        assertThat(out(new Segments().data6(100, ip -> { }, layer -> layer.segmentRouting(0, "fd00::2"))
            .data6(100, ip -> { }, layer -> layer.segmentRouting(0, "fd00::2")))).hasToString("[200B[0, 1]]");
    }

    @Test
    void otherIpv6ExtensionsAreAnotherFlow() {
        assertThat(out(new Segments().data6(100, ip -> { }, layer -> layer.destinationOptions().option(30, (byte) 1))
            .data6(100, ip -> { }, layer -> layer.destinationOptions().option(30, (byte) 2))))
            .hasToString("[100B[0], 100B[1]]");
        assertThat(out(new Segments().data6(100, ip -> { }, layer -> layer.authentication(1, 1))
            .data6(100, ip -> { }, layer -> layer.authentication(1, 1)))).extracting(Merged::frames)
            .containsExactly(List.of(0), List.of(1));
    }

    private List<Merged> out(Segments segments) {
        return queue.poll(segments.frames());
    }
}
