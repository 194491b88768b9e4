package io.millrace.control.ctl;

import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Completes words from the forms that `help` lists: a word follows where all words before it fit a form. Where a form
/// says `PORT`, the ports' names do.
final class UsageCompleter implements Completer {

    private static final String PORT = "PORT";

    private final List<String> forms;
    private final Supplier<List<String>> ports;

    UsageCompleter(List<String> forms, Supplier<List<String>> ports) {
        this.forms = forms;
        this.ports = ports;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        List<String> before = line.words().subList(0, line.wordIndex());
        for (String word : next(before)) candidates.add(new Candidate(word));
    }

    /// What may follow these words.
    Set<String> next(List<String> before) {
        var found = new TreeSet<String>();
        for (String form : forms) {
            String[] parts = form.replaceAll("[\\[\\]{}]", " ").replaceAll("\\.{3}", "").strip().split(" +");
            int at = after(parts, before);
            if (at >= 0) addWords(parts, at, found);
        }
        if (found.remove(PORT)) found.addAll(ports.get());
        found.removeIf(word -> before.size() > 1 && before.contains(word));
        return found;
    }

    /// The place in a form behind the words that were said; -1 if they do not fit it. What is optional may be skipped.
    private static int after(String[] parts, List<String> before) {
        int at = 0;
        for (String said : before) {
            int found = at;
            while (found < parts.length && !List.of(parts[found].split("\\|")).contains(said)) found++;
            if (found < parts.length) at = found + 1;
            else if (at > 0 && at < parts.length && isPlace(parts[at])) at++;
            else return -1;
        }
        return before.isEmpty() || parts[0].equals(before.getFirst()) ? at : -1;
    }

    /// The words from there to the first place for a value, or that place itself.
    private static void addWords(String[] parts, int at, Set<String> found) {
        for (int i = at; i < parts.length; i++) {
            if (isPlace(parts[i])) {
                if (parts[i].equals(PORT)) found.add(PORT);
                return;
            }
            for (String word : parts[i].split("\\|")) {
                if (!word.isEmpty()) found.add(word);
            }
            if (at == 0) return;
        }
    }

    private static boolean isPlace(String part) {
        return part.matches("[A-Z]+(/[A-Z]+)?");
    }
}
