package io.millrace.dataplane.route;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A network namespace of the running kernel, made for one script of commands and gone with it.
final class LinuxNamespace {

    private static final String MARK = "@@";
    private static final int TIMEOUT_SECONDS = 60;

    /// What a command printed, both streams, and its exit status.
    record Answer(String command, String text, int status) {}

    /// Skips the test where the kernel or its tools are not at hand: no root, no namespaces, no TAP devices.
    static void required() {
        List<Answer> probe = List.of();
        try {
            probe = run(List.of("ip tuntap add t0 mode tap"));
        } catch (IOException e) {
            Assumptions.abort("no unshare: " + e.getMessage());
        }
        Assumptions.assumeTrue(!probe.isEmpty() && probe.getFirst().status() == 0,
            "cannot make a TAP device in a network namespace: " + probe);
    }

    static List<Answer> run(List<String> commands) throws IOException {
        var script = new StringBuilder();
        for (String command : commands) {
            script.append(command).append(" 2>&1; status=$?; echo; echo ").append(MARK).append(" $status\n");
        }
        Process process = new ProcessBuilder("unshare", "-n", "sh", "-s").redirectErrorStream(true).start();
        process.getOutputStream().write(script.toString().getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return split(commands, output);
    }

    private static List<Answer> split(List<String> commands, String output) {
        List<Answer> answers = new ArrayList<>();
        var text = new StringBuilder();
        for (String line : output.lines().toList()) {
            if (line.startsWith(MARK)) {
                int status = Integer.parseInt(line.substring(MARK.length()).strip());
                answers.add(new Answer(commands.get(answers.size()), text.toString().strip(), status));
                text.setLength(0);
            } else {
                text.append(line).append('\n');
            }
        }
        return answers;
    }

    private LinuxNamespace() {}
}
