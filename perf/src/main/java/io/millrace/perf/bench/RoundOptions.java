package io.millrace.perf.bench;

import io.millrace.dataplane.config.ConfigException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import tools.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.util.Map;

/// The options of a benchmark that measures its cases in turn, round by round, and prints what it found.
final class RoundOptions {

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "How many times each is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /// Refuses fewer than one.
    int rounds() {
        if (rounds < 1) throw new ConfigException("--rounds must be 1 or more, got " + rounds);
        return rounds;
    }

    /// Returns the exit status.
    int print(CommandSpec spec, Map<String, Object> members, String text) {
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) out.println(new ObjectMapper().writeValueAsString(members));
        else out.print(text);
        out.flush();
        return 0;
    }
}
