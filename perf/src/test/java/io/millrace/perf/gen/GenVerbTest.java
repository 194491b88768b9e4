package io.millrace.perf.gen;

import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class GenVerbTest {

    @TempDir
    private Path folder;

    private String complaint = "";

    private String gen(String profile, String... arguments) {
        var out = new StringWriter();
        var commandLine = new CommandLine(new GenVerb()).setOut(new PrintWriter(out));
        commandLine.setExecutionExceptionHandler((exception, line, result) -> {
            complaint = exception.getMessage();
            return 2;
        });
        String[] all = new String[arguments.length + 1];
        all[0] = profile;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        commandLine.execute(all);
        return out.toString();
    }

    private static String example(String name) {
        return Project.root().resolve("examples/load").resolve(name).toString();
    }

    @Test
    void writesTheSameBytesForTheSameSeed() throws Exception {
        Path first = folder.resolve("a.pcap");
        Path again = folder.resolve("b.pcap");
        Path other = folder.resolve("c.pcap");
        gen(example("imix.yaml"), "--to", first.toString(), "--count", "500");
        gen(example("imix.yaml"), "--to", again.toString(), "--count", "500");
        gen(example("imix.yaml"), "--to", other.toString(), "--count", "500", "--seed", "9");
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(first));
        assertThat(Files.readAllBytes(other)).isNotEqualTo(Files.readAllBytes(first));
        assertThat(CaptureFile.read(first).frames()).hasSize(500);
    }

    @Test
    void reportsWhatItWroteAsJson() {
        String text = gen(example("ruleset-scaling.yaml"), "--to", folder.resolve("a.pcapng").toString(), "--duration",
            "10ms", "--json");
        JsonNode report = new ObjectMapper().readTree(text);
        assertThat(report.get("streams").get(0).get("packets").asLong()).isEqualTo(5_000);
        assertThat(report.get("packets").asLong()).isEqualTo(10_000);
    }

    @Test
    void sessionsTalkWithThemselvesInACapture() throws Exception {
        Path file = folder.resolve("s.pcap");
        JsonNode report = new ObjectMapper().readTree(
            gen(example("connections.yaml"), "--to", file.toString(), "--count", "50", "--json"));
        for (JsonNode kind : report.get("sessions")) assertThat(kind.get("completed").asLong()).isEqualTo(50);
        assertThat(CaptureFile.read(file).frames().size()).isGreaterThan(50 * (8 + 2));
    }

    @Test
    void whatAPortOfTheSameProcessForwardsComesBack() {
        JsonNode report = new ObjectMapper().readTree(gen(example("nat-flows.yaml"), "--to", "port:lan", "--config",
            example("gateway.yaml"), "--count", "2000", "--json"));
        assertThat(report.get("streams").get(0).get("packets").asLong()).isEqualTo(2000);
        assertThat(report.get("streams").get(0).get("received").asLong()).isEqualTo(2000);
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        gen(example("imix.yaml"), "--to", folder.resolve("a.pcap").toString());
        assertThat(complaint).contains("stream imix has no end", "--count");
        gen(example("imix.yaml"), "--to", "tap:a/b", "--count", "1");
        assertThat(complaint).contains("--to tap:a/b: no name for a device");
        gen(example("imix.yaml"), "--to", "port:lan", "--count", "1");
        assertThat(complaint).contains("--config FILE and --to port:NAME go together");
        gen(example("imix.yaml"), "--to", "port:lam", "--config", example("gateway.yaml"), "--count", "1");
        assertThat(complaint).contains("has no such port", "allowed: lan, wan");
        gen(example("imix.yaml"), "--to", "a.txt", "--count", "1");
        assertThat(complaint).contains("cannot tell what that is", "FILE.pcapng");
        Path fast = folder.resolve("fast.yaml");
        Files.writeString(fast, Files.readString(Path.of(example("imix.yaml"))).replace("rate: 10%", "rate: max"));
        gen(fast.toString(), "--to", folder.resolve("a.pcap").toString(), "--count", "1");
        assertThat(complaint).contains("rate: max", "--to null");
        assertThat(gen(fast.toString(), "--to", "null", "--count", "1000")).contains("1,000");
    }
}
