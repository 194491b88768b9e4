package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// `millrace bench route`.
@Command(name = "route",
    description = "Route between two networks: parse, longest prefix, TTL, checksum, MAC addresses; the peer is testpmd macswap.")
final class RouteBench implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

    @Override
    public Integer call() throws Exception {
        return BenchOutput.print(spec, options, new ForwardingBench("route", options).run());
    }
}
