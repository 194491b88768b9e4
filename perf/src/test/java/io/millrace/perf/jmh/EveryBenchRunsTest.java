package io.millrace.perf.jmh;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs each benchmark for one short iteration in this JVM. The numbers mean nothing.
class EveryBenchRunsTest {

    @Test
    void everyBenchmarkGivesANumber() throws RunnerException, IOException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
            .include(EveryBenchRunsTest.class.getPackageName())
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(20))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build()).run();
        long benchmarkCount = results.stream().map(result -> result.getParams().getBenchmark()).distinct().count();
        assertThat(benchmarkCount).isEqualTo(generatedCount());
        assertThat(results).allSatisfy(result ->
            assertThat(result.getPrimaryResult().getScore()).as(result.getParams().id()).isPositive());
    }

    /// What the annotation processor found; none would mean that it did not run.
    private static long generatedCount() throws IOException {
        try (InputStream list = Runner.class.getResourceAsStream("/META-INF/BenchmarkList")) {
            assertThat(list).isNotNull();
            long count = new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().count();
            assertThat(count).isPositive();
            return count;
        }
    }
}
