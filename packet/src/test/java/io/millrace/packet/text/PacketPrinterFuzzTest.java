package io.millrace.packet.text;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.TsharkOracle;
import io.millrace.testkit.TsharkRow;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

class PacketPrinterFuzzTest {

    private static final int FILES = 60;
    private static final long FRAMES_A_FILE = Seeds.isFull() ? Long.MAX_VALUE : 200;

    private static final Set<String> LAYERS = Set.of("eth", "ethertype", "vlan", "ieee8021ad", "mpls", "pppoes", "ppp",
        "ip", "ipv6", "ipv6.hopopts", "ipv6.dstopts", "ipv6.routing", "ipv6.fraghdr", "ah",
        "tcp", "udp", "sctp", "icmp", "icmpv6", "gre", "vxlan", "geneve", "gtp");
    private static final Set<Long> GRE_TYPES = Set.of(0x0800L, 0x86ddL, 0x6558L, 0x8847L);
    /// A security option that tshark finds malformed ends its reading of the packet.
    private static final String TSHARK_STOPS_AT_OPTIONS = "suricata/bug-7414-decoder-event-01__ip_secopt.pcap";

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPrinter printer = new PacketPrinter(packets);

    @Test
    void printsSomethingForAnyBytes() {
        long seed = Seeds.next();
        var random = new Random(seed);
        int[] linkTypes = {1, 1, 1, 101, 228, 229, 113};
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = new byte[random.nextInt(PacketMemory.FRAME_BYTES_MAX + 1)];
            random.nextBytes(frame);
            given(frame, linkTypes[random.nextInt(linkTypes.length)]);
            assertPrints("seed=" + seed + ", frame " + i);
        }
    }

    @Test
    void printsSomethingForEveryDamagedFrameOfTheCorpus() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (CorpusFile file : Corpus.sample(Corpus.required().where(f -> !f.isDamaged()), FILES, seed)) {
            for (CapturedFrame captured : file.frames().stream().limit(FRAMES_A_FILE).toList()) {
                byte[] frame = captured.bytes();
                if (frame.length == 0 || frame.length > PacketMemory.FRAME_BYTES_MAX) continue;
                given(frame, captured.linkType());
                assertPrints("seed=" + seed + ", " + file);
                for (int damage = 0; damage < 4; damage++) {
                    int at = random.nextInt(Math.min(frame.length, 120));
                    Wire.u8(packets.segment(), meta.frameAt(0) + at, random.nextInt(256));
                    assertPrints("seed=" + seed + ", " + file);
                }
                meta.slotBytes(0, random.nextInt(frame.length));
                assertPrints("seed=" + seed + ", " + file);
            }
        }
    }

    /// The headers of every layer, as the lines name them, are those that tshark names. Where the text remarks on
    /// something malformed, at least the first of them.
    @Test
    void findsTheHeadersThatTsharkFinds() {
        long seed = Seeds.next();
        TsharkOracle oracle = TsharkOracle.required();
        int comparedCount = 0;
        for (CorpusFile file : Corpus.sample(Corpus.required().ofLinkType(1), FILES, seed)) {
            List<CapturedFrame> frames = file.frames();
            for (TsharkRow row : oracle.rows(file.name()).stream().limit(FRAMES_A_FILE).toList()) {
                CapturedFrame captured = frames.get(row.frame() - 1);
                if (captured.bytes().length > PacketMemory.FRAME_BYTES_MAX || !isReadByBoth(row)) continue;
                given(captured.bytes(), 1);
                if (captured.isCut()) meta.originalBytes(0, captured.originalBytes());
                String protocols = row.text("frame.protocols");
                compare(row, "seed=%d, %s, frame %d, %s".formatted(seed, file, row.frame(), protocols));
                comparedCount++;
            }
        }
        assertThat(comparedCount).isGreaterThan(FILES);
    }

    /// True if the printer reads every layer down to the last one that is compared; the rest is payload to it.
    private static boolean isReadByBoth(TsharkRow row) {
        List<String> protocols = row.protocols();
        int end = protocols.size();
        while (end > 0 && !LAYERS.contains(protocols.get(end - 1))) end--;
        boolean isGtp = protocols.contains("gtp");
        return LAYERS.containsAll(protocols.subList(0, end))
            && !row.text("frame.protocols").contains("udp:mpls")
            && (!isGtp || row.values("udp.dstport").contains("2152"))
            && GRE_TYPES.containsAll(row.numbers("gre.proto"))
            && !row.text("pcap").equals(TSHARK_STOPS_AT_OPTIONS);
    }

    private void compare(TsharkRow row, String where) {
        String lines = printer.lines(0);
        String about = where + "\n" + lines;
        boolean hasRemark = lines.startsWith("[") || lines.contains("\n  [");
        assertSame(found(lines, "IPv4 (\\S+) > "), row.values("ip.src"), hasRemark, about);
        assertSame(found(lines, "IPv6 (\\S+) > "), row.values("ipv6.src"), hasRemark, about);
        assertSame(found(lines, "IPv4 .*? ttl (\\d+)"), row.values("ip.ttl"), hasRemark, about);
        assertSame(found(lines, "TCP (\\d+) >"), row.values("tcp.srcport"), hasRemark, about);
        assertSame(found(lines, "UDP (\\d+) >"), row.values("udp.srcport"), hasRemark, about);
        assertSame(found(lines, "UDP \\d+ > (\\d+)"), row.values("udp.dstport"), hasRemark, about);
        assertSame(found(lines, "SCTP (\\d+) >"), row.values("sctp.srcport"), hasRemark, about);
        assertSame(found(lines, "MPLS \\(label (\\d+)"), row.values("mpls.label"), hasRemark, about);
        if (!row.protocols().contains("ieee8021ad")) {   // its ids are in another field of tshark
            assertSame(found(lines, "vlan (\\d+),"), row.values("vlan.id"), hasRemark, about);
        }
        if (!row.protocols().contains("icmp") && !row.protocols().contains("icmpv6")) {   // tshark omits quoted ones
            assertSame(found(lines, "TCP .*? seq (\\d+)"), row.values("tcp.seq_raw"), hasRemark, about);
        }
    }

    private static List<String> found(String lines, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile("(?m)^(?:  )?(?:\\| )?" + pattern).matcher(lines);
        while (matcher.find()) found.add(matcher.group(1));
        return found;
    }

    private static void assertSame(List<String> ours, List<String> tsharks, boolean hasRemark, String about) {
        int comparedCount = hasRemark ? Math.min(ours.size(), tsharks.size()) : tsharks.size();
        assertThat(ours).as(about).isEqualTo(tsharks.subList(0, comparedCount));
    }

    private void given(byte[] frame, int linkType) {
        meta.begin(0, frame.length, 0, 0, 0);
        meta.linkType(0, linkType);
        meta.slotBytes(0, 0);   // ends where its slot ends
        meta.dataAt(0, PacketMemory.CHUNK_BYTES - frame.length);
        meta.slotBytes(0, frame.length);
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, packets.segment(), meta.frameAt(0), frame.length);
    }

    /// What lies behind the packet must make no difference.
    private void assertPrints(String about) {
        MemorySegment behind = packets.segment().asSlice(meta.frameAt(0) + meta.slotBytes(0));
        behind.fill((byte) 0x00);
        String line = printer.line(0);
        String lines = printer.lines(0);
        behind.fill((byte) 0xff);
        assertThat(printer.line(0)).as(about).isEqualTo(line).isNotBlank().doesNotContain("\n");
        assertThat(printer.lines(0)).as(about).isEqualTo(lines).isNotBlank();
    }
}
