package io.millrace.checksum.walk;

import io.millrace.checksum.PacketFixture;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.TsharkOracle;
import io.millrace.testkit.TsharkRow;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// Every checksum of the corpus has the status that tshark gives it.
///
/// tshark looks into more than a walk does: into packets quoted by ICMP errors, into sampled and mirrored packets that
/// applications carry, into a few rare encapsulations. Its first layer that a walk does not enter ends the comparison.
/// Where the two judge one checksum differently, `tshark-differences.tsv` says why, packet by packet.
class TsharkStatusTest {

    private static final Set<Integer> LINK_TYPES = Set.of(0, 1, 12, 14, 101, 108, 113, 228, 229, 276);

    /// Layers as tshark names them, and what it prints before and between them.
    private static final Set<String> ENTERED = Set.of("eth", "ethertype", "null", "raw", "sll", "vlan", "mpls",
        "pppoes", "ppp", "ip", "ipv6", "ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts", "ah", "gre",
        "erspan", "etherip", "udp", "vxlan", "geneve", "gtp", "teredo", "tcp", "sctp", "icmp", "icmpv6");

    /// What they carry is payload to a walk.
    private static final Set<String> LAST = Set.of("tcp", "sctp", "icmp", "icmpv6");

    private static final Map<ChecksumKind, String> LAYERS = Map.of(ChecksumKind.IP, "ip", ChecksumKind.TCP, "tcp",
        ChecksumKind.UDP, "udp", ChecksumKind.SCTP, "sctp", ChecksumKind.ICMP, "icmp", ChecksumKind.ICMPV6, "icmpv6");

    private final Set<String> expectedDifferences = expectedDifferences();
    private final Set<String> metDifferences = new HashSet<>();
    private int comparedCount;

    @Test
    void statusOfEveryChecksumOfTheCorpusIsTsharks() {
        Corpus corpus = Corpus.required();
        TsharkOracle oracle = TsharkOracle.required();
        List<String> unexpected = new ArrayList<>();
        try (PacketFixture fixture = new PacketFixture()) {
            for (CorpusFile file : corpus.files()) {
                unexpected.addAll(differences(fixture, file, oracle.rows(file.name())));
            }
        }
        assertThat(unexpected).isEmpty();
        assertThat(metDifferences).isEqualTo(expectedDifferences);
        assertThat(comparedCount).isGreaterThan(80_000);
    }

    private List<String> differences(PacketFixture fixture, CorpusFile file, List<TsharkRow> rows) {
        List<String> found = new ArrayList<>();
        if (rows.isEmpty()) return found;
        List<CapturedFrame> frames = file.frames();
        for (TsharkRow row : rows) {
            if (row.frame() > frames.size()) break;   // the file is damaged, and tshark reads on differently
            CapturedFrame frame = frames.get(row.frame() - 1);
            if (!LINK_TYPES.contains(frame.linkType())) continue;
            Map<ChecksumKind, List<Integer>> ours = walk(fixture, frame);
            List<String> entered = entered(row.protocols());
            LAYERS.forEach((kind, layer) -> {
                List<Integer> theirs = theirs(row, layer, entered);
                comparedCount += theirs.size();
                if (theirs.equals(ours.getOrDefault(kind, List.of()))) return;
                String place = file.name() + " " + row.frame() + " " + layer;
                if (expectedDifferences.contains(place)) {
                    metDifferences.add(place);
                } else {
                    found.add(place + ": " + ours + ", tshark " + theirs + " of " + row.protocols());
                }
            });
        }
        return found;
    }

    private static Map<ChecksumKind, List<Integer>> walk(PacketFixture fixture, CapturedFrame frame) {
        Map<ChecksumKind, List<Integer>> statuses = new EnumMap<>(ChecksumKind.class);
        int packet = fixture.packet(frame.bytes());
        fixture.meta.linkType(packet, frame.linkType());
        if (frame.isCut()) fixture.meta.originalBytes(packet, frame.originalBytes());
        new ChecksumWalk(fixture.packets).walk(packet, (kind, status) ->
            statuses.computeIfAbsent(kind, first -> new ArrayList<>()).add(switch (status.word()) {
                case "bad" -> 0;
                case "good" -> 1;
                case "absent" -> 3;
                case "illegal" -> 4;
                default -> 2;
            }));
        fixture.pool.release(packet);
        return statuses;
    }

    private static List<String> entered(List<String> layers) {
        List<String> entered = new ArrayList<>();
        for (String layer : layers) {
            if (!ENTERED.contains(layer)) break;
            entered.add(layer);
            if (LAST.contains(layer)) break;
        }
        return entered;
    }

    private static List<Integer> theirs(TsharkRow row, String layer, List<String> entered) {
        List<Integer> statuses = row.numbers(layer + ".checksum.status").stream().map(Long::intValue).toList();
        int enteredCount = (int) entered.stream().filter(layer::equals).count();
        return statuses.subList(0, Math.min(enteredCount, statuses.size()));
    }

    private static Set<String> expectedDifferences() {
        try (var file = TsharkStatusTest.class.getResourceAsStream("tshark-differences.tsv")) {
            Set<String> places = new HashSet<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> places.add(String.join(" ", List.of(line.split("\t")).subList(0, 3))));
            return places;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
