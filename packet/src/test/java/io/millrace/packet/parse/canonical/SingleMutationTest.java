package io.millrace.packet.parse.canonical;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static io.millrace.packet.parse.canonical.ParseProgramTest.program;
import static org.assertj.core.api.Assertions.assertThat;

/// Every member of the representation that says something about behaviour is in the hash; labels are not.
class SingleMutationTest {

    /// Every member once, each on a line that a mutation can name.
    private static final String BASE = """
        {"cpr-version":1,"name":"base","root-node":"a",
         "link-types":{"1":"a","101":"b"},
         "limits":{"max-nodes":20,"max-encaps":2,"max-tlvs":7,"max-header-bytes":300},
         "parse-nodes":[
          {"name":"a","min-hdr-length":16,
           "hdr-length":{"field-off":0,"field-len":1,"mask":"0x0f","right-shift":1,"multiplier":4,"add":-2},
           "packet-length":{"field-off":2,"field-len":2,"mask":"0x7fff","right-shift":3,"multiplier":2,"add":6},
           "checks":[{"field-off":1,"field-len":1,"mask":"0xf0","op":"eq","value":"0x40"}],
           "metadata":[{"to":"sport","kind":"field","field-off":4,"field-len":2,"mask":"0xff00","right-shift":8,"from":"start"},
                       {"to":"src","kind":"bytes","field-off":5,"field-len":3,"from":"end"},
                       {"to":"l3","kind":"offset"},
                       {"to":"l4","kind":"end"},
                       {"to":"payload","kind":"length"},
                       {"to":"family","kind":"constant","value":4},
                       {"to":"key-id","kind":"or","value":256}],
           "flag-if":[{"field-off":6,"field-len":2,"mask":"0x00ff","op":"ugt","value":5,"flags":4}],
           "flag-fields":{"field-off":8,"field-len":2,"ents":[
             {"flag":"0x8000","mask":"0xc000","length":4,"metadata":[{"to":"session","kind":"field","field-off":1,"field-len":2}]},
             {"flag":"0x2000","length":6}]},
           "tlvs":{"start":10,"type":{"field-off":0,"field-len":1,"mask":"0x7e","right-shift":1},
             "length":{"field-off":1,"field-len":1,"mask":"0x3f","right-shift":2,"multiplier":3,"add":1},"pad1":1,"eol":0,"ents":[
             {"type":8,"min-length":5,"metadata":[{"to":"dport","kind":"field","field-off":2,"field-len":2}]},
             {"type":9,"min-length":4}]},
           "stop-if":[{"field-off":12,"field-len":4,"mask":"0x1fff0000","op":"ne","value":0,"flags":1}],
           "next-proto":{"field-off":14,"field-len":2,"mask":"0x0ff0","right-shift":4,"from":"start","default":"b","ents":[
             {"key":6,"node":"b"},{"key":18,"node":"c"}]}},
          {"name":"b","min-hdr-length":4,"next-node":"c"},
          {"name":"c","min-hdr-length":2,"overlay":false,"encap":false}],
         "match-tables":[{"name":"t","target":"raw","keys":["src"],"entries":9}]}""";

    /// What to change, and into what; each must stand once in the base.
    private record Mutation(String member, String before, String after) {}

    private static final List<Mutation> MUTATIONS = List.of(
        new Mutation("root-node", "\"root-node\":\"a\"", "\"root-node\":\"b\""),
        new Mutation("link-types number", "\"101\":\"b\"", "\"102\":\"b\""),
        new Mutation("link-types node", "\"101\":\"b\"", "\"101\":\"c\""),
        new Mutation("link-types entry", ",\"101\":\"b\"", ""),
        new Mutation("max-nodes", "\"max-nodes\":20", "\"max-nodes\":21"),
        new Mutation("max-encaps", "\"max-encaps\":2", "\"max-encaps\":3"),
        new Mutation("max-tlvs", "\"max-tlvs\":7", "\"max-tlvs\":8"),
        new Mutation("max-header-bytes", "\"max-header-bytes\":300", "\"max-header-bytes\":301"),
        new Mutation("min-hdr-length", "\"min-hdr-length\":16", "\"min-hdr-length\":17"),
        new Mutation("hdr-length",
            "\"hdr-length\":{\"field-off\":0,\"field-len\":1,\"mask\":\"0x0f\",\"right-shift\":1,\"multiplier\":4,\"add\":-2},", ""),
        new Mutation("hdr-length field-off", "\"hdr-length\":{\"field-off\":0", "\"hdr-length\":{\"field-off\":1"),
        new Mutation("hdr-length field-len", "\"field-off\":0,\"field-len\":1,\"mask\":\"0x0f\"",
            "\"field-off\":0,\"field-len\":2,\"mask\":\"0x0f\""),
        new Mutation("hdr-length mask", "\"mask\":\"0x0f\"", "\"mask\":\"0x1f\""),
        new Mutation("hdr-length right-shift", "\"right-shift\":1,\"multiplier\":4",
            "\"right-shift\":2,\"multiplier\":4"),
        new Mutation("hdr-length multiplier", "\"multiplier\":4", "\"multiplier\":8"),
        new Mutation("hdr-length add", "\"add\":-2", "\"add\":-3"),
        new Mutation("packet-length",
            "\"packet-length\":{\"field-off\":2,\"field-len\":2,\"mask\":\"0x7fff\",\"right-shift\":3,\"multiplier\":2,\"add\":6},", ""),
        new Mutation("packet-length field-off", "\"packet-length\":{\"field-off\":2",
            "\"packet-length\":{\"field-off\":3"),
        new Mutation("packet-length mask", "\"0x7fff\"", "\"0x3fff\""),
        new Mutation("packet-length right-shift", "\"right-shift\":3", "\"right-shift\":4"),
        new Mutation("packet-length multiplier", "\"multiplier\":2", "\"multiplier\":1"),
        new Mutation("packet-length add", "\"add\":6", "\"add\":7"),
        new Mutation("checks", "{\"field-off\":1,\"field-len\":1,\"mask\":\"0xf0\",\"op\":\"eq\",\"value\":\"0x40\"}",
            ""),
        new Mutation("checks field-off", "{\"field-off\":1,\"field-len\":1,\"mask\":\"0xf0\"",
            "{\"field-off\":2,\"field-len\":1,\"mask\":\"0xf0\""),
        new Mutation("checks mask", "\"mask\":\"0xf0\"", "\"mask\":\"0x70\""),
        new Mutation("checks op", "\"op\":\"eq\"", "\"op\":\"ule\""),
        new Mutation("checks value", "\"value\":\"0x40\"", "\"value\":\"0x60\""),
        new Mutation("metadata element", "{\"to\":\"l3\",\"kind\":\"offset\"},", ""),
        new Mutation("metadata order",
            "{\"to\":\"l3\",\"kind\":\"offset\"},\n               {\"to\":\"l4\",\"kind\":\"end\"}",
            "{\"to\":\"l4\",\"kind\":\"end\"},{\"to\":\"l3\",\"kind\":\"offset\"}"),
        new Mutation("metadata to", "\"to\":\"sport\"", "\"to\":\"dport\""),
        new Mutation("metadata kind offset", "\"kind\":\"offset\"", "\"kind\":\"length\""),
        new Mutation("metadata kind end", "\"l4\",\"kind\":\"end\"", "\"l4\",\"kind\":\"offset\""),
        new Mutation("metadata field-off", "\"field-off\":4,\"field-len\":2", "\"field-off\":5,\"field-len\":2"),
        new Mutation("metadata field-len", "\"field-off\":4,\"field-len\":2", "\"field-off\":4,\"field-len\":4"),
        new Mutation("metadata mask", "\"0xff00\"", "\"0xfe00\""),
        new Mutation("metadata right-shift", "\"right-shift\":8", "\"right-shift\":9"),
        new Mutation("metadata from", "\"right-shift\":8,\"from\":\"start\"", "\"right-shift\":8,\"from\":\"end\""),
        new Mutation("metadata bytes field-off", "\"field-off\":5,\"field-len\":3", "\"field-off\":6,\"field-len\":3"),
        new Mutation("metadata bytes field-len", "\"field-off\":5,\"field-len\":3", "\"field-off\":5,\"field-len\":4"),
        new Mutation("metadata bytes from", "\"field-len\":3,\"from\":\"end\"", "\"field-len\":3,\"from\":\"start\""),
        new Mutation("metadata constant value", "\"kind\":\"constant\",\"value\":4",
            "\"kind\":\"constant\",\"value\":6"),
        new Mutation("metadata constant becomes or", "\"kind\":\"constant\"", "\"kind\":\"or\""),
        new Mutation("metadata or value", "\"value\":256", "\"value\":257"),
        new Mutation("flag-if",
            "{\"field-off\":6,\"field-len\":2,\"mask\":\"0x00ff\",\"op\":\"ugt\",\"value\":5,\"flags\":4}", ""),
        new Mutation("flag-if op", "\"op\":\"ugt\"", "\"op\":\"uge\""),
        new Mutation("flag-if value", "\"value\":5", "\"value\":6"),
        new Mutation("flag-if flags", "\"flags\":4", "\"flags\":5"),
        new Mutation("flag-if mask", "\"0x00ff\"", "\"0x007f\""),
        new Mutation("flag-fields field-off", "\"flag-fields\":{\"field-off\":8", "\"flag-fields\":{\"field-off\":9"),
        new Mutation("flag-fields field-len", "\"flag-fields\":{\"field-off\":8,\"field-len\":2",
            "\"flag-fields\":{\"field-off\":8,\"field-len\":4"),
        new Mutation("flag-fields flag", "\"flag\":\"0x8000\"", "\"flag\":\"0x4000\""),
        new Mutation("flag-fields mask", "\"mask\":\"0xc000\"", "\"mask\":\"0xe000\""),
        new Mutation("flag-fields default mask", "\"flag\":\"0x2000\"", "\"flag\":\"0x2000\",\"mask\":\"0x6000\""),
        new Mutation("flag-fields length", "\"length\":6", "\"length\":7"),
        new Mutation("flag-fields metadata", "\"field-off\":1,\"field-len\":2", "\"field-off\":2,\"field-len\":2"),
        new Mutation("flag-fields order", "{\"flag\":\"0x2000\",\"length\":6}]",
            "{\"flag\":\"0x1000\",\"length\":6},{\"flag\":\"0x2000\",\"length\":6}]"),
        new Mutation("tlvs start", "\"start\":10", "\"start\":11"),
        new Mutation("tlvs type field-off", "\"type\":{\"field-off\":0", "\"type\":{\"field-off\":1"),
        new Mutation("tlvs type field-len", "\"type\":{\"field-off\":0,\"field-len\":1",
            "\"type\":{\"field-off\":0,\"field-len\":2"),
        new Mutation("tlvs type mask", "\"mask\":\"0x7e\"", "\"mask\":\"0xfe\""),
        new Mutation("tlvs type right-shift", "\"mask\":\"0x7e\",\"right-shift\":1",
            "\"mask\":\"0x7e\",\"right-shift\":2"),
        new Mutation("tlvs length field-off", "\"length\":{\"field-off\":1", "\"length\":{\"field-off\":2"),
        new Mutation("tlvs length mask", "\"mask\":\"0x3f\"", "\"mask\":\"0x1f\""),
        new Mutation("tlvs length right-shift", "\"right-shift\":2,\"multiplier\":3",
            "\"right-shift\":1,\"multiplier\":3"),
        new Mutation("tlvs length multiplier", "\"multiplier\":3", "\"multiplier\":5"),
        new Mutation("tlvs length add", "\"add\":1", "\"add\":2"),
        new Mutation("tlvs pad1", "\"pad1\":1", "\"pad1\":2"),
        new Mutation("tlvs pad1 absent", "\"pad1\":1,", ""),
        new Mutation("tlvs eol", "\"eol\":0", "\"eol\":3"),
        new Mutation("tlvs eol absent", "\"eol\":0,", ""),
        new Mutation("tlvs ents type", "\"type\":8", "\"type\":10"),
        new Mutation("tlvs ents min-length", "\"min-length\":5", "\"min-length\":6"),
        new Mutation("tlvs ents metadata", "\"to\":\"dport\",\"kind\":\"field\",\"field-off\":2",
            "\"to\":\"dport\",\"kind\":\"field\",\"field-off\":3"),
        new Mutation("tlvs ents element", ",\n     {\"type\":9,\"min-length\":4}", ""),
        new Mutation("stop-if field-off", "{\"field-off\":12,\"field-len\":4", "{\"field-off\":11,\"field-len\":4"),
        new Mutation("stop-if mask", "\"0x1fff0000\"", "\"0x0fff0000\""),
        new Mutation("stop-if op", "\"op\":\"ne\"", "\"op\":\"ult\""),
        new Mutation("stop-if value", "\"op\":\"ne\",\"value\":0", "\"op\":\"ne\",\"value\":\"0x10000\""),
        new Mutation("stop-if flags", "\"flags\":1", "\"flags\":3"),
        new Mutation("next-proto field-off", "\"next-proto\":{\"field-off\":14", "\"next-proto\":{\"field-off\":13"),
        new Mutation("next-proto field-len", "\"field-off\":14,\"field-len\":2,\"mask\":\"0x0ff0\",\"right-shift\":4",
            "\"field-off\":12,\"field-len\":4,\"mask\":\"0x0ff0\",\"right-shift\":4"),
        new Mutation("next-proto mask", "\"0x0ff0\"", "\"0x1ff0\""),
        new Mutation("next-proto right-shift", "\"right-shift\":4,\"from\"", "\"right-shift\":3,\"from\""),
        new Mutation("next-proto from", "\"right-shift\":4,\"from\":\"start\"", "\"right-shift\":4,\"from\":\"end\""),
        new Mutation("next-proto default", "\"default\":\"b\"", "\"default\":\"c\""),
        new Mutation("next-proto default null", "\"default\":\"b\"", "\"default\":null"),
        new Mutation("next-proto key", "\"key\":6", "\"key\":7"),
        new Mutation("next-proto node", "\"key\":6,\"node\":\"b\"", "\"key\":6,\"node\":\"c\""),
        new Mutation("next-proto entry", "{\"key\":6,\"node\":\"b\"},", ""),
        new Mutation("next-node", "\"next-node\":\"c\"", "\"next-node\":\"b\""),
        new Mutation("next-node absent", ",\"next-node\":\"c\"", ""),
        new Mutation("overlay", "\"overlay\":false", "\"overlay\":true"),
        new Mutation("encap", "\"encap\":false", "\"encap\":true"));

    @TestFactory
    Stream<DynamicTest> everyMemberIsInTheHash() {
        String hash = program(BASE).hashText();
        return MUTATIONS.stream().map(mutation -> DynamicTest.dynamicTest(mutation.member(), () ->
            assertThat(program(mutated(mutation)).hashText()).isNotEqualTo(hash)));
    }

    @Test
    void noTwoMutationsHaveOneHash() {
        List<String> hashes = new ArrayList<>(MUTATIONS.stream()
            .map(mutation -> program(mutated(mutation)).hashText()).toList());
        Set<String> different = new HashSet<>(hashes);
        assertThat(different).hasSameSizeAs(hashes);
    }

    @Test
    void labelsAndMatchTablesAreNotInTheHash() {
        String hash = program(BASE).hashText();
        assertThat(program(BASE.replace("\"name\":\"base\",", "")).hashText()).isEqualTo(hash);
        assertThat(program(BASE.replace("\"c\"", "\"renamed\"")).hashText()).isEqualTo(hash);
        assertThat(program(BASE.replace("\"entries\":9", "\"entries\":10")).hashText()).isEqualTo(hash);
    }

    private static String mutated(Mutation mutation) {
        assertThat(BASE.split(Pattern.quote(mutation.before()), -1)).as("stands once: %s", mutation.before())
            .hasSize(2);
        return BASE.replace(mutation.before(), mutation.after());
    }
}
