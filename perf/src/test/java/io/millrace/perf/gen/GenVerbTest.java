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
        String text = gen(example("syn-flood.yaml"), "--to", folder.resolve("a.pcapng").toString(), "--duration",
            "1010ms", "--json");
        JsonNode report = new ObjectMapper().readTree(text);
        // 100,000 a second for 1.01 s; the flood's 1,000,000 a second begin after a second, and last as long.
        assertThat(report.get("streams").get(0).get("packets").asLong()).isEqualTo(101_000);
        assertThat(report.get("streams").get(1).get("packets").asLong()).isEqualTo(1_010_000);
        assertThat(report.get("packets").asLong()).isEqualTo(1_111_000);
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        gen(example("imix.yaml"), "--to", folder.resolve("a.pcap").toString());
        assertThat(complaint).contains("stream imix has no end", "--count");
        gen(example("imix.yaml"), "--to", "tap:x", "--count", "1");
        assertThat(complaint).contains("sending to a TAP device is not available yet");
        gen(example("imix.yaml"), "--to", "a.txt", "--count", "1");
        assertThat(complaint).contains("cannot tell what that is", "FILE.pcapng");
        Path fast = folder.resolve("fast.yaml");
        Files.writeString(fast, Files.readString(Path.of(example("imix.yaml"))).replace("rate: 10%", "rate: max"));
        gen(fast.toString(), "--to", folder.resolve("a.pcap").toString(), "--count", "1");
        assertThat(complaint).contains("rate: max", "--to null");
        assertThat(gen(fast.toString(), "--to", "null", "--count", "1000")).contains("1,000");
    }
}
