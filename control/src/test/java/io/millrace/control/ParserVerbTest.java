package io.millrace.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.control.report.ProgressListener;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.Corpus;
import io.millrace.testkit.CorpusFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `millrace parser` as a shell sees it.
class ParserVerbTest {

    private static final int FILES_SAMPLED = 60;

    private static final String ONE_NODE = """
        {"cpr-version":1,"root-node":"eth","parse-nodes":[{"name":"eth","min-hdr-length":14}]}""";
    private static final String ONE_NODE_HASH = "c377bf2befcaf340d6f9ef1883273878830245c140d945d0a37fb5756d59e719";

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void checksAndHashesADocument() throws IOException {
        Path graph = Files.writeString(folder.resolve("one.cpr.json"), ONE_NODE);
        assertThat(millrace("parser", "check", graph)).isZero();
        assertThat(out.toString()).isEqualTo(graph + ": fine, 1 node, hash " + ONE_NODE_HASH + "\n");
        assertThat(output("parser", "hash", graph)).isEqualTo(ONE_NODE_HASH + "\n");
    }

    @Test
    void canonicalIsExactlyWhatIsHashed() throws Exception {
        byte[] canonical = output("parser", "canonical", "default").getBytes(StandardCharsets.UTF_8);
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        assertThat(output("parser", "hash", "default")).isEqualTo(hash + "\n");
    }

    @Test
    void namesTheMistakeInADocument() throws IOException {
        Path graph = Files.writeString(folder.resolve("wrong.json"), ONE_NODE.replace("min-hdr-length", "min-len"));
        assertThat(millrace("parser", "check", graph)).isEqualTo(2);
        assertThat(err.toString()).startsWith(graph + ":1:").contains("unknown key \"min-len\"", "allowed: name,"
            + " min-hdr-length");
        assertThat(out.toString()).isEmpty();
        assertThat(millrace("parser", "check", folder.resolve("missing.cpr.json"))).isEqualTo(2);
        assertThat(millrace("parser", "chek", graph)).isEqualTo(2);
        assertThat(millrace("parser")).isEqualTo(2);
    }

    @Test
    void compilesAnImageThatIsTheSameProgram() throws IOException {
        Path image = folder.resolve("out/default.image");
        assertThat(millrace("parser", "compile", "default", "-o", image)).isZero();
        assertThat(out.toString()).startsWith(image + ": ").contains(" nodes, ", " table entries, hash ");
        assertThat(output("parser", "hash", image)).isEqualTo(output("parser", "hash", "default"));
        assertThat(output("parser", "diff", "default", image)).startsWith("one behaviour, hash ");

        Path printed = Files.writeString(folder.resolve("printed.cpr.json"), output("parser", "print", image));
        assertThat(output("parser", "hash", printed)).isEqualTo(output("parser", "hash", "default"));

        byte[] bytes = Files.readAllBytes(image);
        Path cut = Files.write(folder.resolve("cut.image"), Arrays.copyOf(bytes, bytes.length - 1));
        assertThat(millrace("parser", "hash", cut)).isEqualTo(2);
        assertThat(err.toString()).contains(cut + ": parse image, offset " + (bytes.length - 1));
    }

    @Test
    void doesNotWriteAnImageOverItsGraph() throws IOException {
        Path graph = Files.writeString(folder.resolve("one.cpr.json"), ONE_NODE);
        assertThat(millrace("parser", "compile", graph, "-o", graph)).isEqualTo(2);
        assertThat(Files.readString(graph)).isEqualTo(ONE_NODE);
        assertThat(millrace("parser", "compile", graph)).isEqualTo(2);
    }

    @Test
    void drawsEveryNodeAndArrow() {
        String drawing = output("parser", "print", "--dot", "l3");
        assertThat(drawing).startsWith("digraph parser {").endsWith("}\n")
            .contains("label=\"eth\\n14 bytes\"", "label=\"ip\\n20 bytes or "
                + "more\"", "[label=\"0x8100\"]", "\"link type 1\" ->");
        assertThat(drawing.lines().filter(line -> line.contains("->"))).hasSize(1 + 3 + 2 + 2 + 2);
    }

    @Test
    void walksACaptureForPeople() throws IOException {
        Path capture = folder.resolve("few.pcap");
        CaptureFile.write(capture, ipv4().udp(1000, 2000).bytes(),
            ipv4().udp(1, 4789).vxlan(7).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04").vlan(9)
                .ipv6("fd00::1", "fd00::2").tcp(3, 4).bytes(),
            Arrays.copyOf(ipv4().udp(1, 2).bytes(), 30));
        assertThat(millrace("parser", "walk", "default", capture)).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "      1  OKAY  eth ip udp  10.0.0.1:1000 > 10.0.0.2:2000 proto 17",
            "      2  OKAY  eth ip udp vxlan eth vlan ipv6 tcp  10.0.0.1:1 > 10.0.0.2:4789 proto 17 key 7 flags 0x40"
                + "  vlans [9] [fd00::1]:3 > [fd00::2]:4 proto 6",
            "      3  SHORT  eth ip   flags 0x80",
            "3 packets: 2 OKAY, 1 SHORT");
    }

    @Test
    void walksACaptureForPrograms() throws IOException {
        Path capture = folder.resolve("few.pcap");
        CaptureFile.write(capture,
            ipv4().udp(1, 4789).vxlan(7).ethernet("02:00:00:00:00:03", "02:00:00:00:00:04").vlan(9)
                .ipv6("fd00::1", "fd00::2").tcp(3, 4).bytes(),
            Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").arpRequest("02:00:00:00:00:"
                + "01", "10.0.0.1", "10.0.0.2")
                .bytes());
        assertThat(millrace("parser", "walk", "default", capture, "--json")).isZero();
        assertThat(out.toString().lines()).containsExactly(
            "{\"frame\":1,\"result\":\"OKAY\",\"layers\":[\"eth\",\"ip\",\"udp\",\"vxlan\",\"eth\",\"vlan\","
                + "\"ipv6\",\"tcp\"],"
                + "\"headers\":[{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"sport\":1,\"dport\":4789,\"proto\":"
                + "17,\"l3\":14,"
                + "\"l4\":34,\"vlans\":[],\"keyId\":7,\"flags\":64},"
                + "{\"src\":\"fd00::1\",\"dst\":\"fd00::2\",\"sport\":3,\"dport\":4,\"proto\":6,\"l3\":68,"
                + "\"l4\":108,\"vlans\":[9],\"keyId\":0,\"flags\":0}]}",
            "{\"frame\":2,\"result\":\"OKAY\",\"layers\":[\"eth\",\"arp\"],"
                + "\"headers\":[{\"src\":null,\"dst\":null,\"sport\":0,\"dport\":0,\"proto\":0,\"l3\":14,"
                + "\"l4\":0,\"vlans\":[],\"keyId\":0,\"flags\":0}]}");
    }

    @Test
    void linkTypesWithoutARootHaveNoHeaders() throws IOException {
        Path capture = folder.resolve("can.pcap");
        CaptureFile.write(capture, List.of(new CapturedFrame(0, new byte[16], 16, 227)));
        assertThat(millrace("parser", "walk", "default", "--json", capture)).isZero();
        assertThat(out.toString()).isEqualTo("{\"frame\":1,\"result\":\"UNKNOWN_PROTO\",\"layers\":[],"
            + "\"headers\":[]}\n");
    }

    @Test
    void walksEveryPacketOfTheCorpus() {
        List<CorpusFile> whole = Corpus.required().where(file -> !file.isDamaged() && !file.isGzipped());
        for (CorpusFile file : Corpus.sample(whole, FILES_SAMPLED, Seeds.next())) {
            List<JsonNode> objects = output("parser", "walk", "default", "--json", file.path()).lines()
                .map(mapper::readTree).toList();
            assertThat(objects).as("%s", file).hasSize(file.packetCount());
            for (int i = 0; i < objects.size(); i++) assertThat(objects.get(i).get("frame").intValue())
                .isEqualTo(i + 1);
        }
    }

    @Test
    void tellsDamageAndMissingCaptures() throws IOException {
        Path capture = folder.resolve("damaged.pcap");
        CaptureFile.write(capture, ipv4().udp(1, 2).bytes(), ipv4().udp(3, 4).bytes());
        byte[] bytes = Files.readAllBytes(capture);
        Files.write(capture, Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(millrace("parser", "walk", "default", capture)).isEqualTo(1);
        assertThat(out.toString()).endsWith("1 packet: 1 OKAY\n");
        assertThat(err.toString()).startsWith("millrace: warning: ").contains("the packets before it were read");
        assertThat(millrace("parser", "walk", "default", folder.resolve("missing.pcap"))).isEqualTo(2);
    }

    @Test
    void tellsWhereTwoGraphsPart() throws IOException {
        assertThat(millrace("parser", "diff", "default", "l3")).isEqualTo(1);
        assertThat(out.toString()).contains("limits: max-nodes: 255 | 8\n", "link-types: 0: null | unknown\n",
            "link-types 1: eth: next-proto 0x806: arp | unknown\n",
            "link-types 1: eth > vlan: next-proto 0x8100: vlan:second | unknown\n",
            "link-types 1: eth > ip > udp: next: goes on by 2 bytes at start 2, mask 0xffff, shift 0 | "
                + "understood here\n");

        Path twice = Files.writeString(folder.resolve("twice.json"), """
            {"cpr-version":1,"root-node":"a","parse-nodes":[{"name":"a","min-hdr-length":14,"next-node":"b"},
             {"name":"b","min-hdr-length":2,"next-node":"c"},{"name":"c","min-hdr-length":2,"next-node":"b"}]}""");
        Path once = Files.writeString(folder.resolve("once.json"), """
            {"cpr-version":1,"root-node":"a","parse-nodes":[{"name":"a","min-hdr-length":14,"next-node":"b"},
             {"name":"b","min-hdr-length":2,"next-node":"b"}]}""");
        out.getBuffer().setLength(0);
        assertThat(millrace("parser", "diff", twice, once)).as("a node doubled changes nothing").isZero();
        assertThat(out.toString()).startsWith("every packet is treated alike, though the hashes differ:");
    }

    private String output(Object... args) {
        out.getBuffer().setLength(0);
        assertThat(millrace(args)).as("%s", err).isZero();
        return out.toString();
    }

    private int millrace(Object... args) {
        String[] texts = Arrays.stream(args).map(Object::toString).toArray(String[]::new);
        return Main.execute(Main.commandLine((_, _, _) -> null, ProgressListener.silent(() -> false), false)
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)), texts);
    }

    private static Layer ipv4() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }
}
