package io.millrace.packet.parse.canonical;

import io.millrace.packet.parse.RandomGraph;
import io.millrace.packet.parse.cpr.CprDocument;
import io.millrace.packet.parse.cpr.CprWriter;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class ParseProgramTest {

    private static final String ONE_NODE = """
        {"cpr-version":1,"root-node":"eth","parse-nodes":[{"name":"eth","min-hdr-length":14}]}""";

    private static final String ONE_NODE_CANONICAL = """
        {"cpr-version":1,"limits":{"max-encaps":4,"max-header-bytes":512,"max-nodes":255,"max-tlvs":32},\
        "nodes":[{"checks":[],"encap":false,"flag-fields":null,"flag-if":[],"hdr-length":null,"metadata":[],\
        "min-hdr-length":14,"next":null,"overlay":false,"packet-length":null,"stop-if":[],"tlvs":null}],\
        "roots":[[1,0]],"start":0}""";

    private static final String TWO_NODES = """
        {"cpr-version":1,"root-node":"eth","parse-nodes":[
         {"name":"eth","min-hdr-length":14,"metadata":[{"to":"l2","kind":"offset"}],"next-proto":{"field-off":12,"field-len":2,"table":"types"}},
         {"name":"ipv4","min-hdr-length":20,"hdr-length":{"field-off":0,"field-len":1,"mask":"0x0f","multiplier":4},"packet-length":{"field-off":2,"field-len":2},
          "metadata":[{"to":"src","kind":"bytes","field-off":12,"field-len":4},{"to":"proto","kind":"field","field-off":9,"field-len":1}],
          "flag-if":[{"field-off":0,"field-len":1,"mask":"0x0f","op":"ugt","value":5,"flags":4}],
          "stop-if":[{"field-off":6,"field-len":2,"mask":"0x1fff","op":"ne","value":0,"flags":1}]}],
         "proto-tables":[{"name":"types","ents":[{"key":"0x0800","node":"ipv4"}]}]}""";

    private static final String TWO_NODES_CANONICAL = """
        {"cpr-version":1,"limits":{"max-encaps":4,"max-header-bytes":512,"max-nodes":255,"max-tlvs":32},"nodes":[{"checks":[],"encap":false,"flag-fields":null,"flag-if":[],"hdr-length":null,"metadata":[{"field-len":0,"field-off":0,"from":"start","kind":"offset","mask":0,"right-shift":0,"to":"l2","value":0}],"min-hdr-length":14,"next":{"default":null,"ents":[[2048,1]],"field-len":2,"field-off":12,"from":"start","mask":65535,"right-shift":0},"overlay":false,"packet-length":null,"stop-if":[],"tlvs":null},{"checks":[],"encap":false,"flag-fields":null,"flag-if":[{"field-len":1,"field-off":0,"flags":4,"from":"start","mask":15,"op":"ugt","value":5}],"hdr-length":{"add":0,"field-len":1,"field-off":0,"from":"start","mask":15,"multiplier":4,"right-shift":0},"metadata":[{"field-len":4,"field-off":12,"from":"start","kind":"bytes","mask":0,"right-shift":0,"to":"src","value":0},{"field-len":1,"field-off":9,"from":"start","kind":"field","mask":255,"right-shift":0,"to":"proto","value":0}],"min-hdr-length":20,"next":null,"overlay":false,"packet-length":{"add":0,"field-len":2,"field-off":2,"from":"start","mask":65535,"multiplier":1,"right-shift":0},"stop-if":[{"field-len":2,"field-off":6,"flags":1,"from":"start","mask":8191,"op":"ne","value":0}],"tlvs":null}],"roots":[[1,0]],"start":0}""";

    @Test
    void oneNodeHasTheSpecifiedCanonicalFormAndHash() {
        ParseProgram program = program(ONE_NODE);
        assertThat(program.canonical()).isEqualTo(ONE_NODE_CANONICAL);
        assertThat(program.hashText()).isEqualTo("c377bf2befcaf340d6f9ef1883273878830245c140d945d0a37fb5756d59e719");
    }

    @Test
    void twoNodesHaveTheSpecifiedCanonicalFormAndHash() {
        ParseProgram program = program(TWO_NODES);
        assertThat(program.canonical()).isEqualTo(TWO_NODES_CANONICAL);
        assertThat(program.hashText()).isEqualTo("38c51742fb54c06e243c8a19650d2ef23d3dfb31d73e696a9030390e76fd3a98");
    }

    @Test
    void hashIsOfTheCanonicalBytes() throws NoSuchAlgorithmException {
        ParseProgram program = ShippedGraph.DEFAULT.load();
        byte[] sum = MessageDigest.getInstance("SHA-256").digest(program.canonical().getBytes(StandardCharsets.UTF_8));
        assertThat(program.hash()).isEqualTo(sum);
        assertThat(program.hashText()).isEqualTo(HexFormat.of().formatHex(sum));
    }

    @Test
    void graphsThatMeanTheSameHaveOneHashHoweverTheyAreWritten() {
        Random random = new Random(Seeds.next());
        for (int i = 0; i < (Seeds.isFull() ? 10_000 : 500); i++) {
            ParseProgram program = ParseProgram.of(RandomGraph.of(random));
            String dressed = RandomDress.of(program.graph(), random);
            ParseProgram read = program(dressed);
            assertThat(read.canonical()).as("read from %s", dressed).isEqualTo(program.canonical());
            assertThat(read.isSameAs(program)).isTrue();
            ParseProgram rewritten = program(CprWriter.write(program.graph()));
            assertThat(rewritten.canonical()).isEqualTo(program.canonical());
        }
    }

    @ParameterizedTest
    @EnumSource(ShippedGraph.class)
    void shippedGraphsKeepTheirHashInAnyDress(ShippedGraph shipped) {
        Random random = new Random(Seeds.next());
        ParseProgram program = shipped.load();
        for (int i = 0; i < 20; i++) {
            assertThat(program(RandomDress.of(program.graph(), random)).hashText()).isEqualTo(program.hashText());
        }
        assertThat(program(CprWriter.write(program.graph())).hashText()).isEqualTo(program.hashText());
    }

    @Test
    void randomGraphsHaveDifferentHashes() {
        Random random = new Random(Seeds.next());
        Set<String> canonicals = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ParseProgram program = ParseProgram.of(RandomGraph.of(random));
            canonicals.add(program.canonical());
            hashes.add(program.hashText());
        }
        assertThat(hashes).hasSameSizeAs(canonicals).hasSizeGreaterThan(900);
    }

    static ParseProgram program(String json) {
        return ParseProgram.of(CprDocument.read("test.cpr.json", json));
    }
}
