package io.millrace.simulation.verb;

import io.millrace.control.verb.ExitStatus;
import io.millrace.control.verb.Verb;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.simulation.world.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.util.Optional;

/// `millrace simulate --seeds N [--from N] [--json]`.
@Command(name = "simulate",
    description = {"Run simulated worlds and check what must hold.", "",
        "Each seed is a router among hosts on one thread and in virtual time, with traffic, commands and mishaps drawn "
            + "from the seed. The first seed in whose world something does not hold ends the run and is printed with "
            + "its last events. The same seed does the same, always."},
    footer = {"", "Examples:", "  millrace simulate --seeds 1000", "  millrace simulate --seeds 1 --from 4711"})
public final class SimulateVerb implements Verb {

    private static final int FAILED = ExitStatus.BUG;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", paramLabel = "N", required = true, description = "How many worlds.")
    private long seeds;

    @Option(names = "--from", paramLabel = "N", description = "The first seed (1).")
    private long from = 1;

    @Option(names = "--events", paramLabel = "N", description = "Events to print of a world that failed (50).")
    private int events = World.EVENTS_USUAL;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Override
    public Integer call() {
        if (seeds < 1) throw new ConfigException("--seeds must be 1 or more, got " + seeds);
        if (events < 1) throw new ConfigException("--events must be 1 or more, got " + events);
        // What asserts has to assert here; classes that are loaded later ask for this.
        ClassLoader.getSystemClassLoader().setPackageAssertionStatus("io.millrace", true);
        PrintWriter out = spec.commandLine().getOut();
        var runs = new SeedRuns(events);
        Optional<Failure> failure = Optional.empty();
        for (long seed = from; seed < from + seeds && failure.isEmpty(); seed++) failure = runs.run(seed);
        out.print(isJson ? new ObjectMapper().writeValueAsString(members(runs, failure)) + "\n"
            : text(runs, failure));
        out.flush();
        return failure.isEmpty() ? ExitStatus.FINE : FAILED;
    }

    private static String text(SeedRuns runs, Optional<Failure> failure) {
        String sum = runs.doneCount() + " worlds: " + runs.packetCount() + " packets, " + runs.forwardedCount()
            + " came out, " + runs.hitCount() + " past the worker; " + runs.upsetCount() + " upsets; hash "
            + Long.toHexString(runs.hash()) + "\n";
        if (runs.doneCount() > 0) {
            sum += "a world: " + each("packets", runs.packetCount(), runs.packetsLeast(), runs) + ", "
                + each("changes", runs.changeCount(), runs.changesLeast(), runs) + ", "
                + each("changes of channels", runs.channelCount(), runs.channelsLeast(), runs) + ", "
                + each("changes of mode", runs.modeCount(), runs.modesLeast(), runs) + ", "
                + each("faults", runs.faultCount(), runs.faultsLeast(), runs) + "\n";
        }
        return sum + failure.map(Failure::text).orElse("everything held\n");
    }

    private static String each(String what, long sum, int least, SeedRuns runs) {
        return sum / runs.doneCount() + " " + what + " (least " + least + ")";
    }

    private static ObjectNode members(SeedRuns runs, Optional<Failure> failure) {
        ObjectNode node = JsonNodeFactory.instance.objectNode()
            .put("worlds", runs.doneCount()).put("packets", runs.packetCount()).put("forwarded", runs.forwardedCount())
            .put("hits", runs.hitCount()).put("commands", runs.changeCount()).put("channels", runs.channelCount())
            .put("modes", runs.modeCount()).put("faults", runs.faultCount()).put("upsets", runs.upsetCount()).put("hash", Long.toHexString(runs.hash()));
        if (failure.isEmpty()) {
            node.putNull("failure");
            return node;
        }
        ObjectNode failed = node.putObject("failure").put("seed", failure.get().seed())
            .put("invariant", failure.get().invariant()).put("facts", failure.get().facts());
        var events = failed.putArray("events");
        failure.get().events().forEach(events::add);
        return node;
    }
}
