package io.millrace.perf.bench;

import io.millrace.control.verb.Verb;
import io.millrace.perf.load.LatencyBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `millrace bench`: one subcommand a benchmark.
@Command(name = "bench", description = "Measure how fast one core forwards, beside DPDK if asked.",
    subcommands = {IoBench.class, RouteBench.class, FlowBench.class, RulesBench.class, ConnectionsBench.class,
        ChecksumBench.class, ParserBench.class, GroBench.class, GsoBench.class, TapBench.class, GenBench.class,
        LatencyBench.class, NicBench.class, OffloadBench.class,
        SwitchdevBench.class},
    footer = {"", "Examples:", "  millrace bench io --vs dpdk", "  millrace bench route --json",
        "  millrace bench flow --flows 65536 --nat --vs dpdk", "  millrace bench tap --rounds 5"})
public final class BenchVerb implements Verb {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which benchmark?");
    }
}
