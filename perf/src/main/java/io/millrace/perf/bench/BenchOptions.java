package io.millrace.perf.bench;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/// The options that every benchmark of forwarding has.
final class BenchOptions {

    @Option(names = "--vs", paramLabel = "PEER", description = "Also measure a peer in the same run, in turn: dpdk.")
    Optional<String> peer = Optional.empty();

    @Option(names = "--capture", paramLabel = "FILE",
        description = "Replay this Ethernet capture instead of 64-byte frames of 4,000 flows.")
    Optional<Path> capture = Optional.empty();

    @Option(names = "--flows", paramLabel = "N", defaultValue = "4000",
        description = "Flows in the generated traffic (default: ${DEFAULT-VALUE}).")
    int flowCount;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "How many times each is measured (default: ${DEFAULT-VALUE}).")
    int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "2",
        description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
    int seconds;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean isJson;
}
