package io.millrace.nic.capture;

import io.millrace.testkit.CorpusFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Corpus files as the product takes them: not gzipped.
final class Unpacked {

    /// Where the capture itself lies; a gzipped one is unpacked into `folder`.
    static Path path(CorpusFile file, Path folder) throws IOException {
        if (!file.isGzipped()) return file.path();
        return Files.write(folder.resolve("unpacked"), file.bytes());
    }

    private Unpacked() {}
}
