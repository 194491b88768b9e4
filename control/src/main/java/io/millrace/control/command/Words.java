package io.millrace.control.command;

import io.millrace.control.live.Refusal;

import java.util.List;

/// The words of a command, taken one after the other.
public final class Words {

    private final List<String> words;
    private boolean isJson;
    private int next;

    /// @param isJson the caller wants a value, not text
    public Words(List<String> words, boolean isJson) {
        this.words = List.copyOf(words);
        this.isJson = isJson;
    }

    public boolean isJson() {
        return isJson;
    }

    /// A word of the command said so.
    public void wantJson() {
        isJson = true;
    }

    public boolean hasNext() {
        return next < words.size();
    }

    public String peek() {
        return words.get(next);
    }

    public String next() {
        return words.get(next++);
    }

    /// The next word, or the refusal that says which is missing.
    public String next(int status, String refusal) {
        if (!hasNext()) throw new Refusal(status, refusal);
        return next();
    }

    /// Takes the next word if it is this one.
    public boolean take(String word) {
        if (!hasNext() || !peek().equals(word)) return false;
        next++;
        return true;
    }

    /// Refuses what is left.
    public void end(String usage) {
        if (hasNext()) throw new Refusal(1, "\"" + peek() + "\" is too much; usage: " + usage);
    }
}
