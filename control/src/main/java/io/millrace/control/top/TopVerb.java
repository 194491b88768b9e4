package io.millrace.control.top;

import io.millrace.control.metrics.CounterReader;
import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `millrace top`.
@Command(name = "top", description = "Show what a running Millrace does: ports, workers, verdicts. It does not notice.",
    footer = {"", "Examples:", "  millrace top", "  millrace top --once --counters out/millrace.counters"})
public final class TopVerb implements Verb {

    private static final Path COUNTERS_USUAL = Path.of("out", "millrace.counters");
    private static final long INTERVAL_MS = 1_000;
    private static final long LOOK_MS = 50;
    /// To the top left, and clear what is below.
    private static final String REWIND = "\u001b[H\u001b[J";

    private final boolean isTerminal;
    private final BooleanSupplier isStopped;

    @Spec
    private CommandSpec spec;

    @Option(names = "--once", description = "Look for a second, print one page and end.")
    private boolean isOnce;

    @Option(names = "--counters", paramLabel = "FILE",
        description = "The counter file (default: out/millrace.counters).")
    private Optional<Path> counters;

    /// @param isTerminal pages are shown in one place; otherwise one after the other
    public TopVerb(boolean isTerminal, BooleanSupplier isStopped) {
        this.isTerminal = isTerminal;
        this.isStopped = isStopped;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (var reader = new CounterReader(counters.orElse(COUNTERS_USUAL))) {
            CounterReader.Sample before = reader.sample();
            while (!isStopped.getAsBoolean()) {
                for (long ms = 0; ms < INTERVAL_MS && !isStopped.getAsBoolean(); ms += LOOK_MS) Thread.sleep(LOOK_MS);
                boolean isAlive = reader.isAlive();
                CounterReader.Sample after = reader.sample();
                String heading = "Millrace, process " + reader.process() + (isAlive ? "" : ", which has ended");
                out.print((isTerminal && !isOnce ? REWIND : "") + new TopPage(before, after).text(heading));
                if (!isTerminal && !isOnce) out.println();
                out.flush();
                if (!isAlive) return ExitStatus.WARNING;
                if (isOnce) return ExitStatus.FINE;
                before = after;
            }
        }
        return ExitStatus.FINE;
    }
}
