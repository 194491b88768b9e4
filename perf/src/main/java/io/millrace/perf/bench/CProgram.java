package io.millrace.perf.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A C program beside the benchmarks' classes, compiled with `cc -O3` into a temporary folder that goes with this
/// object.
final class CProgram implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 60;

    private final Path folder;
    private final Path program;

    private CProgram(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
    }

    /// Fails with what the compiler said.
    ///
    /// @param flags for the compiler, behind the source
    /// @param needs packages of Debian, for who lacks the compiler
    static CProgram compile(String source, List<String> flags, String needs) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("millrace-c");
        Path file = folder.resolve(source);
        Path program = folder.resolve("program");
        try (InputStream text = CProgram.class.getResourceAsStream(source)) {
            Files.copy(text, file);
            var command = new ArrayList<>(List.of("cc", "-O3", file.toString(), "-o", program.toString()));
            command.addAll(flags);
            output(command, needs);
            return new CProgram(folder, program);
        } catch (IOException | InterruptedException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    Path path() {
        return program;
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

    /// What a program printed; fails if it did, and then says what it may need.
    static String output(List<String> command, String needs) throws IOException, InterruptedException {
        Path output = Files.createTempFile("millrace-c", ".txt");
        try {
            Process process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            boolean hasEnded = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!hasEnded) process.destroyForcibly();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!hasEnded || process.exitValue() != 0) {
                throw new IOException(command.getFirst() + " failed (Debian: apt-get install " + needs + "):\n" + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
