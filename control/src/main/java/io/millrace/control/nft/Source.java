package io.millrace.control.nft;

import java.nio.file.Path;
import java.util.List;

/// A text of commands: its name in messages (empty for a command line), its text, the folder it came from.
public record Source(String name, String text, Path folder) {

    public static Source of(String name, String text) {
        return new Source(name, text, Path.of(""));
    }

    /// The line of this number, from 1, without its end.
    String line(int number) {
        List<String> lines = text.lines().toList();
        return number <= lines.size() ? lines.get(number - 1) : "";
    }
}
