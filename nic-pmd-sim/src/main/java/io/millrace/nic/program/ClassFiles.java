package io.millrace.nic.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the class files of engines are read from.
@FunctionalInterface
public interface ClassFiles {

    /// The class file of a class by its binary name (`io.millrace.gro.Merging`), or null if there is none.
    byte[] find(String className);

    /// Those that this process runs.
    static ClassFiles ofClassPath() {
        return className -> {
            try (InputStream file = ClassFiles.class.getResourceAsStream("/" + fileName(className))) {
                return file == null ? null : file.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the class file of " + className, e);
            }
        };
    }

    /// Those below a folder, as a compiler lays them out; what is not there is taken from `otherwise`.
    static ClassFiles ofFolder(Path folder, ClassFiles otherwise) {
        return className -> {
            Path file = folder.resolve(fileName(className));
            try {
                return Files.isRegularFile(file) ? Files.readAllBytes(file) : otherwise.find(className);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        };
    }

    private static String fileName(String className) {
        return className.replace('.', '/') + ".class";
    }
}
