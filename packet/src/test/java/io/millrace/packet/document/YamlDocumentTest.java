package io.millrace.packet.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.packet.document.DocumentNode.Kind;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlDocumentTest {

    @Test
    void knowsPlaceAndPathOfEveryValue() {
        DocumentNode root = Document.yaml("g.yaml", """
            # a comment
            ports:
              lan.10: { vlan: 10, addresses: [10.0.0.1/24, "fd00::1/64"] }
            """);

        DocumentNode lan = root.required("ports").required("lan.10");
        assertThat(lan.path()).isEqualTo("ports.\"lan.10\"");
        assertThat(lan.required("vlan").asInt(1, 4094)).isEqualTo(10);
        DocumentNode second = lan.required("addresses").elements().get(1);
        assertThat(second.asString()).isEqualTo("fd00::1/64");
        assertThat(second.path()).isEqualTo("ports.\"lan.10\".addresses[1]");
        assertThat(second.line()).isEqualTo(3);
        assertThat(second.column()).isEqualTo(48);
    }

    @ParameterizedTest
    @ValueSource(strings = {"02:00:00:00:00:01", "1:30", "no", "on", "yes", "NO", "0o17", "1_000", "010", "08", "1e3",
        ".inf", "12", "true", "fd00::1/64", "0x11", "1.5", "2026-11-20", "a b", "=", "+5"})
    void plainScalarIsTheTextThatWasWritten(String text) {
        assertThat(Document.yaml("a", "k: " + text).required("k").asString()).isEqualTo(text);
        assertThat(Document.yaml("a", "k: { x: " + text + " }").required("k").required("x").asString()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "0, 0", "0x11, 17", "-3, -3", "'\"10\"', 10", "'''0xfF''', 255",
        "123456789012345678901234567890, 123456789012345678901234567890"})
    void readsIntegers(String yaml, String value) {
        assertThat(Document.yaml("a", "k: " + yaml).required("k").asInteger()).isEqualTo(new BigInteger(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1_000", "0o17", "1:30", "1e3", "1.0", "0b1", "+5", "ten", "0x", "-", "true"})
    void refusesWhatIsNoInteger(String text) {
        DocumentNode value = Document.yaml("a", "k: '" + text + "'").required("k");
        assertThatThrownBy(value::asInteger)
            .hasMessageStartingWith("a:1:4: k: expected a whole number, found \"" + text);
    }

    @Test
    void leadingZeroIsRefusedAsPossiblyOctal() {
        DocumentNode value = Document.yaml("g.yaml", "vlan: 010").required("vlan");
        assertThatThrownBy(() -> value.asInt(1, 4094)).hasMessage("""
            g.yaml:1:7: vlan: a number with a leading zero, 010, could be octal
              1 | vlan: 010
                |       ^
              allowed: decimal digits without leading zeros, or 0x and hex digits""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "True", "\"true\"", "1"})
    void onlyTrueAndFalseAreBooleans(String yaml) {
        DocumentNode value = Document.yaml("a", "k: " + yaml).required("k");
        assertThatThrownBy(value::asBoolean).hasMessageStartingWith("a:1:4: k: expected true or false, found ");
    }

    @Test
    void booleansAreRead() {
        DocumentNode root = Document.yaml("a", "t: true\nf: false");
        assertThat(root.required("t").asBoolean()).isTrue();
        assertThat(root.required("f").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "# comment"})
    void nothingIsNoText(String yaml) {
        DocumentNode value = Document.yaml("a", "k: " + yaml).required("k");
        assertThat(value.kind()).isEqualTo(Kind.NULL);
        assertThatThrownBy(value::asString).hasMessageContaining("k: expected a text, found nothing");
    }

    @Test
    void quotedNothingIsText() {
        assertThat(Document.yaml("a", "k: '~'").required("k").asString()).isEqualTo("~");
        assertThat(Document.yaml("a", "k: ''").required("k").asString()).isEmpty();
    }

    @Test
    void tabIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Document.yaml("g.yaml", "ports:\n\tlan: 1")).hasMessage("""
            g.yaml:2:1: not valid YAML: a tab where a value or indentation begins
              2 | \tlan: 1
                | ^
              allowed: spaces for indentation""");
    }

    @Test
    void caretStaysUnderAPlaceBehindTabs() {
        DocumentNode value = Document.yaml("a", "[\"\t\", x]").elements().get(1);
        assertThatThrownBy(value::asInteger).hasMessage("a:1:7: [1]: expected a whole number, found \"x\"\n"
            + "  1 | [\"\t\", x]\n"
            + "    |   \t   ^");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "a: &x 1                | 1:4: anchors are not supported: &x",
        "a: *x                  | 1:4: aliases are not supported: *x",
        "a: &x [1]              | 1:4: anchors are not supported: &x",
        "a: !!str 5             | 1:4: tags are not supported: tag:yaml.org,2002:str",
        "a: !t {b: 1}           | 1:4: tags are not supported: !t",
        "<<: {a: 1}             | 1:1: merge keys are not supported",
        "{a: 1, a: 2}           | 1:8: duplicate key \"a\", first given in line 1",
        "[a: {b: 1, b: 2}]      | 1:12: [0].a: duplicate key \"b\"",
        "? [a]                  | 1:3: a key must be a text",
        "a: b: c                | 1:5: not valid YAML: mapping values are not allowed here",
        "a: [1, 2               | 1:9: not valid YAML: while parsing a flow sequence: expected ',' or ']'",
        "a: @x                  | 1:4: not valid YAML: while scanning for the next token: found character '@'",
        "{a: 1}}                | 1:7: not valid YAML: expected '<document start>', but found '}'",
        "a: 'x                  | 1:6: not valid YAML: while scanning a quoted scalar: found unexpected end of stream",
        "``                     | 1:1: the document is empty",
        "# only a comment       | 1:1: the document is empty"})
    void refusesByNameAndPlace(String yaml, String message) {
        assertThatThrownBy(() -> Document.yaml("a", yaml)).isInstanceOf(DocumentException.class)
            .hasMessageStartingWith("a:" + message);
    }

    @Test
    void unquotedIpv6AddressGetsAHint() {
        assertThatThrownBy(() -> Document.yaml("g.yaml", "- { to: ::/0 }")).hasMessage("""
            g.yaml:1:9: not valid YAML: while parsing a flow node: expected the node content, but found ':'
              1 | - { to: ::/0 }
                |         ^
              allowed: an IPv6 address that begins or ends with :: in quotes""");
        assertThatThrownBy(() -> Document.yaml("g.yaml", "via: fe80::"))
            .hasMessageContaining("allowed: an IPv6 address that begins or ends with :: in quotes");
        assertThat(Document.yaml("g.yaml", "to: ::/0").required("to").asString()).isEqualTo("::/0");
    }

    @Test
    void secondDocumentIsRefused() {
        assertThatThrownBy(() -> Document.yaml("g.yaml", "---\na: 1\n---\nb: 2\n")).hasMessage("""
            g.yaml:3:1: a second document begins here
              3 | ---
                | ^
              allowed: one document in a file""");
    }

    @Test
    void markersOfOneDocumentAreFine() {
        assertThat(Document.yaml("a", "%YAML 1.2\n---\na: 1\n...\n").required("a").asInt(0, 9)).isEqualTo(1);
    }

    @Test
    void controlCharacterIsNamedAndNotPrinted() {
        assertThatThrownBy(() -> Document.yaml("a", "a: 1\nb: x\u001b[31m")).satisfies(e -> {
            assertThat(e).hasMessageStartingWith("a:2:5: not valid YAML: the character U+001B may not stand here");
            assertThat(e.getMessage()).doesNotContain("\u001b");
        });
    }

    @Test
    void nestingHasALimit() {
        String tooDeep = "[".repeat(5_000);
        assertThatThrownBy(() -> Document.yaml("a", tooDeep)).hasMessageStartingWith("a:1:101: ")
            .hasMessageContaining("nested too deep");
    }

    @Test
    void laterKeysAreRefusedByName() {
        DocumentNode root = Document.yaml("g.yaml", "workers: 1\nnics: {}\nnick: 2\n");
        DocumentKeys keys = DocumentKeys.of("workers", "ports").notYet("nics");
        assertThatThrownBy(() -> root.object(keys)).hasMessage("""
            g.yaml:2:1: "nics" is not available yet in this version
              2 | nics: {}
                | ^
              allowed: workers, ports
            g.yaml:3:1: unknown key "nick"
              3 | nick: 2
                | ^
              allowed: workers, ports""");
    }

    @Test
    void problemsComeInTheOrderOfTheDocument() {
        DocumentNode root = Document.yaml("a", "x: 1\ny: 2\n");
        var problems = new DocumentProblems();
        problems.add(root.required("y").error("second"));
        assertThat(problems.attempt(() -> root.required("x").asInt(5, 6))).isEmpty();
        assertThat(problems.attempt(() -> root.required("x").asInt(1, 6))).contains(1);
        assertThatThrownBy(problems::throwIfAny).isInstanceOfSatisfying(DocumentException.class, e ->
            assertThat(e.problems()).extracting(DocumentProblem::line).containsExactly(1, 2));
    }

    @Test
    void plainNullIsAWordWhereAWordIsWanted() {
        DocumentNode root = Document.yaml("a", "wire: null\nnone:\n");
        assertThat(root.required("wire").asOneOf("pcap", "null")).isEqualTo("null");
        assertThatThrownBy(() -> root.required("wire").asOneOf("pcap"))
            .hasMessageContaining("wire: expected one of pcap, found nothing");
        assertThatThrownBy(() -> root.required("none").asOneOf("pcap", "null"))
            .hasMessageContaining("none: expected one of pcap, null, found nothing");
    }

    @Test
    void parserOfTheCallerFailsAtThePlace() {
        DocumentNode value = Document.yaml("a", "k: abc").required("k");
        assertThat(value.<Integer>as(String::length)).isEqualTo(3);
        assertThatThrownBy(() -> value.as(Integer::valueOf)).hasMessage("""
            a:1:4: k: For input string: "abc"
              1 | k: abc
                |    ^""");
        assertThatThrownBy(() -> value.as(_ -> { throw new IllegalArgumentException("no; allowed: digits"); }))
            .hasMessage("""
                a:1:4: k: no
                  1 | k: abc
                    |    ^
                  allowed: digits""");
    }
}
