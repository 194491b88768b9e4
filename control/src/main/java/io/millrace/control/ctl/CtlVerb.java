package io.millrace.control.ctl;

import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `millrace ctl [COMMAND...]`. Words from the first of the command on are the command's, whatever they look like.
@Command(name = "ctl", description = {"Control a running Millrace through its socket, with the commands of ip, sysctl, "
    + "ethtool and more; `millrace ctl help` lists them.", "",
    "Without a command: each line of standard input is one, up to the first that fails; at a terminal, a console."},
    footer = {"", "Exit status: that of the tool which the command follows; 2 where there is no Millrace to control.", "",
        "Examples:", "  millrace ctl ip route add 10.9.0.0/16 via 10.1.0.2", "  millrace ctl --json show ports | jq .",
        "  millrace ctl < commands.txt"})
public final class CtlVerb implements Verb {

    private static final String SOCKET_VARIABLE = "MILLRACE_SOCKET";
    private static final Path SOCKET_USUAL = Path.of("out", "millrace.sock");

    private final InputStream in;
    private final boolean isTerminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--socket", paramLabel = "FILE", description = "The control socket (default: $" + SOCKET_VARIABLE
        + ", or out/millrace.sock).")
    private Optional<Path> socket;

    @Option(names = "--json", description = "Print values for programs instead of text.")
    private boolean isJson;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command and its words.")
    private List<String> words = List.of();

    /// @param in         where commands come from if none is given
    /// @param isTerminal somebody sits there
    public CtlVerb(InputStream in, boolean isTerminal) {
        this.in = in;
        this.isTerminal = isTerminal;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (var client = new SocketClient(path())) {
            var dialogue = new Dialogue(client, words.isEmpty() ? null : in, out, err);
            if (!words.isEmpty()) return dialogue.run(withJson(words));
            return isTerminal ? new Shell(client, dialogue, this::withJson).run() : script(dialogue, err);
        }
    }

    private Path path() {
        if (socket.isPresent()) return socket.get();
        String variable = System.getenv(SOCKET_VARIABLE);
        return variable == null || variable.isEmpty() ? SOCKET_USUAL : Path.of(variable);
    }

    private List<String> withJson(List<String> command) {
        if (!isJson || command.isEmpty()) return command;
        var more = new ArrayList<>(command);
        more.add("--json");
        return more;
    }

    private int script(Dialogue dialogue, PrintWriter err) {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try {
            int lineNumber = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lineNumber++;
                int status = dialogue.run(withJson(words(line, lineNumber)));
                if (status == ExitStatus.FINE) continue;
                err.println("millrace: line " + lineNumber + " failed: " + line.strip());
                err.flush();
                return status;
            }
            return ExitStatus.FINE;
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    private static List<String> words(String line, int lineNumber) {
        try {
            return CommandText.words(line);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("line " + lineNumber + ": " + e.getMessage());
        }
    }
}
