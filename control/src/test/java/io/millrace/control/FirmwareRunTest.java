package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.nic.program.ClassFiles;
import io.millrace.nic.program.Engine;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Programs;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.ChangedInstruction;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Whatever a device lacks, runs or has no room for: the packets that leave are those of a router without a NIC.
class FirmwareRunTest {

    private static final String CONFIG = """
        NICS
        ports:
          lan: { wire: pcap, rx: DIR/in.pcap, tx: DIR/lan.pcap, addresses: [10.0.0.1/24, "fd00::1/64"] PORT }
          wan: { wire: pcap, tx: DIR/out.pcap, addresses: [10.1.0.1/30, "fd01::1/64"] PORT }
          wan.10: { link: wan, vlan: 10, addresses: [10.2.0.1/30] }
        routes:
          - { to: 10.8.0.0/16, via: 10.2.0.2 }
          - { to: 10.9.0.0/16, via: 10.1.0.2 }
          - { to: "fd09::/16", via: "fd01::2" }
        neighbours:
          - { address: 10.1.0.2, mac: "02:00:00:00:00:05" }
          - { address: "fd01::2", mac: "02:00:00:00:00:05" }
          - { address: 10.2.0.2, mac: "02:00:00:00:00:06" }
        """;
    static final String EVERYTHING = """
        receive-checksum: complete
        transmit-checksum: any
        segmentation: [tcp4, tcp6, udp]
        tunnels: true
        receive-hash: true
        merging: true
        vlan-insertion: true
        """;
    private static final int SEGMENT_BYTES = 1000;

    @TempDir
    private static Path folder;
    private static Map<String, List<String>> withoutNic;

    @BeforeAll
    static void forwardWithoutANic() throws IOException {
        List<CapturedFrame> frames = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            long ns = 1_000_000_000_000L + i / 8 * 1_000_000L + i % 8;
            frames.add(CapturedFrame.of(ns, ip4().tcp(4000 + i % 2, 80).sequence(1 + i / 2 * SEGMENT_BYTES).ack()
                .payloadOf(SEGMENT_BYTES).bytes()));
            frames.add(CapturedFrame.of(ns, ip6().tcp(5000, 80).sequence(1 + i * SEGMENT_BYTES).ack()
                .payloadOf(SEGMENT_BYTES).bytes()));
            frames.add(CapturedFrame.of(ns, Frame.ethernet("02:00:00:00:00:0a", "02:4d:52:00:00:01")
                .ipv4("10.0.0.7", "10.8.0.1").tcp(4200, 80).sequence(1 + i * SEGMENT_BYTES).ack()
                .payloadOf(SEGMENT_BYTES).bytes()));
            frames.add(CapturedFrame.of(ns, ip4().udp(6000 + i % 3, 53).payloadOf(i).bytes()));
            frames.add(CapturedFrame.of(ns, ip4().udp(7000, 4789).vxlan(7)
                .ethernet("02:00:00:00:00:03", "02:00:00:00:00:04").ipv4("192.0.2.1", "192.0.2.2")
                .tcp(1, 2).sequence(i * 100L).ack().payloadOf(100).bytes()));
            frames.add(CapturedFrame.of(ns, ip4().tcp(4100, 80).sequence(i).checksum(0x1234).ack().payloadOf(9)
                .bytes()));
        }
        CaptureFile.write(folder.resolve("in.pcap"), frames);
        withoutNic = run("", "").sent;
        assertThat(withoutNic).hasSizeGreaterThan(6);
    }

    private static Ipv4Layer ip4() {
        return Frame.ethernet("02:00:00:00:00:0a", "02:4d:52:00:00:01").ipv4("10.0.0.7", "10.9.0.1");
    }

    private static Ipv6Layer ip6() {
        return Frame.ethernet("02:00:00:00:00:0a", "02:4d:52:00:00:01").ipv6("fd00::7", "fd09::1");
    }

    /// @param report what the run printed
    /// @param sent   what left, by addresses and ports
    private record Run(String report, Map<String, List<String>> sent) {}

    private static Run run(String nic, String port) throws IOException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, CONFIG.replace("NICS", nic.isEmpty() ? "" : "nics: { nic0: { " + nic + " } }")
            .replace("PORT", nic.isEmpty() ? "" : ", nic: nic0" + port).replace("DIR", folder.toString()));
        Result result = LiveRouter.execute(InputStream.nullInputStream(), "run", config.toString());
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out()).contains("every packet is accounted for");
        Map<String, List<String>> sent = new TreeMap<>();
        for (CapturedFrame frame : CaptureFile.read(folder.resolve("out.pcap")).frames()) {
            int typeAt = frame.bytes()[12] == (byte) 0x81 ? 16 : 12;
            boolean is4 = frame.bytes()[typeAt] == 8;
            String flow = HexFormat.of().formatHex(frame.bytes(), typeAt + (is4 ? 14 : 10), typeAt + (is4 ? 26 : 46));
            sent.computeIfAbsent(flow, _ -> new ArrayList<>()).add(HexFormat.of().formatHex(frame.bytes()));
        }
        return new Run(result.out(), sent);
    }

    private static Path image(Engine changed) throws IOException {
        return image(folder, changed);
    }

    /// An image in which one instruction of this engine is changed.
    static Path image(Path folder, Engine changed) throws IOException {
        String name = changed == Engine.RSS ? "io.millrace.packet.rss.HashPlan" : changed.entryClasses().getFirst();
        ParseProgram parser = ShippedGraph.DEFAULT.load();
        ClassFiles here = ClassFiles.ofClassPath();
        ClassFiles files = wanted -> wanted.equals(name) ? ChangedInstruction.in(here.find(name)) : here.find(wanted);
        return Files.write(folder.resolve(changed.label() + ".fw"),
            FirmwareImage.of("changed", parser, Programs.of(parser, files)).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "classic", "bare"})
    void everyModelSendsTheSame(String model) throws IOException {
        assertThat(run("model: " + model, "").sent).isEqualTo(withoutNic);
    }

    @ParameterizedTest
    @EnumSource(value = Engine.class, mode = EnumSource.Mode.EXCLUDE, names = "PARSER")
    void everyChangedEngineIsNotRunAndSoftwareDoesItsWork(Engine changed) throws IOException {
        Path image = image(changed);
        Run run = run("model: full, firmware: " + image, ", rx-gro-hw: on");
        assertThat(run.sent).isEqualTo(withoutNic);
        boolean isSoftwareMerging = run.report.lines()
            .anyMatch(line -> line.matches("lan +[1-9]\\d* +\\d+ +\\d+\\.\\d .*"));
        assertThat(isSoftwareMerging).as(run.report).isEqualTo(changed == Engine.GRO);
    }

    @Test
    void anotherParserTurnsOffWhatReadsItsRecords() throws IOException {
        ParseProgram l3 = ShippedGraph.L3.load();
        Path image = Files.write(folder.resolve("l3.fw"), FirmwareImage.of("l3", l3, Programs.ofHost(l3)).bytes());
        assertThat(run("model: full, firmware: " + image, ", queues: 4, rx-gro-hw: on").sent).isEqualTo(withoutNic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"receive-checksum: complete", "transmit-checksum: any\nsegmentation: [tcp4, tcp6, udp]\n"
        + "tunnels: true", "segmentation: [tcp4, tcp6, udp]\ntunnels: true", "tunnels: true", "receive-hash: true", "merging: true",
        "vlan-insertion: true"})
    void everyMissingCapabilityIsHelpedWith(String missing) throws IOException {
        Path model = Files.writeString(folder.resolve("most.yaml"), EVERYTHING.replace(missing + "\n", ""));
        assertThat(Files.readString(model)).isNotEqualTo(EVERYTHING);
        String port = missing.startsWith("merging") ? ", gro: on" : ", rx-gro-hw: on";
        assertThat(run("model: " + model, port).sent).isEqualTo(withoutNic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-nodes: 254", "max-encaps: 3", "max-tlvs: 31", "max-header-bytes: 511",
        "parse-nodes: 8", "parse-rows: 8", "ntuple-rules: 15", "flow-table: 1", "super-packet-bytes: 1400",
        "segments: 1", "rss-contexts: 0", "steered-flows: 0"})
    void everyLimitTooSmallIsLivedWith(String limit) throws IOException {
        Path model = Files.writeString(folder.resolve("small.yaml"), EVERYTHING + "limits: { " + limit + " }\n");
        assertThat(run("model: " + model, ", rx-gro-hw: on").sent).isEqualTo(withoutNic);
    }

    @Test
    void aConfigNamesWhatIsWrongWithItsFirmware() throws IOException {
        byte[] image = Files.readAllBytes(image(Engine.GRO));
        Path cut = Files.write(folder.resolve("cut.fw"), Arrays.copyOf(image, 700));
        for (String wrong : new String[] {"firmware: " + cut, "firmware: nowhere.fw", "audit: 1/0", "audit: often"}) {
            Path config = Files.writeString(folder.resolve("wrong.yaml"), CONFIG.replace("NICS",
                "nics: { nic0: { " + wrong + " } }").replace("PORT", ", nic: nic0").replace("DIR", folder.toString()));
            Result result = LiveRouter.execute(InputStream.nullInputStream(), "run", config.toString());
            assertThat(result.status()).as(wrong).isEqualTo(2);
            assertThat(result.err()).as(wrong).contains("wrong.yaml:1:", "^");
        }
    }
}
