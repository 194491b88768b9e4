package io.millrace.perf.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Millrace as a process of its own inside a host, with the class path, JDK and JVM flags of this process.
public final class MillraceProcess implements AutoCloseable {

    private static final long START_MS_MAX = 30_000;
    private static final long END_SECONDS_MAX = 20;

    private final Host host;
    private final Process process;
    private final Path output;

    private MillraceProcess(Host host, Process process, Path output) {
        this.host = host;
        this.process = process;
        this.output = output;
    }

    /// Runs this config and waits until the host has these devices.
    public static MillraceProcess run(Host host, Path config, List<String> devices)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("millrace-run", ".txt");
        var started = new MillraceProcess(host, host.start(output, command("run", config.toString())), output);
        for (String device : devices) started.await(device);
        return started;
    }

    /// The words that start Millrace with this process's class path, JDK and JVM flags.
    public static String[] command(String... arguments) {
        String root = System.getProperty("millrace.root");
        var words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + root + "/jvm.options", "-Dmillrace.root=" + root, "-cp", System.getProperty("java.class.path"),
            "io.millrace.control.Main"));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    private void await(String device) throws IOException, InterruptedException {
        long giveUpNs = System.nanoTime() + START_MS_MAX * 1_000_000;
        while (!host.isUp(device)) {
            if (!process.isAlive() || System.nanoTime() > giveUpNs) {
                throw new IOException("millrace did not start: " + Files.readString(output, StandardCharsets.UTF_8));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// `kill -9`.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// `kill`, and what it printed.
    public String stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("millrace did not end when it was told to");
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
