package io.millrace.nic.sim.mailbox;

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

import static org.assertj.core.api.Assertions.assertThat;

/// Runs [MailboxStress] under jcstress, briefly; with `-Dmillrace.full=true` as `-m quick`.
class MailboxStressTest {

    private static final List<String> BRIEFLY = List.of("-sc", "false", "-af", "NONE", "-f", "1", "-fsm", "1",
        "-iters", "1", "-time", "400", "-hs", "64",
        "-jvmArgs", "-ea -XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM");
    private static final List<String> LONG = List.of("-m", "quick", "-jvmArgsPrepend", "-ea");

    @TempDir
    private Path folder;

    @Test
    void noSideSeesAForbiddenOutcome() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "needs two processors");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Project.root().resolve("jvm.options"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main",
            "-t", MailboxStress.class.getName(), "-r", folder.resolve("report").toString()));
        command.addAll(Seeds.isFull() ? LONG : BRIEFLY);
        Path log = folder.resolve("jcstress.log");
        Process process = new ProcessBuilder(command)
            .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertThat(process.waitFor(Seeds.isFull() ? 1_800 : 120, TimeUnit.SECONDS)).as("ended").isTrue();
            String output = Files.readString(log);
            assertThat(output).containsPattern("Results: (\\d+) planned; \\1 passed, 0 failed, 0 soft errs, 0 hard errs");
            assertThat(process.exitValue()).as(output).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
