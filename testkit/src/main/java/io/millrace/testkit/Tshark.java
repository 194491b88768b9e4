package io.millrace.testkit;

import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What the installed `tshark` and `capinfos` say about a capture file. One process per call, ended after a timeout.
///
/// Checksums are verified, names are not resolved, and packets are not put together across frames, so that every row
/// speaks of its own frame alone.
public final class Tshark {

    /// Arguments of [#fields] that leave out custom blocks of pcapng files, which tshark counts among the frames.
    public static final List<String> PACKETS_ONLY = List.of("-Y", "frame.encap_type");

    private static final long TIMEOUT_SECONDS = 120;

    private static final List<String> PREFERENCES = List.of(
        "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "udplite.check_checksum:TRUE",
        "sctp.checksum:CRC 32c",
        "ip.defragment:FALSE", "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE",
        "tcp.relative_sequence_numbers:FALSE");

    /// True if both programs can be run.
    public static boolean isInstalled() {
        String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
        return Stream.of("tshark", "capinfos").allMatch(program ->
            Arrays.stream(folders).anyMatch(folder -> Files.isExecutable(Path.of(folder, program))));
    }

    /// Skips the calling test if the programs are not installed.
    public static void required() {
        Assumptions.assumeTrue(isInstalled(), "tshark and capinfos must be installed (package tshark)");
    }

    /// One row a frame, one cell a field (`ip.src`). A field that occurs several times in a frame gives its values
    /// separated by commas, outermost first; one that does not occur gives an empty text.
    public static List<List<String>> fields(Path capture, String... names) {
        return fields(List.of(), capture, names);
    }

    /// The same with more arguments, say `-o` and a preference, `-d` and a decoding, `-Y` and a filter.
    public static List<List<String>> fields(List<String> arguments, Path capture, String... names) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString(), "-T", "fields",
            "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"));
        PREFERENCES.forEach(preference -> Collections.addAll(command, "-o", preference));
        for (String name : names) {
            Collections.addAll(command, "-e", name);
        }
        command.addAll(arguments);
        return run(command).lines().map(line -> List.of(line.split("\t", -1))).toList();
    }

    /// What `capinfos` counts in the file.
    public static int packetCount(Path capture) {
        String report = run(List.of("capinfos", "-M", "-c", "-T", "-r", capture.toString()));
        return Integer.parseInt(report.strip().split("\t")[1]);
    }

    private static String run(List<String> command) {
        return run(command, TIMEOUT_SECONDS);
    }

    /// Runs a command and returns what it wrote to standard output; fails if it does not succeed in time.
    static String run(List<String> command, long timeoutSeconds) {
        try {
            Path output = Files.createTempFile("tshark", ".out");
            Path errors = Files.createTempFile("tshark", ".err");
            try {
                Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
                try {
                    if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("not done after " + timeoutSeconds + " s: " + command);
                    }
                } finally {
                    process.destroyForcibly();
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(String.join(" ", command) + " ended with " + process.exitValue()
                        + ": " + Files.readString(errors).strip());
                }
                return Files.readString(output);
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + command, e);
        }
    }

    private Tshark() {}
}
