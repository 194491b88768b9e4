package io.millrace.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSignalTest {

    /// What a run does, in a process of its own: works until it is told to stop, then still has something to write.
    static final class Run {

        public static void main(String[] args) throws InterruptedException {
            StopSignal stop = StopSignal.install();
            System.out.println("running");
            while (!stop.isRequested()) Thread.sleep(5);
            Thread.sleep(100);
            System.out.println("report");
            stop.done();
            Thread.sleep(60_000);
        }
    }

    @Test
    void processThatIsToldToStopWritesItsReportAndEnds() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
            Run.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).isEqualTo("running");
            process.toHandle().destroy();   // SIGTERM; Process.destroy would close the output too
            assertThat(output.readLine()).isEqualTo("report");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }
}
