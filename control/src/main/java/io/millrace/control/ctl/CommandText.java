package io.millrace.control.ctl;

import java.util.ArrayList;
import java.util.List;

/// A line of a script or of the console, cut into words as a shell does: blanks part them, quotes and backslashes keep
/// them together, `#` at the beginning of a word begins a comment.
final class CommandText {

    /// Throws an `IllegalArgumentException` where a quote is not closed.
    static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean isWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) quote = 0;
                else if (c == '\\' && quote == '"' && i + 1 < line.length()) word.append(line.charAt(++i));
                else word.append(c);
            } else if (c == '\'' || c == '"') {
                quote = c;
                isWord = true;
            } else if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(++i));
                isWord = true;
            } else if (Character.isWhitespace(c)) {
                if (isWord) words.add(word.toString());
                word.setLength(0);
                isWord = false;
            } else if (c == '#' && !isWord) {
                return words;
            } else {
                word.append(c);
                isWord = true;
            }
        }
        if (quote != 0) throw new IllegalArgumentException("a quote " + quote + " is not closed: " + line);
        if (isWord) words.add(word.toString());
        return words;
    }

    private CommandText() {}
}
