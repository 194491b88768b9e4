package io.millrace.perf.bench;

import io.millrace.dataplane.config.ConfigException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.util.Map;

/// The options of a benchmark that measures its cases in turn, round by round, each for a time.
final class TimedRoundOptions {

    @Mixin
    private RoundOptions rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "1",
        description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
    private double seconds;

    /// Refuses fewer than one.
    int rounds() {
        return rounds.rounds();
    }

    /// Refuses none.
    double seconds() {
        if (!(seconds > 0)) throw new ConfigException("--seconds must be above 0, got " + seconds);
        return seconds;
    }

    /// Refuses a number outside its limits.
    static void check(String option, int value, int min, int max) {
        if (value >= min && value <= max) return;
        throw new ConfigException(option + " " + value + ": allowed are " + min + " to " + max);
    }

    /// Returns the exit status.
    int print(CommandSpec spec, Map<String, Object> members, String text) {
        return rounds.print(spec, members, text);
    }
}
