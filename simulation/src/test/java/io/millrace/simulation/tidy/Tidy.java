package io.millrace.simulation.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules of house style that a machine can see, as violations of the form `file:line: rule`.
final class Tidy {

    static final int FILE_LINES_MAX = 500;
    static final int METHOD_LINES_MAX = 60;
    static final int LINE_CHARACTERS_MAX = 120;

    private static final Pattern BANNED_NAME =
        Pattern.compile("(?:\\w*(?:Utils?|Helper|Manager|Impl|Common|Misc)|(?:Abstract|Base|Default)[A-Z]\\w*)\\.java");
    /// Rows of tables, and literals: bytes and texts that would be harder to read in pieces.
    private static final Pattern MAY_BE_LONG = Pattern.compile("^\\s*(?:/// (?:\\||@param)|\"|\\{\"|[ |+])|\"\"\"");
    private static final Pattern OLD_DOC = Pattern.compile("^\\s*/\\*\\*");
    private static final Pattern BANNER = Pattern.compile("//\\s*[-=*]{4,}|/{4,}");
    private static final Pattern TO_DO = Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b");
    private static final Pattern AUTHOR = Pattern.compile("@author\\b");
    private static final Pattern METHOD = Pattern.compile(
        "^    (?! )(?:(?:public|protected|private|static|final|abstract|synchronized|default|native) )*"
            + "(?:<[^>]+> )?[\\w<>\\[\\].,?& ]+ \\w+\\(.*|^    (?! )(?:(?:public|protected|private) )?[A-Z]\\w*[a-z]\\w*\\(.*");

    private Tidy() {}

    /// Every Java source below the root, build output left out.
    static List<Path> javaSources(Path root) {
        return filesEndingIn(root, ".java");
    }

    static List<Path> filesEndingIn(Path root, String ending) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> path.toString().endsWith(ending))
                .filter(path -> !root.relativize(path).toString().matches("(.*/)?(target|out|\\.git)/.*"))
                .sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> violations(Path file, String text) {
        var found = new ArrayList<String>();
        String name = file.getFileName().toString();
        if (BANNED_NAME.matcher(name).matches()) found.add(file + ":1: the name says nothing, name the thing");
        List<String> lines = text.lines().toList();
        if (lines.size() > FILE_LINES_MAX) {
            found.add(file + ":" + lines.size() + ": more than " + FILE_LINES_MAX + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            String rule = brokenBy(lines.get(i));
            if (rule != null) found.add(file + ":" + (i + 1) + ": " + rule);
        }
        found.addAll(longMethods(file, lines));
        return found;
    }

    private static String brokenBy(String line) {
        if (line.length() > LINE_CHARACTERS_MAX && !MAY_BE_LONG.matcher(line).find()) {
            return "longer than " + LINE_CHARACTERS_MAX + " characters";
        }
        if (line.indexOf('\t') >= 0) return "a tab";
        if (!line.isEmpty() && Character.isWhitespace(line.charAt(line.length() - 1))) return "white space at the end";
        if (OLD_DOC.matcher(line).find()) return "documentation comments are written with ///";
        if (BANNER.matcher(line).find()) return "a banner";
        if (TO_DO.matcher(line).find()) return "unfinished work";
        if (AUTHOR.matcher(line).find()) return "authors stand in the history";
        return null;
    }

    /// Members begin at four spaces and end with a brace at four spaces: the house's formatting makes this exact
    /// enough.
    private static List<String> longMethods(Path file, List<String> lines) {
        var found = new ArrayList<String>();
        int startedAt = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (startedAt < 0 && METHOD.matcher(line).matches() && !line.endsWith(";") && !line.endsWith("}")) {
                startedAt = i;
            } else if (startedAt >= 0 && (line.equals("    }") || line.equals("    };"))) {
                int lineCount = i - startedAt + 1;
                if (lineCount > METHOD_LINES_MAX) {
                    found.add(file + ":" + (startedAt + 1) + ": a method of " + lineCount + " lines, allowed are "
                        + METHOD_LINES_MAX);
                }
                startedAt = -1;
            }
        }
        return found;
    }
}
