package io.millrace.perf.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// DPDK's `dpdk-testpmd` as a peer: one forwarding core over an in-memory port, no huge pages, no device.
final class Testpmd {

    private static final String PROGRAM = "dpdk-testpmd";
    private static final Pattern RX_PPS = Pattern.compile("Rx-pps:\\s+(\\d+)");

    /// Statistics of the first second cover the start.
    private static final int SECONDS_SKIPPED = 1;

    static boolean isInstalled() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, PROGRAM))) return true;
        }
        return false;
    }

    /// Whether the peer that was asked for is testpmd, which is here; another peer is refused.
    static boolean isWanted(Optional<String> peer) throws IOException {
        if (peer.isEmpty()) return false;
        if (!peer.get().equals("dpdk")) throw new IOException("no peer \"" + peer.get() + "\"; allowed: dpdk");
        if (isInstalled()) return true;
        throw new IOException("dpdk-testpmd is not installed (Debian: apt-get install dpdk dpdk-dev)");
    }

    /// A port that gives the packets of a capture again and again.
    static String pcapPort(Path capture) {
        return "net_pcap0,rx_pcap=" + capture + ",infinite_rx=1";
    }

    /// A port that gives and takes nothing but 64-byte packets, copied once on each side.
    static String nullPort() {
        return "net_null0,size=64,copy=1";
    }

    /// Million packets a second of one core in this forwarding mode: the median of the seconds measured.
    static double mpps(String port, String mode, int seconds) throws IOException, InterruptedException {
        return mpps(port, mode, seconds, List.of());
    }

    /// The same after these commands, each a line of testpmd's own language.
    static double mpps(String port, String mode, int seconds, List<String> commands)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(PROGRAM, "-l", "0,1", "--no-huge", "--no-pci", "-m", "1024",
            "--no-telemetry", "--file-prefix=millrace" + ProcessHandle.current().pid(), "--log-level=lib.eal:error",
            "--vdev", port, "--"));
        command.addAll(List.of("--forward-mode=" + mode, "--auto-start", "--stats-period=1", "--nb-cores=1",
            "--burst=64"));
        Path output = Files.createTempFile("millrace-testpmd", ".txt");
        Path script = Files.createTempFile("millrace-testpmd", ".cmd");
        if (!commands.isEmpty()) command.add("--cmdline-file=" + Files.write(script, commands));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE).start();
        try {
            return median(process, output, seconds);
        } finally {
            stop(process);
            Files.deleteIfExists(output);
            Files.deleteIfExists(script);
        }
    }

    private static double median(Process process, Path output, int seconds) throws IOException, InterruptedException {
        long giveUpNs = System.nanoTime() + Duration.ofSeconds(seconds + 30L).toNanos();
        while (System.nanoTime() < giveUpNs) {
            double[] rates = rates(output);
            if (rates.length >= seconds + SECONDS_SKIPPED) {
                double[] steady = Arrays.copyOfRange(rates, SECONDS_SKIPPED, rates.length);
                Arrays.sort(steady);
                return steady[steady.length / 2] / 1e6;
            }
            if (!process.isAlive()) break;
            Thread.sleep(100);
        }
        throw new IOException(PROGRAM + " gave no statistics:\n" + Files.readString(output, StandardCharsets.UTF_8));
    }

    private static double[] rates(Path output) throws IOException {
        Matcher matcher = RX_PPS.matcher(Files.readString(output, StandardCharsets.UTF_8));
        return matcher.results().mapToDouble(match -> Double.parseDouble(match.group(1))).toArray();
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();   // SIGTERM: it closes its ports and ends
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly().waitFor();
    }

    private Testpmd() {}
}
