package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `millrace bench io`.
@Command(name = "io",
    description = "Receive and transmit alone; the peer is testpmd io over its faster in-memory port.")
final class IoBench implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

    @Override
    public Integer call() throws Exception {
        return BenchOutput.print(spec, options, new ForwardingBench("io", options).run());
    }
}
