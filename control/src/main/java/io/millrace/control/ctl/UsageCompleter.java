package io.millrace.control.ctl;

import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Completes words from the forms that `help` lists: a word follows where all words before it fit a form. Where a form
/// says `PORT`, the ports' names do.
final class UsageCompleter implements Completer {

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
        List<String> names = List.of();
        for (String form : forms) {
            String[] parts = form.replaceAll("[\\[\\]{}]", " ").replaceAll("\\.{3}", "").strip().split(" +");
            if (!fits(parts, before)) continue;
            for (String word : wordsAfter(parts, before)) {
                if (word.equals("PORT")) {
                    if (names.isEmpty()) names = ports.get();
                    found.addAll(names);
                } else if (!word.equals(word.toUpperCase(Locale.ROOT)) || word.startsWith("-")) {
                    found.add(word);
                }
            }
        }
        found.removeAll(before.size() > 1 ? before.subList(1, before.size()) : List.of());
        return found;
    }

    /// The form's verb, and its object where that is said already.
    private static boolean fits(String[] parts, List<String> before) {
        return before.isEmpty() || parts[0].equals(before.getFirst());
    }

    private static Set<String> wordsAfter(String[] parts, List<String> before) {
        var words = new TreeSet<String>();
        if (before.isEmpty()) {
            words.add(parts[0]);
            return words;
        }
        int at = 1;
        for (String said : before.subList(1, before.size())) {
            for (int i = at; i < parts.length; i++) {
                boolean isSame = List.of(parts[i].split("\\|")).contains(said)
                    || parts[i].equals(parts[i].toUpperCase(Locale.ROOT)) && !parts[i].equals("|");
                if (!isSame) continue;
                at = i + 1;
                break;
            }
        }
        for (int i = at; i < parts.length; i++) {
            words.addAll(List.of(parts[i].split("\\|")));
            boolean isPlace = parts[i].equals(parts[i].toUpperCase(Locale.ROOT));
            if (isPlace && !parts[i].equals("|")) break;
        }
        words.remove("");
        return words;
    }
}
