package io.millrace.packet.parse;

import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.EnumMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// Host and device agree on every packet of the corpus.
class CorpusAgreementTest {

    @ParameterizedTest
    @EnumSource(ShippedGraph.class)
    void agreeOnEveryPacket(ShippedGraph graph) {
        var parsers = new TwoParsers(graph.load());
        Map<ParseResult, Integer> results = new EnumMap<>(ParseResult.class);
        for (CorpusFile file : Corpus.required().files()) {
            for (CapturedFrame frame : file.frames()) {
                int outcome = parsers.parse(frame.bytes(), frame.linkType());
                results.merge(ParseOutcome.result(outcome), 1, Integer::sum);
            }
        }
        System.out.println(graph + " " + results);
        assertThat(results).containsKey(ParseResult.OKAY);
    }
}
