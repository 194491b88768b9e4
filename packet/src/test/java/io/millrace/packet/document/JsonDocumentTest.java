package io.millrace.packet.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.packet.document.DocumentNode.Kind;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDocumentTest {

    @Test
    void knowsPlaceAndPathOfEveryValue() {
        DocumentNode root = Document.json("a.json", """
            { "nodes": [
                {"name": "eth", "min": 14},
                null ],
              "ok": true
            }
            """);

        DocumentNode name = root.required("nodes").elements().getFirst().required("name");
        assertThat(name.asString()).isEqualTo("eth");
        assertThat(name.line()).isEqualTo(2);
        assertThat(name.column()).isEqualTo(14);
        assertThat(name.path()).isEqualTo("nodes[0].name");
        assertThat(name.sourceName()).isEqualTo("a.json");
        assertThat(root.required("nodes").elements().get(1).kind()).isEqualTo(Kind.NULL);
        assertThat(root.required("ok").asBoolean()).isTrue();
        assertThat(root.required("ok").line()).isEqualTo(4);
        assertThat(root.path()).isEmpty();
        assertThat(root.fields().keySet()).containsExactly("nodes", "ok");
    }

    @Test
    void readsIntegersOfAnySize() {
        String digits = "9".repeat(300);
        DocumentNode root = Document.json("a", "{\"a\": " + digits + ", \"b\": \"0xffffffffffffffffffff\", \"c\": -7}");

        assertThat(root.required("a").asInteger()).isEqualTo(new BigInteger(digits));
        assertThat(root.required("b").asInteger()).isEqualTo(BigInteger.TWO.pow(80).subtract(BigInteger.ONE));
        assertThat(root.required("c").asInt(-7, 0)).isEqualTo(-7);
    }

    @Test
    void readsIntegersInTexts() {
        DocumentNode root = Document.json("a", "[\"010\", \"-12\", \"0x1F\", \"-0x10\"]");
        assertThat(root.elements()).extracting(DocumentNode::asInteger)
            .containsExactly(BigInteger.TEN, BigInteger.valueOf(-12), BigInteger.valueOf(31), BigInteger.valueOf(-16));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "1.0", "1e3", "\"1 \"", "\"\"", "\"0x\"", "\"+1\"", "true", "null", "[1]", "{}"})
    void refusesWhatIsNoInteger(String json) {
        DocumentNode value = Document.json("a", "[" + json + "]").elements().getFirst();
        assertThatThrownBy(value::asInteger).isInstanceOf(DocumentException.class)
            .hasMessageContaining("a:1:2: [0]: expected a whole number, found ");
    }

    @Test
    void integerOutOfRangeSaysTheRange() {
        DocumentNode value = Document.json("p.json", "{\"min-hdr-length\": 513}").required("min-hdr-length");
        assertThatThrownBy(() -> value.asInt(0, 512)).hasMessage("""
            p.json:1:20: min-hdr-length: 513 is out of range
              1 | {"min-hdr-length": 513}
                |                    ^
              allowed: a whole number from 0 to 512""");
    }

    @Test
    void numberIsNoText() {
        DocumentNode value = Document.json("a", "[1]").elements().getFirst();
        assertThatThrownBy(value::asString).hasMessageStartingWith("a:1:2: [0]: expected a text, found 1");
    }

    @Test
    void unknownKeysAreAllReportedWithSuggestion() {
        DocumentNode root = Document.json("p.json", """
            {"name": "eth",
             "min-hdr-lenght": 14,
             "zzz": 1}
            """);
        assertThatThrownBy(() -> root.object("name", "min-hdr-length")).hasMessage("""
            p.json:2:2: unknown key "min-hdr-lenght", did you mean "min-hdr-length"?
              2 |  "min-hdr-lenght": 14,
                |  ^
              allowed: name, min-hdr-length
            p.json:3:2: unknown key "zzz"
              3 |  "zzz": 1}
                |  ^
              allowed: name, min-hdr-length""");
    }

    @Test
    void duplicateKeyNamesTheFirst() {
        assertThatThrownBy(() -> Document.json("p.json", "{\"a\": {\"b\": 1,\n \"b\": 2}}")).hasMessage("""
            p.json:2:2: a: duplicate key "b", first given in line 1
              2 |  "b": 2}}
                |  ^""");
    }

    @Test
    void missingKeyIsNamedAtItsObject() {
        DocumentNode node = Document.json("p.json", "{\"a\": {\"b\": 1}}").required("a");
        assertThatThrownBy(() -> node.required("name")).hasMessage("""
            p.json:1:7: a: "name" is missing
              1 | {"a": {"b": 1}}
                |       ^""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\":1,}       | 1:8: not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote",
        "{\"a\":[1,2      | 1:10: not valid JSON: Unexpected end-of-input: expected close marker for Array",
        "{} x             | 1:4: not valid JSON: Unrecognized token 'x'",
        "{} {}            | 1:4: text after the end of the document",
        "{\"a\": 010}     | 1:8: not valid JSON: Invalid numeric value: Leading zeroes not allowed",
        "['x']            | 1:2: not valid JSON: Unexpected character (''' (code 39))",
        "{\"a\": NaN}     | 1:10: not valid JSON: Non-standard token 'NaN'",
        "``               | 1:1: the document is empty"})
    void refusesWhatIsNoJson(String json, String message) {
        assertThatThrownBy(() -> Document.json("a", json)).isInstanceOf(DocumentException.class)
            .hasMessageStartingWith("a:" + message);
    }

    @Test
    void columnsCountCodePoints() {
        DocumentNode value = Document.json("a", "{\"\uD83D\uDE00\": 7}").required("\uD83D\uDE00");
        assertThat(value.column()).isEqualTo(7);
    }

    @Test
    void longLineIsShownAroundThePlace() {
        String json = "[" + "1, ".repeat(400) + "\"x\"]";
        DocumentNode last = Document.json("a", json).elements().getLast();
        assertThatThrownBy(last::asInteger).satisfies(e -> {
            String[] lines = e.getMessage().split("\n");
            assertThat(lines[1].length()).isLessThan(130);
            assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('"');
        });
    }

    @Test
    void nestingHasALimit() {
        String deepest = "[".repeat(Document.DEPTH_MAX) + "]".repeat(Document.DEPTH_MAX);
        assertThat(Document.json("a", deepest).isArray()).isTrue();
        assertThatThrownBy(() -> Document.json("a", "[" + deepest + "]"))
            .hasMessageContaining("nested too deep").hasMessageContaining("allowed: at most 100 levels");
    }

    @Test
    void oneOfSuggestsTheNearest() {
        DocumentNode value = Document.json("a", "[\"feild\"]").elements().getFirst();
        assertThatThrownBy(() -> value.asOneOf("field", "bytes")).hasMessage("""
            a:1:2: [0]: "feild" is not known, did you mean "field"?
              1 | ["feild"]
                |  ^
              allowed: field, bytes""");
    }
}
