package io.millrace.gso;

import io.millrace.checksum.transmit.DeviceChecksums;
import io.millrace.gso.DeviceSegmentation.Grade;
import io.millrace.gso.GsoFixture.Layout;
import io.millrace.gso.SuperFrame.Around;
import io.millrace.gso.SuperFrame.Network;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// Who cuts: the device where it can do all of it, else this host.
class GsoHelpTest {

    private static final int INNERMOST_ROUNDS = 20;
    private static final DeviceSegmentation SUMS_ONLY = DeviceSegmentation.cutsNothing(DeviceChecksums.ANYTHING);
    private static final DeviceSegmentation INNERMOST = new DeviceSegmentation(Grade.INNERMOST,
        DeviceSegmentation.BYTES_MAX, DeviceSegmentation.BYTES_MAX, DeviceSegmentation.SEGMENTS_MAX,
        DeviceChecksums.ANYTHING);

    private static final long OUTER_TARGET = 0xc0000202L;
    private static final long INNER_TARGET = 0x0a000002L;

    private final Random random = new Random(Seeds.next());
    private final GsoFixture fixture = new GsoFixture();
    private final PacketMeta meta = fixture.meta;
    private final GsoHelp help = new GsoHelp(fixture.pool, 1);

    @AfterEach
    void nothingLeaksAndClose() {
        fixture.assertNothingLeaks();
        fixture.close();
    }

    @Test
    void leavesPacketsThatAreNoSuperPackets() {
        int packet = fixture.packet(frame().tcp(1, 2).payloadOf(100).bytes());
        assertLeft(packet, DeviceSegmentation.NOTHING);
    }

    @Test
    void leavesSuperPacketsToADeviceThatDoesEverything() {
        assertLeft(superPacket(10_000, GsoType.TCPV4), DeviceSegmentation.EVERYTHING);
        int dodgy = superPacket(10_000, GsoType.TCPV4 | GsoType.DODGY);
        meta.gsoSegments(dodgy, 0);
        assertThat(help.gsoHelp(dodgy, DeviceSegmentation.EVERYTHING, fixture.target)).isEqualTo(Verdict.FORWARD);
        assertThat(meta.gsoSegments(dodgy)).as("counted again").isEqualTo(10);
        fixture.pool.release(dodgy);
    }

    @Test
    void validatesWhatIsDodgyEvenForADeviceThatDoesEverything() {
        int packet = superPacket(10_000, GsoType.TCPV6 | GsoType.DODGY);
        assertThat(help.gsoHelp(packet, DeviceSegmentation.EVERYTHING, fixture.target))
            .isEqualTo(Verdict.GSO_TYPE_MISMATCH);
        assertThat(help.count()).isZero();
        fixture.pool.release(packet);
    }

    @Test
    void cutsForADeviceThatCutsNothing() {
        assertCut(DeviceSegmentation.NOTHING, ChecksumState.NONE);
        assertCut(SUMS_ONLY, ChecksumState.PARTIAL);
        assertCut(DeviceSegmentation.cutsNothing(DeviceChecksums.CLASSIC), ChecksumState.PARTIAL);
    }

    /// Without the checksum of each segment a device cannot cut, whatever it says of itself.
    @Test
    void cutsForADeviceThatFillsInNoChecksums() {
        assertCut(new DeviceSegmentation(Grade.EVERYTHING, 65_536, 65_536, 65_535, DeviceChecksums.NOTHING),
            ChecksumState.NONE);
    }

    @Test
    void cutsWhatIsBeyondTheLimitsOfTheDevice() {
        int bytes = 14 + 20 + 20 + 10_000;
        assertCut(everythingUpTo(65_536, bytes, 65_535), ChecksumState.PARTIAL);
        assertCut(everythingUpTo(65_536, 65_536, 9), ChecksumState.PARTIAL);
        assertLeft(superPacket(10_000, GsoType.TCPV4), everythingUpTo(0, bytes + 1, 10));
    }

    /// IPv6 has a limit of its own.
    @Test
    void measuresIpv6ByItsOwnLimit() {
        byte[] bytes = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv6("fd00::1", "fd00::2").tcp(1, 2)
            .partialChecksum().payloadOf(5_000).bytes();
        SuperFrame frame = new SuperFrame(bytes, GsoType.TCPV6, 1_000, 54, 74, 16, true, new int[0], null);
        assertLeft(fixture.packet(frame, Layout.FULL, random), everythingUpTo(bytes.length + 1, 0, 65_535));
        int packet = fixture.packet(frame, Layout.FULL, random);
        assertThat(help.gsoHelp(packet, everythingUpTo(bytes.length, 65_536, 65_535), fixture.target))
            .isEqualTo(Verdict.FORWARD);
        assertThat(help.count()).isEqualTo(5);
        fixture.frames(5);
    }

    @Test
    void refusesLimitsThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> everythingUpTo(524_281, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> everythingUpTo(0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> everythingUpTo(0, 0, 65_536));
    }

    @Test
    void leavesPlainPacketsToADeviceThatCutsTheInnermost() {
        assertLeft(superPacket(10_000, GsoType.TCPV4), INNERMOST);
    }

    /// What such a device is given, cut by a device that repeats all headers but the innermost, is what the naive
    /// segmenter makes, but for the ids of the outer headers, which such a device repeats.
    @ParameterizedTest
    @EnumSource
    void preparesTunnelsForADeviceThatCutsTheInnermost(Around around) {
        for (int round = 0; round < INNERMOST_ROUNDS; round++) {
            Network network = random.nextBoolean() ? Network.IPV4 : Network.IPV6;
            SuperFrame made = SuperFrame.tcp(around, network, random);
            SuperFrame frame = new SuperFrame(made.bytes(), made.gsoType(), made.gsoSize(), made.transportAt(),
                made.headerBytes(), 16, made.isPartial(), new int[0], made.oracle());
            int packet = fixture.packet(frame, Layout.values()[random.nextInt(3)], random);
            assertThat(help.gsoHelp(packet, INNERMOST, fixture.target)).isEqualTo(Verdict.FORWARD);
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < help.count(); i++) {
                if (around.isTunnel()) assertWhole(fixture.target[i], frame);
                sent.addAll(cutInnermost(fixture.target[i], frame, network));
            }
            List<byte[]> expected = frame.oracle().cut(frame.bytes());
            assertThat(sent).hasSameSizeAs(expected);
            for (int i = 0; i < sent.size(); i++) {
                byte[] wanted = expected.get(i);
                if (around.isTunnel()) assertThat(withoutIds(sent.get(i), frame)).isEqualTo(withoutIds(wanted, frame));
            }
        }
    }

    private void assertWhole(int packet, SuperFrame frame) {
        int payloadBytes = meta.packetBytes(packet) - frame.headerBytes();
        if (meta.gsoSize(packet) == 0) {
            assertThat(payloadBytes).isLessThanOrEqualTo(frame.gsoSize());
        } else {
            assertThat(meta.gsoType(packet) & (GsoType.PARTIAL | GsoType.DODGY)).isEqualTo(GsoType.PARTIAL);
            assertThat(payloadBytes).isEqualTo(meta.gsoSegments(packet) * frame.gsoSize());
        }
    }

    /// A device in three lines: it repeats headers, moves the sequence number on and fills in the innermost checksum,
    /// whose seed it corrects by the length.
    private List<byte[]> cutInnermost(int packet, SuperFrame frame, Network network) {
        byte[] bytes = fixture.bytes(packet);
        int size = meta.gsoSize(packet) == 0 ? bytes.length : meta.gsoSize(packet);
        boolean isPartial = fixture.record.state(packet) == ChecksumState.PARTIAL;
        fixture.pool.release(packet);
        List<byte[]> cut = new ArrayList<>();
        int headerBytes = frame.headerBytes();
        for (int at = headerBytes; at < bytes.length; at += size) {
            int payloadBytes = Math.min(size, bytes.length - at);
            byte[] segment = Octets.concat(Octets.range(bytes, 0, headerBytes), Octets.range(bytes, at, payloadBytes));
            int tcp = frame.transportAt();
            Octets.u32(segment, tcp + 4, Octets.u32(bytes, tcp + 4) + at - headerBytes & 0xffff_ffffL);
            boolean isLast = at + payloadBytes == bytes.length;
            if (!isLast) segment[tcp + 13] &= (byte) ~0x09;
            if (at > headerBytes && (frame.gsoType() & GsoType.TCP_ACCECN) == 0) segment[tcp + 13] &= (byte) ~0x80;
            assertThat(isPartial).isTrue();
            int seed = Octets.u16(bytes, tcp + 16);
            int longer = bytes.length - segment.length;
            Octets.u16(segment, tcp + 16, (seed - longer % 0xffff + 2 * 0xffff) % 0xffff);
            int sum = NaiveChecksum.sum(segment, tcp, segment.length - tcp);
            Octets.u16(segment, tcp + 16, ~sum & 0xffff);
            cut.add(segment);
        }
        return cut;
    }

    /// The frame without IPv4 ids and what sums them: header checksums and those of tunnels.
    private static byte[] withoutIds(byte[] frame, SuperFrame superFrame) {
        byte[] masked = frame.clone();
        for (int at = 14; at + 20 <= superFrame.transportAt(); at += 2) {
            long target = Octets.u32(masked, at + 16);
            boolean isIpv4 = masked[at] == 0x45 && (target == OUTER_TARGET || target == INNER_TARGET);
            if (!isIpv4) continue;
            Octets.u16(masked, at + 4, 0);
            Octets.u16(masked, at + 10, 0);
        }
        return masked;
    }

    private void assertCut(DeviceSegmentation device, int checksumState) {
        int packet = superPacket(10_000, GsoType.TCPV4);
        assertThat(help.gsoHelp(packet, device, fixture.target)).isEqualTo(Verdict.FORWARD);
        assertThat(help.count()).isEqualTo(10);
        for (int i = 0; i < 10; i++) {
            assertThat(meta.checksumState(fixture.target[i])).isEqualTo(checksumState);
        }
        fixture.frames(10);
    }

    private void assertLeft(int packet, DeviceSegmentation device) {
        byte[] before = fixture.bytes(packet);
        assertThat(help.gsoHelp(packet, device, fixture.target)).isEqualTo(Verdict.FORWARD);
        assertThat(help.count()).isEqualTo(1);
        assertThat(fixture.target[0]).isEqualTo(packet);
        assertThat(fixture.bytes(packet)).isEqualTo(before);
        fixture.pool.release(packet);
    }

    private int superPacket(int payloadBytes, int type) {
        byte[] bytes = frame().tcp(1, 2).partialChecksum().payloadOf(payloadBytes).bytes();
        var frame = new SuperFrame(bytes, type, 1_000, 34, 54, 16, true, new int[0], null);
        int packet = fixture.packet(frame, Layout.FULL, random);
        meta.gsoSegments(packet, (payloadBytes + 999) / 1_000);
        return packet;
    }

    private static DeviceSegmentation everythingUpTo(int bytesMax, int ipv4BytesMax, int segmentsMax) {
        return new DeviceSegmentation(Grade.EVERYTHING, bytesMax, ipv4BytesMax, segmentsMax, DeviceChecksums.ANYTHING);
    }

    private static Ipv4Layer frame() {
        return Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2").dontFragment();
    }
}
