package io.millrace.perf.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// DPDK's `rte_raw_cksum` as a peer: a C program over the installed header, compiled into a temporary folder that goes
/// with this object.
final class RawChecksumPeer implements AutoCloseable {

    static final String NAME = "rte_raw_cksum";

    private static final String SOURCE = "raw-checksum.c";
    private static final long TIMEOUT_SECONDS = 60;

    private final Path folder;
    private final Path program;

    private RawChecksumPeer(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
    }

    /// Compiles the program as DPDK itself is compiled. Fails with what the compiler said.
    static RawChecksumPeer compile() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("millrace-checksum");
        Path source = folder.resolve(SOURCE);
        Path program = folder.resolve("raw-checksum");
        try (InputStream text = RawChecksumPeer.class.getResourceAsStream(SOURCE)) {
            Files.copy(text, source);
            String flags = run(List.of("pkg-config", "--cflags", "--libs", "libdpdk"));
            var command = new ArrayList<>(List.of("cc", "-O3", source.toString(), "-o", program.toString()));
            command.addAll(List.of(flags.strip().split("\\s+")));
            run(command);
            return new RawChecksumPeer(folder, program);
        } catch (IOException | InterruptedException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /// Nanoseconds that one packet of this length takes: the median of as many windows of time.
    double nsPerPacket(int byteCount, ChecksumTraffic layout, int windows, int windowMicroseconds)
            throws IOException, InterruptedException {
        return Double.parseDouble(run(List.of(program.toString(), String.valueOf(byteCount),
            String.valueOf(layout.packetCount()), String.valueOf(layout.strideBytes()), String.valueOf(windows),
            String.valueOf(windowMicroseconds))));
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }

    /// What the program printed; fails if it did.
    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("millrace-checksum", ".txt");
        try {
            Process process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            boolean hasEnded = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!hasEnded) process.destroyForcibly();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!hasEnded || process.exitValue() != 0) {
                throw new IOException(command.getFirst()
                    + " failed (Debian: apt-get install gcc pkg-config libdpdk-dev):\n" + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
