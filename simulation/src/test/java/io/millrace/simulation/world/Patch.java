package io.millrace.simulation.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A unified diff, applied to the text of files. Lines that it keeps or takes away must be there, so that a patch which
/// the sources have outgrown is noticed.
final class Patch {

    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(?:,\\d+)? \\+\\d+(?:,\\d+)? @@.*");

    private record Hunk(List<String> before, List<String> after) {}

    private final Map<String, List<Hunk>> hunksByFile = new LinkedHashMap<>();

    static Patch read(Path file) throws IOException {
        var patch = new Patch();
        List<Hunk> hunks = null;
        Hunk hunk = null;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("+++ b/")) {
                hunks = new ArrayList<>();
                patch.hunksByFile.put(line.substring("+++ b/".length()), hunks);
                hunk = null;
                continue;
            }
            Matcher start = HUNK.matcher(line);
            if (start.matches()) {
                hunk = new Hunk(new ArrayList<>(), new ArrayList<>());
                hunks.add(hunk);
            } else if (line.startsWith("diff ")) {
                hunk = null;   // the head of another file
            } else if (hunk != null) {
                String text = line.isEmpty() ? "" : line.substring(1);
                if (!line.startsWith("+")) hunk.before().add(text);
                if (!line.startsWith("-")) hunk.after().add(text);
            }
        }
        return patch;
    }

    /// Paths that it changes, from the root of the project.
    List<String> files() {
        return List.copyOf(hunksByFile.keySet());
    }

    /// The text of a file with its changes. Each hunk must fit in exactly one place.
    String applied(String file, String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (Hunk hunk : hunksByFile.get(file)) {
            int at = placeOf(hunk.before(), lines);
            if (at < 0) throw new AssertionError("does not fit " + file + " any more: " + hunk.before());
            lines.subList(at, at + hunk.before().size()).clear();
            lines.addAll(at, hunk.after());
        }
        return String.join("\n", lines) + "\n";
    }

    private static int placeOf(List<String> wanted, List<String> lines) {
        int found = -1;
        for (int at = 0; at + wanted.size() <= lines.size(); at++) {
            if (!lines.subList(at, at + wanted.size()).equals(wanted)) continue;
            if (found >= 0) return -1;
            found = at;
        }
        return found;
    }
}
