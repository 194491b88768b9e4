package io.millrace.control.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that is to be written and may not be there yet.
public record TargetFile(Path path) {

    /// True also for two names of one file, by links of either kind.
    public boolean isSameAs(Path other) {
        try {
            if (Files.exists(path) && Files.exists(other)) return Files.isSameFile(path, other);
            return resolved(path).equals(resolved(other));
        } catch (IOException e) {
            return path.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
        }
    }

    /// Where a file will be: links on the way are followed.
    private static Path resolved(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = existingFolder(absolute);
        return folder == null ? absolute : folder.toRealPath().resolve(folder.relativize(absolute));
    }

    private static Path existingFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        while (folder != null && !Files.exists(folder)) folder = folder.getParent();
        return folder;
    }

    /// Why it cannot be written; empty if it can. Folders that are missing will be made.
    public String objection() {
        Path folder = existingFolder(path);
        if (Files.isDirectory(path)) return "it is a folder";
        if (Files.exists(path) && !Files.isRegularFile(path)) return "it is there and not a regular file";
        if (Files.exists(path) && !Files.isWritable(path)) return "permission denied";
        if (folder == null || !Files.isDirectory(folder)) return folder + " is no folder";
        return Files.isWritable(folder) ? "" : "the folder " + folder + " is write-protected";
    }
}
