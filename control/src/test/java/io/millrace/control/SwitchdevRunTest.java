package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.CapturedFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The example of a virtual function, as it ships and in the other mode.
class SwitchdevRunTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root"));

    @TempDir
    private Path folder;

    /// What a router without a NIC between the same captures sends, each flow's packets in order.
    @Test
    void inSwitchdevTheRouterSendsWhatItWouldWithoutANicAndTheNicForwardsItself() throws IOException {
        JsonNode report = run(example());
        JsonNode nic = report.at("/nics/0");
        assertThat(nic.get("hits").asLong()).isPositive();
        assertThat(nic.get("switched").asLong()).isZero();
        assertThat(report.at("/account/holds").asBoolean()).isTrue();
        assertThat(report.at("/hardware/installs").asLong()).isPositive();
        List<String> inside = sent("out/wan.pcap");
        List<String> home = sent("out/home.pcap");
        JsonNode plain = run(withoutNic());
        assertThat(plain.at("/nics")).isEmpty();
        assertThat(inside).isNotEmpty().containsExactlyInAnyOrderElementsOf(sent("out/wan.pcap"));
        assertThat(home).isNotEmpty().containsExactlyInAnyOrderElementsOf(sent("out/home.pcap"));
    }

    /// The home's frames are for the address of a router that is not there: they go to the wire as they are.
    @Test
    void inLegacyTheNicSwitchesWhatTheHomeSends() throws IOException {
        JsonNode report = run(example().replace("mode: switchdev", "mode: legacy"));
        JsonNode nic = report.at("/nics/0");
        assertThat(nic.get("hits").asLong()).isZero();
        List<CapturedFrame> given = CaptureFile.read(ROOT.resolve("examples/captures/home.pcap"))
            .frames();
        assertThat(nic.get("switched").asLong()).isGreaterThanOrEqualTo(given.size());
        assertThat(report.at("/account/holds").asBoolean()).isTrue();
        assertThat(sent("out/wan.pcap")).containsAll(given.stream().map(SwitchdevRunTest::text).toList());
        assertThat(report.at("/hardware/installs").asLong()).isZero();
    }

    private JsonNode run(String yaml) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), yaml);
        Files.createDirectories(folder.resolve("out"));
        Result result = LiveRouter.execute(InputStream.nullInputStream(), "run", config.toString(), "--report", "json");
        assertThat(result.status()).as(result.err()).isZero();
        return new ObjectMapper().readTree(result.out());
    }

    private String example() throws IOException {
        return Files.readString(ROOT.resolve("examples/13-switchdev.yaml"))
            .replace("examples/", ROOT.resolve("examples") + "/").replace("out/", folder.resolve("out") + "/");
    }

    private String withoutNic() throws IOException {
        String example = example().replaceFirst("nics:\n.*\n", "").replaceAll("    (nic|vf): .*\n", "")
            .replaceFirst("  nic0vf0: \\{.*\n", "")
            .replaceFirst("(home.pcap\n.*\n)", "$1    mac: 02:00:00:00:00:01\n    addresses: [192.168.1.1/24]\n");
        Path rules = folder.resolve("rules.nft");
        Files.writeString(rules, Files.readString(ROOT.resolve("examples/13-switchdev.nft"))
            .replace("nic0vf0", "home").replace("\t\tflags offload;\n", ""));
        return example.replaceFirst("ruleset: .*", "ruleset: " + rules);
    }

    private List<String> sent(String file) {
        return CaptureFile.read(folder.resolve(file)).frames().stream().map(SwitchdevRunTest::text).toList();
    }

    private static String text(CapturedFrame frame) {
        return HexFormat.of().formatHex(frame.bytes());
    }
}
