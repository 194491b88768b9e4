package io.millrace.dataplane.reassembly;

import io.millrace.dataplane.PacketBench;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Hex;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/// The fragments in the corpus' Ethernet captures, put together here and by tshark: the same datagrams, at the same
/// frames; but for those that tshark shows although fragments overlap, contradict each other or exceed 65,535 bytes.
class ReassemblyCorpusTest {

    private static final List<String> JOINING = List.of("-o", "ip.defragment:TRUE", "-o", "ipv6.defragment:TRUE",
        "-o", "ip.check_checksum:FALSE");   // or tshark leaves out fragments whose header checksum is wrong

    private static final Pattern QUOTED = Pattern.compile("icmp(v6)?:ip");

    private final PacketBench bench = new PacketBench(4_096);
    private static final int FILES = 24;

    private final Map<String, String> unlike = new TreeMap<>();
    private int alikeCount;
    private long absorbedBefore;

    @Test
    void putsTogetherWhatTsharkDoes() {
        Tshark.required();
        List<CorpusFile> files = Corpus.required()
            .where(file -> file.isOfLinkType(1) && !file.isDamaged() && (file.has("ipfrag") || file.has("ip6frag")));
        long seed = Seeds.next();
        Corpus.sample(files, FILES, seed).forEach(this::compare);
        assertThat(unlike).as("seed %d", seed).isEmpty();
        assertThat(alikeCount).isPositive();
        assertThat(bench.ledger.unaccounted()).isZero();
        assertThat(bench.freeSlots()).isEqualTo(4_096);
    }

    private void compare(CorpusFile file) {
        Map<Integer, List<String>> expected = new HashMap<>();
        for (List<String> row : Tshark.fields(JOINING, file.path(), "frame.number", "ip.reassembled.data",
            "ipv6.reassembled.data", "frame.protocols")) {
            if (QUOTED.matcher(row.get(3)).find()) continue;   // tshark joins what errors quote, too
            String data = row.get(1) + "," + row.get(2);
            expected.put(Integer.valueOf(row.get(0)), Arrays.asList(data.replaceAll("^,|,$", "").split(",")));
        }
        var ipv4 = new Ipv4Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, ReassemblySettings.LINUX_IPV4, 1);
        var ipv6 = new Ipv6Reassembly(Arena.ofAuto(), bench.pool, bench.ledger, ReassemblySettings.LINUX_IPV6, 1);
        long refusedBefore = refused();
        int number = 0;
        for (CapturedFrame frame : CaptureFile.read(file.path()).frames()) {
            number++;
            ipv4.expire(frame.timeNs(), Integer.MAX_VALUE, ExpiredFragment.IGNORED);
            ipv6.expire(frame.timeNs(), Integer.MAX_VALUE, ExpiredFragment.IGNORED);
            int l3 = fragmentAt(frame);
            if (l3 == NONE) continue;
            int packet = bench.put(trimmed(frame.bytes(), l3));
            bench.meta.l3(packet, l3);
            boolean isIpv4 = frame.bytes()[l3] >>> 4 == 4;
            int whole = isIpv4 ? ipv4.add(packet, 0, frame.timeNs()) : ipv6.add(packet, 0, frame.timeNs());
            String where = file.name() + " " + number;
            String here = "";
            if (whole != NONE) {
                boolean isJoined = bench.ledger.absorbed() > absorbedBefore;
                if (isJoined) here = Hex.format(bench.bytes(whole, bench.meta.l4(whole)));
                absorbedBefore = bench.ledger.absorbed();
                bench.sent(whole);
            }
            boolean isRefused = here.isEmpty() && refused() > refusedBefore;
            if (!isRefused) judge(where, here, expected.getOrDefault(number, List.of("")));
        }
        ipv4.releaseHeld();
        ipv6.releaseHeld();
    }

    private long refused() {
        return bench.ledger.count(Verdict.FRAGMENTS_OVERLAP) + bench.ledger.count(Verdict.FRAGMENT_MALFORMED)
            + bench.ledger.count(Verdict.DATAGRAM_TOO_LONG);
    }

    private void judge(String where, String here, List<String> tshark) {
        if (here.equals(tshark.getFirst())) {
            if (!here.isEmpty()) alikeCount++;
        } else {
            unlike.put(where, "here " + here.length() / 2 + " bytes, tshark " + tshark.getFirst().length() / 2);
        }
    }

    /// Where the frame's outermost IP header begins if that is a fragment's, sound and all there; else `NONE`.
    private static int fragmentAt(CapturedFrame frame) {
        byte[] bytes = frame.bytes();
        if (frame.isCut()) return NONE;
        int at = 12;
        while (at + 4 < bytes.length && (u16(bytes, at) == 0x8100 || u16(bytes, at) == 0x88a8)) at += 4;
        if (at + 2 + 40 > bytes.length) return NONE;
        int l3 = at + 2;
        if (u16(bytes, at) == 0x0800 && bytes[l3] >>> 4 == 4) {
            boolean isSound = (bytes[l3] & 15) >= 5 && u16(bytes, l3 + 2) >= (bytes[l3] & 15) * 4
                && l3 + u16(bytes, l3 + 2) <= bytes.length;
            return isSound && (u16(bytes, l3 + 6) & 0x3fff) != 0 ? l3 : NONE;
        }
        boolean isIpv6 = u16(bytes, at) == 0x86dd && bytes[l3] >>> 4 == 6
            && l3 + 40 + u16(bytes, l3 + 4) <= bytes.length;
        return isIpv6 ? l3 : NONE;
    }

    private static byte[] trimmed(byte[] frame, int l3) {
        int ipBytes = frame[l3] >>> 4 == 4 ? u16(frame, l3 + 2) : 40 + u16(frame, l3 + 4);
        return Arrays.copyOf(frame, l3 + ipBytes);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
