package io.millrace.control.nft;

import io.millrace.flow.ruleset.Ruleset;
import io.millrace.testkit.Project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/// Rulesets of others, beside the corpus of captures; a test that needs them is skipped where they are missing.
final class Rulesets {

    static final TextListing.Style PLAIN = new TextListing.Style(false, false, false);

    static Path required(String folder) {
        Path path = Project.corpus().resolveSibling(folder);
        Assumptions.assumeTrue(Files.isDirectory(path), () -> "no rulesets at " + path);
        return path;
    }

    static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NftLoader.Outcome load(String text) {
        return NftLoader.load(Source.of("", text), Ruleset.EMPTY);
    }

    /// The listing of what the text gives.
    static String listed(String text) {
        NftLoader.Outcome outcome = load(text);
        if (!outcome.isFine()) throw new AssertionError(outcome.errorText());
        return TextListing.of(outcome.ruleset(), Listing.ALL, PLAIN);
    }

    private Rulesets() {}
}
