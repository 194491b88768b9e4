package io.millrace.control.ctl;

import io.millrace.control.verb.ExitStatus;
import io.millrace.dataplane.config.ConfigException;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import tools.jackson.databind.JsonNode;

/// The console: lines with completion and a history, until `exit` or the end of input.
final class Shell {

    private static final String PROMPT = "millrace> ";
    private static final Path HISTORY = Path.of(System.getProperty("user.home"), ".millrace_history");

    private final SocketClient client;
    private final Dialogue dialogue;
    private final UnaryOperator<List<String>> options;

    /// @param options puts the options of `ctl` to a command's words
    Shell(SocketClient client, Dialogue dialogue, UnaryOperator<List<String>> options) {
        this.client = client;
        this.dialogue = dialogue;
        this.options = options;
    }

    int run() {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("millrace")
                .completer(new UsageCompleter(forms(), this::ports))
                .variable(LineReader.HISTORY_FILE, HISTORY).build();
            while (true) {
                List<String> words = next(reader);
                if (words == null) return ExitStatus.FINE;
                if (!words.isEmpty()) dialogue.run(options.apply(words));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the terminal cannot be used", e);
        }
    }

    /// Null at the end.
    private List<String> next(LineReader reader) {
        try {
            List<String> words = CommandText.words(reader.readLine(PROMPT));
            boolean isEnd = words.equals(List.of("exit")) || words.equals(List.of("quit"));
            return isEnd ? null : words;
        } catch (UserInterruptException e) {
            return List.of();
        } catch (EndOfFileException e) {
            return null;
        } catch (IllegalArgumentException e) {
            reader.getTerminal().writer().println(e.getMessage());
            return List.of();
        }
    }

    private List<String> forms() {
        var forms = new ArrayList<String>();
        for (JsonNode verb : value("help", List.of())) {
            verb.get("usage").forEach(form -> forms.add(form.asString()));
        }
        forms.add("trace events");
        forms.add("exit");
        return forms;
    }

    private List<String> ports() {
        var names = new ArrayList<String>();
        value("show", List.of("ports")).forEach(port -> names.add(port.get("name").asString()));
        return names;
    }

    private JsonNode value(String verb, List<String> words) {
        JsonNode result = client.call(verb, words, true).get("result");
        if (result == null) throw new ConfigException("Millrace does not answer " + verb);
        return result.get("value");
    }
}
