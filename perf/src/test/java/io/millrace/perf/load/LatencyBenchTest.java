package io.millrace.perf.load;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class LatencyBenchTest {

    @TempDir
    private Path folder;

    private static String run(String... arguments) {
        var out = new StringWriter();
        int status = new CommandLine(new LatencyBench()).setOut(new PrintWriter(out)).execute(arguments);
        assertThat(status).isZero();
        return out.toString();
    }

    /// Percentiles in ascending order, the least above 0, of as many packets as were meant.
    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void measuresEveryPacketAndTheMachineBesideIt(String threading) throws Exception {
        Assumptions.assumeTrue(threading.equals("shared") || Runtime.getRuntime().availableProcessors() > 1);
        Path page = folder.resolve("latency.html");
        JsonNode result = new ObjectMapper().readTree(run("--rate", "20000", "--seconds", "1", "--threading", threading,
            "--json", "--html", page.toString()));
        assertThat(result.get("sent").asLong()).as("all, unless the machine stood still at the end")
            .isBetween(1_000L, 20_100L);
        for (String of : new String[] {"latencyNs", "hiccupsNs", "hiccupsAsMetNs"}) {
            JsonNode row = result.get(of);
            long before = 1;
            for (String percentile : new String[] {"median", "p99", "p99.99", "p99.999", "max"}) {
                assertThat(row.get(percentile).asLong()).as(of + " " + percentile).isGreaterThanOrEqualTo(before);
                before = row.get(percentile).asLong();
            }
            assertThat(before).as("below the time that it took").isLessThan(60_000_000_000L);
        }
        assertThat(result.get("hiccupsNs").get("max").asLong()).as("the clock's own step and more").isGreaterThan(10);
        assertThat(result.get("threading").asString()).startsWith(threading).contains("processor");
        assertThat(result.at("/latencyNs/count").asLong() + result.get("lost").asLong())
            .isGreaterThanOrEqualTo(result.get("sent").asLong());
        assertThat(Files.readString(page)).contains("<svg", "hiccups", "router");
    }
}
