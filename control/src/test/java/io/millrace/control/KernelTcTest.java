package io.millrace.control;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// The same filters given to Linux and to Millrace are shown alike. Skipped where there is no `tc`, no right to make a
/// network namespace, or no flower in the kernel.
class KernelTcTest {

    private static final String DEVICES = "ip link add lan type veth peer name wan && tc qdisc add dev lan clsact";
    private static final String ADD = "tc filter add dev lan ingress ";

    @TempDir
    private Path folder;

    private record Shell(int status, String out) {}

    /// Runs a script in a network namespace of its own, which ends with it.
    private static Shell inNamespace(String script) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("unshare", "-n", "sh", "-c", script).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Shell(-1, e.getMessage());
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Shell(process.waitFor(), out);
    }

    @Test
    void showsWhatLinuxShows() throws IOException, InterruptedException {
        Shell probe = inNamespace(DEVICES + " && " + ADD + "protocol ip flower action drop");
        Assumptions.assumeTrue(probe.status() == 0, () -> "no flower in this kernel: " + probe.out().strip());
        List<String> filters = new ArrayList<>();
        for (String row : TcVerbTest.rows("keys.txt")) filters.add(row.split(" \\| ")[0].strip() + " action pass");
        for (String row : TcVerbTest.rows("actions.txt")) {
            filters.add("protocol ip flower action " + row.split(" \\| ")[0].strip());
        }
        for (String filter : filters) {
            Shell kernel = inNamespace(DEVICES + " && " + ADD + filter + " && tc filter show dev lan ingress");
            assertThat(kernel.status()).as(filter + ": " + kernel.out()).isZero();
            try (var router = new LiveRouter(folder)) {
                router.fine("tc qdisc add dev lan clsact");
                router.fine(ADD + filter);
                assertThat(lines(router.fine("tc filter show dev lan ingress"))).as(filter)
                    .containsExactlyElementsOf(lines(kernel.out()).toList());
            }
        }
    }

    /// Without what differs between versions of tc: blanks.
    private static Stream<String> lines(String text) {
        return text.lines().map(line -> line.strip().replaceAll(" +", " ")).filter(line -> !line.isEmpty());
    }
}
