package io.millrace.gso;

import io.millrace.gso.GsoFixture.Layout;
import io.millrace.gso.SuperFrame.Around;
import io.millrace.gso.SuperFrame.Network;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// What cannot be cut has a verdict, stays the caller's, and is left as it was.
class GsoErrorTest {

    private static final int TRANSPORT_AT = 34;
    private static final int MUTATIONS = Seeds.isFull() ? 20_000 : 100;

    private final Random random = new Random(Seeds.next());
    private final GsoFixture fixture = new GsoFixture();
    private final Segmentation segmentation = new Segmentation(fixture.pool, 1);

    @AfterEach
    void nothingLeaksAndClose() {
        fixture.assertNothingLeaks();
        fixture.close();
    }

    @Test
    void refusesPayloadNoLongerThanOneSegment() {
        assertRefused(tcp(1_000), GsoType.TCPV4, 1_000, Verdict.GSO_NOT_LONGER);
        assertRefused(udp(1_000), GsoType.UDP_L4, 1_000, Verdict.GSO_NOT_LONGER);
        assertRefused(udp(1_000), GsoType.UDP, 1_008, Verdict.GSO_NOT_LONGER);
        assertForwarded(tcp(1_001), GsoType.TCPV4, 1_000);
        assertForwarded(udp(1_001), GsoType.UDP_L4, 1_000);
        assertForwarded(udp(1_001), GsoType.UDP, 1_008);
    }

    @Test
    void refusesHeadersThatAreTooShort() {
        byte[] dataOffset = tcp(1_000);
        dataOffset[TRANSPORT_AT + 12] = 0x40;
        assertRefused(dataOffset, GsoType.TCPV4, 100, Verdict.GSO_HEADER_MALFORMED);
        byte[] headerLength = tcp(1_000);
        headerLength[14] = 0x44;
        assertRefused(headerLength, GsoType.TCPV4, 100, Verdict.GSO_HEADER_MALFORMED);
    }

    @Test
    void refusesAChecksumThatDoesNotStartAtTheTransport() {
        for (byte[] bytes : new byte[][]{tcp(1_000), udp(1_000)}) {
            int type = bytes[23] == 6 ? GsoType.TCPV4 : GsoType.UDP_L4;
            int packet = packet(bytes, type, 100);
            fixture.record.partial(packet, TRANSPORT_AT + 2, 16);
            assertVerdict(packet, Verdict.GSO_CHECKSUM_START_WRONG);
        }
    }

    @Test
    void refusesATypeThatIsNotWhatTheHeadersSay() {
        assertRefused(tcp(1_000), GsoType.TCPV6, 100, Verdict.GSO_TYPE_MISMATCH);
        assertRefused(tcp(1_000), 0, 100, Verdict.GSO_TYPE_MISMATCH);
        assertRefused(tcp(1_000), GsoType.UDP_L4, 100, Verdict.GSO_TYPE_MISMATCH);
        assertRefused(udp(1_000), GsoType.TCPV4, 100, Verdict.GSO_TYPE_MISMATCH);
        assertRefused(eth().ipv6("fd00::1", "fd00::2").tcp(1, 2).payloadOf(1_000).bytes(), GsoType.TCPV4, 100,
            Verdict.GSO_TYPE_MISMATCH);
        assertRefused(ipv4(ipv4(eth())).tcp(1, 2).payloadOf(1_000).bytes(), GsoType.TCPV4 | GsoType.IPXIP6, 100,
            Verdict.GSO_TYPE_MISMATCH);
        assertRefused(ipv4(ipv4(eth()).gre()).tcp(1, 2).payloadOf(1_000).bytes(), GsoType.TCPV4, 100,
            Verdict.GSO_TYPE_MISMATCH);
        assertRefused(ipv4(ipv4(eth()).gre()).tcp(1, 2).payloadOf(1_000).bytes(), GsoType.TCPV4 | GsoType.GRE_CSUM, 100,
            Verdict.GSO_TYPE_MISMATCH);
        assertRefused(ipv4(ipv4(eth())).udp(1, 2).payloadOf(1_000).bytes(), GsoType.UDP | GsoType.IPXIP4, 104,
            Verdict.GSO_TYPE_MISMATCH);
    }

    @Test
    void refusesProtocolsThatNobodyCuts() {
        assertRefused(ipv4(eth()).icmpEchoRequest(1, 1).payloadOf(1_000).bytes(), GsoType.TCPV4, 100,
            Verdict.GSO_PROTOCOL_UNSUPPORTED);
        assertRefused(eth().payloadOf(1_000).bytes(), GsoType.TCPV4, 100, Verdict.GSO_PROTOCOL_UNSUPPORTED);
        assertRefused(eth().ipv6("fd00::1", "fd00::2").fragment(1, 0, true).tcp(1, 2).payloadOf(1_000).bytes(),
            GsoType.TCPV6, 100, Verdict.GSO_PROTOCOL_UNSUPPORTED);
        assertRefused(eth().ipv6("fd00::1", "fd00::2").authentication(1, 1).tcp(1, 2).checksum(0).payloadOf(1_000)
            .bytes(), GsoType.TCPV6, 100, Verdict.GSO_PROTOCOL_UNSUPPORTED);
    }

    @Test
    void refusesTunnelsOfWhichItIsNotKnownWhatIsInside() {
        byte[] strange = ipv4(eth()).udp(1, 7_777).noChecksum().payloadOf(1_000).bytes();
        assertRefused(strange, GsoType.TCPV4 | GsoType.UDP_TUNNEL, 100, Verdict.GSO_TUNNEL_UNKNOWN);
        byte[] routed = ipv4(ipv4(eth()).gre().flags(0x4000)).tcp(1, 2).payloadOf(1_000).bytes();
        assertRefused(routed, GsoType.TCPV4 | GsoType.GRE, 100, Verdict.GSO_TUNNEL_UNKNOWN);
        byte[] pptp = ipv4(ipv4(eth()).gre().flags(1)).tcp(1, 2).payloadOf(1_000).bytes();
        assertRefused(pptp, GsoType.TCPV4 | GsoType.GRE, 100, Verdict.GSO_TUNNEL_UNKNOWN);
    }

    @Test
    void refusesMoreThanFiveIpHeaders() {
        Layer five = ipv4(ipv4(ipv4(ipv4(ipv4(eth())))));
        assertForwarded(five.tcp(1, 2).payloadOf(1_000).bytes(), GsoType.TCPV4 | GsoType.IPXIP4, 100);
        assertRefused(ipv4(five).tcp(1, 2).payloadOf(1_000).bytes(), GsoType.TCPV4 | GsoType.IPXIP4, 100,
            Verdict.GSO_TOO_DEEP);
    }

    @Test
    void refusesSizesThatCannotBe() {
        assertRefused(udp(1_000), GsoType.UDP, 100, Verdict.GSO_SIZE_WRONG);
        assertRefused(tcp(1_000), GsoType.TCPV4, GsoType.BY_SLOTS, Verdict.GSO_SIZE_WRONG);
        byte[] sctp = ipv4(eth()).sctp(1, 2).data(1, 0, 0, new byte[100]).bytes();
        assertRefused(sctp, GsoType.SCTP, 50, Verdict.GSO_SIZE_WRONG);
        assertRefused(sctp, GsoType.SCTP, GsoType.BY_SLOTS, Verdict.GSO_NOT_LONGER);
    }

    @Test
    void refusesMoreSegmentsThanThereIsRoomFor() {
        int packet = packet(tcp(1_000), GsoType.TCPV4, 100);
        assertThat(segmentation.segment(packet, false, new int[9])).isEqualTo(Verdict.GSO_SEGMENTS_MAX);
        int[] target = new int[10];
        assertThat(segmentation.segment(packet, false, target)).isEqualTo(Verdict.FORWARD);
        assertThat(segmentation.count()).isEqualTo(10);
        for (int segment : target) fixture.pool.release(segment);
    }

    /// Whatever number of slots is missing, none is lost, and the packet can be dropped.
    @Test
    void losesNoSlotWhenSlotsRunOut() {
        byte[] bytes = tcp(10_000);
        int missingMax = 0;
        for (int freeCount = 0; ; freeCount++) {
            int packet = packet(bytes, GsoType.TCPV4, 700);
            Burst[] taken = fixture.leave(freeCount);
            Verdict verdict = segmentation.segment(packet, false, fixture.target);
            fixture.giveBack(taken);
            if (verdict == Verdict.FORWARD) {
                fixture.frames(segmentation.count());
                break;
            }
            assertThat(verdict).isEqualTo(Verdict.NO_SLOT);
            assertThat(segmentation.count()).isZero();
            fixture.pool.release(packet);
            fixture.assertNothingLeaks();
            missingMax++;
        }
        assertThat(missingMax).as("rounds without enough slots").isPositive();
    }

    /// Headers that do not all lie in the first slot are refused wherever they are cut.
    @ParameterizedTest
    @EnumSource
    void refusesHeadersCutAtEveryLength(Around around) {
        for (Network network : Network.values()) {
            SuperFrame frame = SuperFrame.tcp(around, network, random);
            for (int firstBytes = 0; firstBytes < frame.headerBytes(); firstBytes++) {
                int packet = fixture.packet(frame, Layout.MERGED, random);
                cutFirstSlot(packet, firstBytes);
                assertThat(segmentation.segment(packet, false, fixture.target)).as("%d bytes", firstBytes)
                    .isNotEqualTo(Verdict.FORWARD);
                fixture.pool.release(packet);
            }
        }
    }

    private void cutFirstSlot(int packet, int firstBytes) {
        int second = fixture.pool.allocate();
        int cutBytes = fixture.meta.slotBytes(packet) - firstBytes;
        fixture.meta.begin(second, cutBytes, 0, 0, 0);
        Wire.copy(fixture.packets.segment(), fixture.meta.frameAt(packet) + firstBytes, fixture.packets.segment(),
            fixture.meta.frameAt(second), cutBytes);
        fixture.meta.next(second, fixture.meta.next(packet));
        fixture.meta.next(packet, second);
        if (fixture.meta.last(packet) == PacketMemory.NONE) fixture.meta.last(packet, second);
        fixture.meta.slotBytes(packet, firstBytes);
    }

    /// Headers with bytes changed at random, types and sizes at random: a verdict, or segments that hold what the
    /// packet held.
    @ParameterizedTest
    @EnumSource
    void answersEveryMutation(Around around) {
        for (int round = 0; round < MUTATIONS; round++) {
            Network network = Network.values()[round % Network.values().length];
            SuperFrame frame = switch (random.nextInt(3)) {
                case 0 -> SuperFrame.datagrams(around, network, random);
                case 1 -> SuperFrame.sctp(around, network, random);
                default -> SuperFrame.tcp(around, network, random);
            };
            int packet = fixture.packet(frame, frame.chunkBytes().length > 0 ? Layout.MERGED : Layout.RANDOM, random);
            long frameAt = fixture.meta.frameAt(packet);
            for (int i = random.nextInt(4); i >= 0; i--) {
                Wire.u8(fixture.packets.segment(), frameAt + random.nextInt(frame.headerBytes()), random.nextInt(256));
            }
            if (random.nextInt(4) == 0) fixture.meta.gsoType(packet, random.nextInt());
            if (random.nextInt(4) == 0) fixture.meta.gsoSize(packet, 40 + random.nextInt(65_000));
            int payloadBytes = frame.bytes().length;
            Verdict verdict = segmentation.segment(packet, random.nextBoolean(), fixture.target);
            if (verdict != Verdict.FORWARD) {
                assertThat(verdict).isNotEqualTo(Verdict.NO_SLOT);
                fixture.pool.release(packet);
                continue;
            }
            int sentBytes = 0;
            for (int i = 0; i < segmentation.count(); i++) {
                sentBytes += fixture.bytes(fixture.target[i]).length;
                fixture.pool.release(fixture.target[i]);
            }
            assertThat(sentBytes).isGreaterThan(payloadBytes);
        }
    }

    private void assertRefused(byte[] bytes, int type, int size, Verdict verdict) {
        assertVerdict(packet(bytes, type, size), verdict);
    }

    private void assertVerdict(int packet, Verdict verdict) {
        byte[] before = fixture.bytes(packet);
        assertThat(segmentation.segment(packet, false, fixture.target)).isEqualTo(verdict);
        assertThat(segmentation.count()).isZero();
        assertThat(fixture.bytes(packet)).isEqualTo(before);
        fixture.pool.release(packet);
    }

    private void assertForwarded(byte[] bytes, int type, int size) {
        int packet = packet(bytes, type, size);
        assertThat(segmentation.segment(packet, false, fixture.target)).isEqualTo(Verdict.FORWARD);
        fixture.frames(segmentation.count());
    }

    private int packet(byte[] bytes, int type, int size) {
        int packet = fixture.packet(bytes);
        fixture.meta.gsoType(packet, type);
        fixture.meta.gsoSize(packet, size);
        return packet;
    }

    private static Layer eth()             { return Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01"); }
    private static Layer ipv4(Layer outer) { return outer.ipv4("10.0.0.1", "10.0.0.2"); }
    private static byte[] tcp(int bytes)   { return ipv4(eth()).tcp(1, 2).payloadOf(bytes).bytes(); }
    private static byte[] udp(int bytes)   { return ipv4(eth()).udp(1, 2).payloadOf(bytes).bytes(); }
}
