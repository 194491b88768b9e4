package io.millrace.packet.parse;

import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.graph.Node;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.TsharkOracle;
import io.millrace.testkit.TsharkRow;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/// The default graph against tshark, on every packet of the corpus of a link type that it has a root for. What differs
/// is listed in `parse/tshark-differences.tsv`, each with its reason; a difference that is not listed fails, and so
/// does a listed one that is gone.
class TsharkComparisonTest {

    private static final String LIST = "/parse/tshark-differences.tsv";

    private final TwoParsers parsers = new TwoParsers(ShippedGraph.DEFAULT.load());
    private final Set<String> known = parsers.program().graph().nodes().stream().map(Node::layer)
        .collect(Collectors.toSet());
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, String> examples = new TreeMap<>();
    private int comparedCount;

    @Test
    void agreesWithTsharkButForTheListedDifferences() throws IOException {
        Set<Integer> linkTypes = parsers.program().graph().roots().keySet();
        TsharkOracle oracle = TsharkOracle.required();
        for (CorpusFile file : Corpus.required().files()) {
            List<CapturedFrame> frames = file.frames();
            List<TsharkRow> rows = oracle.rows(file.name());
            for (int i = 0; i < Math.min(rows.size(), frames.size()); i++) {
                if (linkTypes.contains(frames.get(i).linkType())) compare(file, frames.get(i), rows.get(i));
            }
        }
        assertThat(comparedCount).isGreaterThan(58_000);
        Set<String> unlisted = new LinkedHashSet<>();
        Map<String, Integer> listed = listed();
        counts.forEach((place, count) -> {
            if (!count.equals(listed.remove(place))) unlisted.add(place + "\t" + count + "\t" + examples.get(place));
        });
        assertThat(unlisted).as("not listed, or with another count").isEmpty();
        assertThat(listed).as("listed, but no longer found").isEmpty();
    }

    private void compare(CorpusFile file, CapturedFrame frame, TsharkRow row) {
        comparedCount++;
        int outcome = parsers.parse(frame.bytes(), frame.linkType());
        Map<String, String> differences = new TsharkView(row, known).differences(parsers, outcome);
        if (differences.isEmpty()) return;
        String place = file.name() + "\t" + String.join(" ", differences.keySet());
        counts.merge(place, 1, Integer::sum);
        examples.putIfAbsent(place, ParseOutcome.result(outcome) + " frame " + row.frame() + " "
            + row.text("frame.protocols") + " " + differences);
    }

    /// Capture and columns, separated by a tab, to the number of packets.
    private static Map<String, Integer> listed() throws IOException {
        Map<String, Integer> listed = new TreeMap<>();
        try (InputStream list = TsharkComparisonTest.class.getResourceAsStream(LIST)) {
            for (String line : new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.isBlank() || line.startsWith("#")) continue;
                String[] cells = line.split("\t");
                assertThat(cells).as("capture, columns, packets, reason: %s", line).hasSize(4);
                listed.put(cells[0] + "\t" + cells[1], Integer.valueOf(cells[2]));
            }
        }
        return listed;
    }
}
