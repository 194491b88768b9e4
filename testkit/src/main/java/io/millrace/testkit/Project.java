package io.millrace.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where things are: the project's root, and the outside inputs beside it.
///
/// The root is the system property `millrace.root` (set by the build), else the nearest folder above the working
/// directory that has a `.mvn`. The outside inputs are not part of the project: the environment variable
/// `MILLRACE_CORPUS` names the folder of captures, the others lie beside it.
public final class Project {

    public static final String CORPUS_VARIABLE = "MILLRACE_CORPUS";

    private static final String CORPUS_BESIDE_ROOT = "../shared/corpus";

    public static Path root() {
        String named = System.getProperty("millrace.root", "");
        if (!named.isBlank()) return Path.of(named);
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) return folder;
        }
        throw new IllegalStateException("no project root: -Dmillrace.root is not set and no folder above "
            + start + " has a .mvn");
    }

    /// The folder of captures; it need not exist.
    public static Path corpus() {
        String named = System.getenv(CORPUS_VARIABLE);
        boolean isNamed = named != null && !named.isBlank();
        return (isNamed ? root().resolve(named) : root().resolve(CORPUS_BESIDE_ROOT)).normalize();
    }

    /// The folder of nftables rulesets; it need not exist.
    public static Path rulesets() {
        return corpus().resolveSibling("rulesets");
    }

    /// The folder of what other programs said about the captures and rulesets; it need not exist.
    public static Path oracle() {
        return corpus().resolveSibling("oracle");
    }

    private Project() {}
}
