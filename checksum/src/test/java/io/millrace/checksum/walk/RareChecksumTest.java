package io.millrace.checksum.walk;

import io.millrace.checksum.PacketFixture;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.Tshark;
import io.millrace.testkit.TsharkOracle;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// IGMP, DCCP and GRE checksums of the corpus have the status that the installed tshark gives them; the recorded oracle
/// has no columns for these. UDP-Lite does not occur there.
class RareChecksumTest {

    private static final int FILES_SAMPLED = 6;
    private static final int ETHERNET = 1;

    /// Another protocol inside IGMP, say PIM version 1; an IPv6 extension behind IPv4, which only tshark follows.
    private static final Pattern STRANGE = Pattern.compile(":igmp:(?!igmp)|:ip:ipv6\\.");

    private static final List<ChecksumKind> KINDS = List.of(ChecksumKind.IGMP, ChecksumKind.DCCP, ChecksumKind.GRE);
    private static final String[] FIELDS =
        {"frame.number", "frame.protocols", "igmp.checksum.status", "dccp.checksum.status", "gre.checksum.status"};

    private int comparedCount;

    @Test
    void rareChecksumsHaveTsharksStatus() {
        Corpus corpus = Corpus.required();
        TsharkOracle oracle = TsharkOracle.required();
        Tshark.required();
        long seed = Seeds.next();
        List<CorpusFile> files = new ArrayList<>();
        files.addAll(Corpus.sample(filesWith(corpus, oracle, Set.of("igmp", "dccp")), FILES_SAMPLED, seed));
        files.addAll(Corpus.sample(filesWith(corpus, oracle, Set.of("gre")), FILES_SAMPLED / 2, seed));
        try (PacketFixture fixture = new PacketFixture()) {
            files.forEach(file -> compare(fixture, file));
        }
        assertThat(comparedCount).isPositive();
    }

    private static List<CorpusFile> filesWith(Corpus corpus, TsharkOracle oracle, Set<String> layers) {
        return corpus.where(file -> file.isOfLinkType(ETHERNET) && !file.isGzipped()
            && oracle.rows(file.name()).stream().anyMatch(row -> row.protocols().stream().anyMatch(layers::contains)));
    }

    private void compare(PacketFixture fixture, CorpusFile file) {
        List<CapturedFrame> frames = file.frames();
        for (List<String> row : Tshark.fields(file.path(), FIELDS)) {
            if (STRANGE.matcher(row.get(1)).find()) continue;
            CapturedFrame frame = frames.get(Integer.parseInt(row.getFirst()) - 1);
            for (ChecksumKind kind : KINDS) {
                int column = 2 + KINDS.indexOf(kind);
                String cell = column < row.size() ? row.get(column) : "";
                List<String> theirs = cell.isEmpty() ? List.of() : Arrays.asList(cell.split(","));
                assertThat(walk(fixture, frame, kind)).as("%s %s %s", file, row.getFirst(), kind).isEqualTo(theirs);
                comparedCount += theirs.size();
            }
        }
    }

    private static List<String> walk(PacketFixture fixture, CapturedFrame frame, ChecksumKind wanted) {
        List<String> statuses = new ArrayList<>();
        int packet = fixture.packet(frame.bytes());
        if (frame.isCut()) fixture.meta.originalBytes(packet, frame.originalBytes());
        new ChecksumWalk(fixture.packets).walk(packet, (kind, status) -> {
            if (kind != wanted) return;
            statuses.add(switch (status.word()) {
                case "good" -> "1";
                case "bad" -> "0";
                default -> "2";
            });
        });
        fixture.pool.release(packet);
        return statuses;
    }
}
