package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.DocumentException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What is wrong with a document is told with line, member and what is allowed.
class CprErrorTest {

    private static final String BASE = """
        {"cpr-version":1,
         "root-node":"eth",
         "parse-nodes":[
          {"name":"eth","min-hdr-length":14,
           "hdr-length":{"field-off":0,"field-len":1,"mask":"0x0f","multiplier":4},
           "checks":[{"field-off":1,"field-len":1,"mask":"0x0f","op":"eq","value":4}],
           "metadata":[{"to":"sport","kind":"field","field-off":2,"field-len":2}],
           "flag-fields":{"field-off":4,"field-len":2,"ents":[{"flag":1,"length":2}]},
           "tlvs":{"type":{"field-off":0,"field-len":1},"length":{"field-off":1,"field-len":1},"pad1":1,"eol":0,"ents":[{"type":8},{"type":9}]},
           "stop-if":[{"field-off":6,"field-len":2,"op":"ne","value":0}],
           "next-proto":{"field-off":12,"field-len":2,"mask":"0x0fff","right-shift":4,"table":"types"}},
          {"name":"ip","min-hdr-length":20}],
         "proto-tables":[
          {"name":"types","ents":[{"key":8,"node":"ip"},
                                  {"key":9,"node":"ip"}]}]}""";

    /// A wrong document: what to change in the base, and what the error must say, the place first.
    private record Mistake(String what, String before, String after, String... told) {}

    private static final List<Mistake> MISTAKES = List.of(
        new Mistake("unknown member at the top", "\"root-node\":\"eth\"", "\"root-node\":\"eth\",\"rot\":1", ":2:",
            "unknown key \"rot\"", "allowed: cpr-version, name, root-node"),
        new Mistake("unknown member of a node", "\"name\":\"ip\"", "\"name\":\"ip\",\"min-header-length\":1", ":12:",
            "unknown key \"min-header-length\"", "min-hdr-length"),
        new Mistake("unknown member of a field", "\"field-off\":6", "\"field-of\":6", ":10:",
            "unknown key \"field-of\"", "did you mean \"field-off\"?"),
        new Mistake("member of another kind", "\"kind\":\"field\"", "\"kind\":\"offset\"", ":7:",
            "unknown key \"field-off\"", "allowed: to, kind"),
        new Mistake("version", "\"cpr-version\":1", "\"cpr-version\":2", ":1:", "cpr-version: 2 is out of range",
            "from 1 to 1"),
        new Mistake("no version", "\"cpr-version\":1,", "", "\"cpr-version\" is missing"),
        new Mistake("missing root", "\"root-node\":\"eth\"", "\"root-node\":\"ether\"", ":2:",
            "root-node: there is no node \"ether\"", "allowed: eth, ip"),
        new Mistake("duplicate node", "\"name\":\"ip\"", "\"name\":\"eth\"", ":12:",
            "duplicate node \"eth\", first given in line 4"),
        new Mistake("missing node in a table", "{\"key\":9,\"node\":\"ip\"}", "{\"key\":9,\"node\":\"ipv6\"}", ":15:",
            "there is no node \"ipv6\"", "allowed: eth, ip"),
        new Mistake("missing table", "\"table\":\"types\"", "\"table\":\"type\"", ":11:",
            "there is no table \"type\"", "did you mean \"types\"?"),
        new Mistake("two keys alike in another notation", "{\"key\":9,", "{\"key\":\"0x8\",", ":15:",
            "key 0x8 stands twice", "one entry a key"),
        new Mistake("two option types alike", "{\"type\":9}", "{\"type\":\"0x08\"}", ":9:", "type 8 stands twice"),
        new Mistake("option type that is pad1", "{\"type\":9}", "{\"type\":1}", ":9:", "type 1 stands twice",
            "none for pad1 and eol"),
        new Mistake("next-proto with next-node", "\"table\":\"types\"}", "\"table\":\"types\"},\"next-node\":\"ip\"",
            ":11:", "\"next-node\" together with \"next-proto\"", "one of them"),
        new Mistake("table with ents", "\"table\":\"types\"", "\"table\":\"types\",\"ents\":[]", ":11:",
            "\"ents\" together with \"table\"", "one of them"),
        new Mistake("mask wider than its field", "\"field-len\":1,\"mask\":\"0x0f\",\"op\"",
            "\"field-len\":1,\"mask\":\"0x1ff\",\"op\"", ":6:", "checks[0].mask: 0x1ff is wider than the field",
            "0 to 0xff for field-len 1"),
        new Mistake("value outside its mask", "\"op\":\"eq\",\"value\":4", "\"op\":\"eq\",\"value\":16", ":6:",
            "value: 0x10 has bits outside the mask 0xf"),
        new Mistake("flag outside its mask", "\"flag\":1", "\"flag\":1,\"mask\":2", ":8:",
            "flag: 0x1 has bits outside the mask 0x2"),
        new Mistake("flag wider than its field", "\"flag\":1", "\"flag\":\"0x10000\"", ":8:",
            "is wider than the field", "0 to 0xffff"),
        new Mistake("key outside its mask after the shift", "{\"key\":9,", "{\"key\":\"0x100\",", ":15:",
            "key: 0x100 cannot be a key", "within the mask after the shift, 0xff"),
        new Mistake("extraction wider than its record field", "\"field-off\":2,\"field-len\":2}]",
            "\"field-off\":2,\"field-len\":4}]", ":7:",
            "metadata[0].to: a value of 32 bits does not fit sport of 2 bytes", "4 bytes or more, or a mask"),
        new Mistake("field outside the header's minimum", "\"field-off\":12,", "\"field-off\":13,", ":11:",
            "next-proto.field-off: the field reaches over 15 bytes, min-hdr-length is 14"),
        new Mistake("end field outside the minimum", "\"field-off\":12,\"field-len\":2",
            "\"field-off\":15,\"from\":\"end\",\"field-len\":2", ":11:", "reaches over 15 bytes"),
        new Mistake("end field behind the end", "\"field-off\":12,\"field-len\":2",
            "\"field-off\":1,\"from\":\"end\",\"field-len\":2", ":11:", "reach behind it", "2 or more"),
        new Mistake("end in a check", "\"op\":\"eq\"", "\"from\":\"end\",\"op\":\"eq\"", ":6:",
            "\"end\" cannot be used here", "only in next-proto and a node's metadata"),
        new Mistake("field length", "\"field-off\":6,\"field-len\":2", "\"field-off\":6,\"field-len\":3", ":10:",
            "3 is not a field length", "1, 2, 4 or 8"),
        new Mistake("operator", "\"op\":\"ne\"", "\"op\":\"lt\"", ":10:", "\"lt\" is not known",
            "eq, ne, ult, ule, ugt, uge"),
        new Mistake("record field", "\"to\":\"sport\"", "\"to\":\"sprot\"", ":7:",
            "there is no record field \"sprot\"", "did you mean \"sport\"?"),
        new Mistake("negative number", "\"min-hdr-length\":20", "\"min-hdr-length\":-1", ":12:", "-1 is out of range"),
        new Mistake("fraction", "\"min-hdr-length\":20", "\"min-hdr-length\":2.5", ":12:", "expected a whole number"),
        new Mistake("shift over the field", "\"right-shift\":4", "\"right-shift\":16", ":11:",
            "right-shift: 16 is out of range", "0 to 15"),
        new Mistake("link type", "\"root-node\":\"eth\"", "\"root-node\":\"eth\",\"link-types\":{\"0x1\":\"eth\"}",
            ":2:", "\"0x1\" is not a link type", "0 to 65535 in plain decimal"),
        new Mistake("limit", "\"root-node\":\"eth\"", "\"root-node\":\"eth\",\"limits\":{\"max-encaps\":999}", ":2:",
            "limits.max-encaps: 999 is out of range", "0 to 254"),
        new Mistake("not JSON", "\"proto-tables\"", "proto-tables", ":13:"));

    @TestFactory
    Stream<DynamicTest> tellsTheMistake() {
        return MISTAKES.stream().map(mistake -> DynamicTest.dynamicTest(mistake.what(), () -> {
            assertThat(BASE).contains(mistake.before());
            String wrong = BASE.replace(mistake.before(), mistake.after());
            assertThatThrownBy(() -> CprDocument.read("graph.cpr.json", wrong)).isInstanceOf(DocumentException.class)
                .message().startsWith("graph.cpr.json:").contains(mistake.told());
        }));
    }

    @Test
    void acceptsTheBase() {
        assertThat(CprDocument.read("graph.cpr.json", BASE).nodes()).hasSize(2);
    }

    @Test
    void refusesACycleInWhichNoNodeAdvances() {
        String cycle = """
            {"cpr-version":1,"root-node":"a","parse-nodes":[
             {"name":"a","min-hdr-length":2,"next-node":"b"},
             {"name":"b","min-hdr-length":2,"overlay":true,"next-node":"c"},
             {"name":"c","min-hdr-length":0,"next-proto":{"field-off":0,"field-len":1,"ents":[{"key":1,"node":"b"}]}}]}""";
        String fixed = cycle.replace("\"min-hdr-length\":0", "\"min-hdr-length\":1");
        assertThat(CprDocument.read("c", fixed).nodes()).hasSize(3);
        String standing = fixed.replace("\"name\":\"c\",\"min-hdr-length\":1",
            "\"name\":\"c\",\"min-hdr-length\":1,\"overlay\":true");
        assertThatThrownBy(() -> CprDocument.read("c", standing))
            .hasMessageContaining("a cycle in which no node advances: b -> c -> b")
            .hasMessageContaining("min-hdr-length >= 1 and without overlay");
    }

    @Test
    void reportsSeveralMistakesAtOnce() {
        String wrong = BASE.replace("\"op\":\"ne\"", "\"op\":\"lt\"")
            .replace("\"root-node\":\"eth\"", "\"root-node\":\"x\"");
        assertThatThrownBy(() -> CprDocument.read("g", wrong)).message().contains("g:2:").contains("g:10:");
    }
}
