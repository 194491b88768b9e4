package io.millrace.control.command.nft;

import io.millrace.control.command.Words;
import io.millrace.control.live.Refusal;
import io.millrace.control.nft.Source;
import io.millrace.control.nft.TextListing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.StringJoiner;

/// The options in front of a command of `nft`, and where its text comes from.
///
/// @param file    name of the file of commands; empty where `text` has them, whose name in messages is `title`
/// @param folder  from where `file` is meant
/// @param isCheck only to be checked
record NftOptions(String file, String folder, String title, String text, TextListing.Style style, boolean isCheck) {

    static final String ALLOWED = "-a, -c, -f FILE|-, -j, -n, -s";

    /// Takes all words. Reads no file yet.
    static NftOptions read(Words words) {
        boolean hasHandles = false;
        boolean isStateless = false;
        boolean isNumeric = false;
        boolean isCheck = false;
        boolean isFile = false;
        String folder = "";
        while (!isFile && words.hasNext() && words.peek().startsWith("-")) {
            String word = words.next();
            if (word.equals("--from")) {
                folder = words.next(1, "nft: --from FOLDER: which folder?");
                continue;
            }
            for (char option : letters(word).toCharArray()) {
                switch (option) {
                    case 'a' -> hasHandles = true;
                    case 's' -> isStateless = true;
                    case 'n' -> isNumeric = true;
                    case 'c' -> isCheck = true;
                    case 'j' -> words.wantJson();
                    case 'f' -> isFile = true;
                    default -> throw invalid(word);
                }
            }
        }
        var style = new TextListing.Style(hasHandles, isStateless, isNumeric);
        if (!isFile) return new NftOptions("", "", "", command(words), style, isCheck);
        String name = words.next(1, "nft: option requires an argument -- 'f'");
        if (!name.equals("-")) {
            words.end("nft -f FILE");
            return new NftOptions(name, folder, name, "", style, isCheck);
        }
        String text = words.next(1, "nft: -f -: the text of the commands must follow as one word");
        words.end("nft -f - TEXT");
        return new NftOptions("", "", "/dev/stdin", text, style, isCheck);
    }

    private static String letters(String word) {
        return switch (word) {
            case "--file" -> "f";
            case "--handle" -> "a";
            case "--json" -> "j";
            case "--stateless" -> "s";
            case "--numeric" -> "n";
            case "--check" -> "c";
            default -> {
                if (word.length() < 2 || word.startsWith("--")) throw invalid(word);
                yield word.substring(1);
            }
        };
    }

    private static Refusal invalid(String word) {
        return new Refusal(1, "nft: invalid option \"" + word + "\"; allowed: " + ALLOWED);
    }

    private static String command(Words words) {
        var text = new StringJoiner(" ");
        while (words.hasNext()) text.add(words.next());
        if (text.length() == 0) throw new Refusal(1, "nft: no command specified");
        return text.toString();
    }

    /// The commands. Takes as long as the file is large.
    Source source() {
        if (file.isEmpty()) return Source.of(title, text);
        try {
            Path path = Path.of(folder).resolve(file);
            if (!Files.isRegularFile(path)) throw new Refusal(1, "nft: " + path + ": No such file or directory");
            return new Source(title, Files.readString(path), path.toAbsolutePath().getParent());
        } catch (IOException | InvalidPathException e) {
            throw new Refusal(1, "nft: " + file + ": cannot be read: " + e.getMessage());
        }
    }

    /// As an event tells it.
    String said() {
        return file.isEmpty() && title.isEmpty() ? text : "-f " + title;
    }
}
