package io.millrace.packet.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    private static final List<String> KEYS = List.of("wire", "rx", "tx", "mac", "mtu", "addresses", "queues");

    @ParameterizedTest
    @CsvSource({
        "abc,abc,0", "abc,abd,1", "abc,acb,1", "abc,ab,1", "ab,abc,1", "'',abc,3", "kitten,sitting,3", "ca,abc,3"})
    void distanceCountsEdits(String from, String to, int edits) {
        assertThat(Spelling.distance(from, to)).isEqualTo(edits);
        assertThat(Spelling.distance(to, from)).isEqualTo(edits);
    }

    @ParameterizedTest
    @CsvSource({"adresses,addresses", "address,addresses", "MTU,mtu", "mut,mtu", "wires,wire", "queue,queues"})
    void suggestsTheNearest(String word, String meant) {
        assertThat(Spelling.suggestion(word, KEYS)).isEqualTo(", did you mean \"" + meant + "\"?");
    }

    @Test
    void suggestsNothingFarAway() {
        assertThat(Spelling.suggestion("ruleset", KEYS)).isEmpty();
        assertThat(Spelling.suggestion("q", KEYS)).isEmpty();
        assertThat(Spelling.suggestion("", KEYS)).isEmpty();
    }
}
