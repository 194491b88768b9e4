package io.millrace.packet.parse.canonical;

import io.millrace.packet.parse.cpr.CprDocument;
import org.junit.jupiter.api.Test;

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

    static ParseProgram program(String json) {
        return ParseProgram.of(CprDocument.read("test.cpr.json", json));
    }
}
