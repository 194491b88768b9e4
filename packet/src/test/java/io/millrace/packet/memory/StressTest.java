package io.millrace.packet.memory;

import io.millrace.testkit.Project;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs the `…Stress` classes of this package under jcstress, each for 0.4 s in one JVM with a randomised compiler;
/// with `-Dmillrace.full=true` in all modes of jcstress, which takes minutes.
///
/// What it can see on x86: a publication before the writes it publishes, a lost update, a cell used by two. What it
/// cannot: a release store made plain, because neither that processor nor HotSpot moves it here.
class StressTest {

    private static final Pattern RESULTS = Pattern.compile(
        "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");

    private static final List<String> BRIEFLY = List.of("-sc", "false", "-af", "NONE", "-f", "1", "-fsm", "1",
        "-iters", "1", "-time", "400", "-hs", "256",
        "-jvmArgs", "-ea -XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM");
    private static final List<String> LONG = List.of("-m", "quick", "-jvmArgsPrepend", "-ea");

    @TempDir
    Path folder;

    @Test
    void noThreadSeesAForbiddenOutcome() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two processors");
        String output = run(Seeds.isFull() ? LONG : BRIEFLY, Seeds.isFull() ? 1_800 : 120);
        Matcher results = RESULTS.matcher(output);
        int plannedCount = 0;
        int passedCount = 0;
        while (results.find()) {   // the last line is the final one
            plannedCount = Integer.parseInt(results.group(1));
            passedCount = Integer.parseInt(results.group(2));
        }
        assertThat(plannedCount).as(output).isGreaterThanOrEqualTo(testCount());
        assertThat(passedCount).as(output).isEqualTo(plannedCount);
    }

    private static int testCount() {
        return PacketRingStress.class.getDeclaredClasses().length + FreeRingStress.class.getDeclaredClasses().length;
    }

    private String run(List<String> mode, int timeoutSeconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Project.root().resolve("jvm.options"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main",
            "-t", PacketRingStress.class.getPackageName(), "-r", folder.resolve("report").toString()));
        command.addAll(mode);
        Path log = folder.resolve("jcstress.log");
        Process process = new ProcessBuilder(command)
            .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            boolean hasEnded = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
            String output = Files.readString(log);
            assertThat(hasEnded).as("ended within %d s:%n%s", timeoutSeconds, output).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
