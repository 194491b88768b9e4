package io.millrace.gso;

import io.millrace.gso.GsoFixture.Layout;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveSegmenter;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Project;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Super-packets worked out by hand, and the table of the kernel's own test of UDP segmentation.
class GsoExamplesTest {

    private static final int SEGMENTS_MAX_OF_A_SOCKET = 128;
    private static final int MTU = 1_500;
    private static final int IP_BYTES_MAX = 65_535;

    private final GsoFixture fixture = new GsoFixture();
    private final PacketMeta meta = fixture.meta;
    private final Segmentation segmentation = new Segmentation(fixture.pool, 1);

    @AfterEach
    void nothingLeaksAndClose() {
        fixture.assertNothingLeaks();
        fixture.close();
    }

    /// 4,000 bytes by 1,448, with timestamps, CWR and PSH.
    @Test
    void cutsTheWorkedExample() {
        byte[] bytes = ipv4().identification(100).dontFragment().tcp(1, 2).sequence(1_000).ack().psh().cwr().nop().nop()
            .timestamps(1, 2).partialChecksum().payloadOf(4_000).bytes();
        List<byte[]> cut = cut(bytes, GsoType.TCPV4 | GsoType.TCP_ECN, 1_448, 34, 66, 16);
        assertThat(cut).extracting(segment -> segment.length - 14).containsExactly(1_500, 1_500, 1_156);
        assertThat(cut).extracting(segment -> Octets.u16(segment, 16)).containsExactly(1_500, 1_500, 1_156);
        assertThat(cut).extracting(segment -> Octets.u16(segment, 18)).containsExactly(100, 101, 102);
        assertThat(cut).extracting(segment -> Octets.u16(segment, 20)).containsOnly(0x4000);
        assertThat(cut).extracting(segment -> Octets.u32(segment, 38)).containsExactly(1_000L, 2_448L, 3_896L);
        assertThat(cut).extracting(segment -> Octets.u8(segment, 47)).containsExactly(0x90, 0x10, 0x18);
        assertThat(cut).containsExactlyElementsOf(new NaiveSegmenter(1_448).cut(bytes));
    }

    /// The measured fragments of 104 bytes: one id, offsets in units of 8, DF gone.
    @Test
    void cutsTheMeasuredFragments() {
        byte[] bytes = ipv4().identification(7).dontFragment().udp(1, 2).partialChecksum().payloadOf(300).bytes();
        List<byte[]> cut = cut(bytes, GsoType.UDP, 104, 34, 34, 6);
        assertThat(cut).extracting(segment -> Octets.u16(segment, 18)).containsOnly(7);
        assertThat(cut).extracting(segment -> Octets.u16(segment, 20)).containsExactly(0x2000, 0x200d, 0x001a);
    }

    /// Merged packets cut again: no payload moves, no slot is taken or freed.
    @Test
    void cutsWhatWasMergedWithoutMovingPayload() {
        byte[] bytes = ipv4().tcp(1, 2).partialChecksum().payloadOf(10_000).bytes();
        var frame = new SuperFrame(bytes, GsoType.TCPV4, 1_000, 34, 54, 16, true, new int[0], null);
        int packet = fixture.packet(frame, Layout.MERGED, new Random(1));
        int[] slots = new int[10];
        long[] ends = new long[10];
        int slot = packet;
        for (int i = 0; i < 10; i++, slot = meta.next(slot)) {
            slots[i] = slot;
            ends[i] = meta.frameAt(slot) + meta.slotBytes(slot);
        }
        var none = fixture.leave(0);
        assertThat(segmentation.segment(packet, false, fixture.target)).isEqualTo(Verdict.FORWARD);
        for (int i = 0; i < 10; i++) {
            assertThat(fixture.target[i]).isEqualTo(slots[i]);
            assertThat(meta.frameAt(slots[i]) + meta.slotBytes(slots[i])).isEqualTo(ends[i]);
            assertThat(meta.isChain(slots[i])).isFalse();
        }
        fixture.giveBack(none);
        fixture.frames(10);
    }

    /// BIG TCP: 100,000 bytes of payload, with the jumbo header that Linux before 6.18 carries, and without.
    @Test
    void cutsIpv6PacketsLongerThanTheirHeaderCanSay() {
        for (boolean hasJumbo : new boolean[]{true, false}) {
            Layer ip = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv6("fd00::1", "fd00::2")
                .payloadBytes(0);
            if (hasJumbo) ip = ip.hopByHop().option(0xc2, new byte[]{0, 1, (byte) 0x86, (byte) 0xb4});
            byte[] bytes = ip.tcp(1, 2).sequence(5).partialChecksum().payloadOf(100_000).bytes();
            int transportAt = hasJumbo ? 62 : 54;
            List<byte[]> cut = cut(bytes, GsoType.TCPV6, 1_440, transportAt, transportAt + 20, 16);
            assertThat(cut).hasSize(70);
            assertThat(cut.getFirst()).hasSize(74 + 1_440);
            assertThat(cut).containsExactlyElementsOf(new NaiveSegmenter(1_440).cut(bytes));
        }
    }

    /// Whoever parses another port as VXLAN says where the inner packet is.
    @Test
    void cutsTunnelsOnPortsThatOnlyTheMetadataKnows() {
        byte[] usual = ipv4().udp(7, 4789).noChecksum().vxlan(1).ethernet("02:00:00:00:00:04", "02:00:00:00:00:03")
            .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).partialChecksum().payloadOf(3_000).bytes();
        byte[] moved = usual.clone();
        Octets.u16(moved, 36, 8_472);
        int packet = fixture.packet(usual);
        int other = fixture.packet(moved);
        meta.innerL3(other, meta.innerL3(packet));
        fixture.pool.release(packet);
        meta.gsoType(other, GsoType.TCPV4 | GsoType.UDP_TUNNEL);
        meta.gsoSize(other, 1_000);
        assertThat(segmentation.segment(other, false, fixture.target)).isEqualTo(Verdict.FORWARD);
        List<byte[]> cut = fixture.frames(segmentation.count());
        List<byte[]> expected = new NaiveSegmenter(1_000).udpTunnel(false).cut(usual);
        expected = expected.stream().map(byte[]::clone).toList();
        expected.forEach(segment -> Octets.u16(segment, 36, 8_472));
        assertThat(cut).containsExactlyElementsOf(expected);
    }

    @Test
    void measuresASuperPacketByItsSegments() {
        SegmentBytes bytes = new SegmentBytes(fixture.packets);
        int packet = fixture.packet(ipv4().tcp(1, 2).payloadOf(3_000).bytes());
        assertThat(bytes.network(packet)).isEqualTo(3_040);
        meta.gsoType(packet, GsoType.TCPV4);
        meta.gsoSize(packet, 1_448);
        assertThat(bytes.network(packet)).isEqualTo(1_488);
        fixture.pool.release(packet);
        int datagram = fixture.packet(ipv4().udp(1, 2).payloadOf(3_000).bytes());
        meta.gsoType(datagram, GsoType.UDP);
        meta.gsoSize(datagram, 1_480);
        assertThat(bytes.network(datagram)).isEqualTo(1_500);
        fixture.pool.release(datagram);
    }

    /// `udpgso_kernel.tsv`: what a socket refuses has a reason that can be told beforehand; what it lets through is cut
    /// into as many datagrams, the last as long as the table says.
    @Test
    void agreesWithTheKernelsTableOfUdpSegmentation() throws IOException {
        Path table = Project.corpus().resolve("tables/udpgso_kernel.tsv");
        Assumptions.assumeTrue(Files.isReadable(table), () -> "no table at " + table);
        List<String> rows = Files.readAllLines(table).stream()
            .filter(line -> !line.startsWith("#") && !line.startsWith("family")).toList();
        assertThat(rows).hasSizeGreaterThan(20);
        for (String row : rows) {
            String[] cells = row.split("\t");
            int payload = Integer.parseInt(cells[1]);
            int size = Integer.parseInt(cells[2]);
            boolean isIpv6 = cells[0].equals("v6");
            boolean isPassed = cells[5].equals("1");
            assertThat(isSendable(isIpv6, payload, size)).as(row).isEqualTo(isPassed);
            if (!isPassed || size == 0 || payload <= size) continue;
            assertCutAsTheTableSays(row, isIpv6, payload, size, Integer.parseInt(cells[3]), Integer.parseInt(cells[4]));
        }
    }

    private static boolean isSendable(boolean isIpv6, int payload, int size) {
        int ipBytes = isIpv6 ? 40 : 20;
        int datagramMax = isIpv6 ? IP_BYTES_MAX - 8 : IP_BYTES_MAX - 28;
        boolean fits = payload <= datagramMax && ipBytes + 8 + (size == 0 ? payload : Math.min(size, payload)) <= MTU;
        return fits && (size == 0 || payload <= (long) size * SEGMENTS_MAX_OF_A_SOCKET);
    }

    private void assertCutAsTheTableSays(String row, boolean isIpv6, int payload, int size, int full, int last) {
        Layer ethernet = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01");
        Layer ip = isIpv6 ? ethernet.ipv6("fd00::1", "fd00::2") : ethernet.ipv4("10.0.0.1", "10.0.0.2");
        byte[] bytes = ip.udp(1, 2).partialChecksum().payloadOf(payload).bytes();
        int headerBytes = bytes.length - payload;
        List<byte[]> cut = cut(bytes, GsoType.UDP_L4, size, headerBytes - 8, headerBytes, 6);
        assertThat(cut).as(row).hasSize(full + (last > 0 ? 1 : 0));
        assertThat(cut.getLast()).as(row).hasSize(headerBytes + (last > 0 ? last : size));
        assertThat(cut).as(row).containsExactlyElementsOf(new NaiveSegmenter(size).cut(bytes));
    }

    private List<byte[]> cut(byte[] bytes, int type, int size, int transportAt, int headerBytes, int checksumOffset) {
        var frame = new SuperFrame(bytes, type, size, transportAt, headerBytes, checksumOffset, true, new int[0], null);
        int packet = fixture.packet(frame, Layout.FULL, new Random(1));
        assertThat(packet).isNotEqualTo(PacketMemory.NONE);
        assertThat(segmentation.segment(packet, false, fixture.target)).isEqualTo(Verdict.FORWARD);
        return fixture.frames(segmentation.count());
    }

    private static Ipv4Layer ipv4() {
        return Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2");
    }
}
