package io.millrace.control.nft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Finds and reads included files: as written from the working folder, or below `/etc`. A pattern gives all that match,
/// by name; none is fine.
final class IncludePath {

    private static final List<Path> FOLDERS = List.of(Path.of(""), Path.of("/etc"));

    /// The sources of an `include`, or null when the file is not there.
    static List<Source> find(String pattern) throws IOException {
        boolean isPattern = pattern.matches(".*[*?\\[].*");
        for (Path folder : FOLDERS) {
            List<Source> sources = isPattern ? matching(folder, pattern) : single(folder.resolve(pattern));
            if (!sources.isEmpty()) return sources;
            if (Path.of(pattern).isAbsolute()) break;
        }
        return isPattern ? List.of() : null;
    }

    private static List<Source> single(Path path) throws IOException {
        return Files.isRegularFile(path) ? List.of(read(path)) : List.of();
    }

    private static List<Source> matching(Path folder, String pattern) throws IOException {
        Path full = folder.resolve(pattern);
        Path parent = full.getParent() == null ? Path.of("") : full.getParent();
        if (!Files.isDirectory(parent)) return List.of();
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + full.getFileName());
        List<Source> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(parent)) {
            for (Path file : files.sorted().toList()) {
                if (Files.isRegularFile(file) && matcher.matches(file.getFileName())) sources.add(read(file));
            }
        }
        return sources;
    }

    static Source read(Path path) throws IOException {
        String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        return new Source(path.toString(), text, path.toAbsolutePath().getParent());
    }

    private IncludePath() {}
}
