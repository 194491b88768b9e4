package io.millrace.perf.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `millrace bench flow`: rounds of Millrace's flow path, its bare receive and transmit and, if asked for, testpmd's
/// `5tswap` and `csum` and its bare receive and transmit. Medians over the rounds.
@Command(name = "flow", description = {"Forward established flows: parse, lookup, NAT, TTL, checksums, counters;"
    + " the peers are testpmd 5tswap and csum.", "A capture's connections are all established before measuring."})
final class FlowBench implements Callable<Integer> {

    private static final int FLOWS_MAX = 8_000_000;
    /// testpmd keeps the whole capture in packet buffers.
    private static final int PEER_PACKETS_MAX = 65_536;
    private static final long BYTES_PER_FRAME_MIN = 16 + 14;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOptions options;

    @Option(names = "--nat", description = "Translate source address and port (default: forward only).")
    private boolean isNat;

    @Option(names = "--ipv6", description = "IPv6 instead of IPv4 in the generated traffic.")
    private boolean isIpv6;

    @Override
    public Integer call() throws Exception {
        boolean hasPeer = hasPeer();
        if (options.flowCount < 1 || options.flowCount > FLOWS_MAX) {
            throw new ParameterException(spec.commandLine(),
                "--flows " + options.flowCount + ": allowed are 1 to " + FLOWS_MAX);
        }
        Meter.pin();
        FlowResult result = measure(hasPeer);
        PrintWriter out = spec.commandLine().getOut();
        out.print(options.isJson
            ? new ObjectMapper().writeValueAsString(result.members()) + System.lineSeparator() : result.text());
        out.flush();
        return 0;
    }

    private boolean hasPeer() throws IOException {
        if (!Testpmd.isWanted(options.peer)) return false;
        if (options.capture.isEmpty() && options.flowCount > PEER_PACKETS_MAX) {
            throw new ParameterException(spec.commandLine(), "--vs dpdk: testpmd takes at most " + PEER_PACKETS_MAX
                + " packets into memory, one a flow");
        }
        return true;
    }

    private FlowResult measure(boolean hasPeer) throws IOException, InterruptedException {
        Path folder = BenchTraffic.folder();
        Path capture = capture(folder);
        var world = new FlowWorld(capture, flowsMax(capture), isNat);
        var ioMeter = new Meter(BenchWorld.io(capture)::turn);
        var meter = new Meter(world::turn);
        ioMeter.warmUp();
        meter.warmUp();
        int rounds = options.rounds;
        double[] own = new double[rounds];
        double[] io = new double[rounds];
        double[] swap = new double[rounds];
        double[] csum = new double[rounds];
        double[] peerIo = new double[rounds];
        double allocated = 0;
        for (int round = 0; round < rounds; round++) {
            Meter.Reading reading = meter.measure(options.seconds);
            own[round] = reading.mpps();
            allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
            io[round] = ioMeter.measure(options.seconds).mpps();
            if (!hasPeer) continue;
            String port = Testpmd.pcapPort(capture);
            peerIo[round] = Testpmd.mpps(port, "io", options.seconds);
            swap[round] = Testpmd.mpps(port, "5tswap", options.seconds);
            csum[round] = Testpmd.mpps(port, "csum", options.seconds);
        }
        var forwarding = new BenchResult("flow", Meter.median(own), allocated, Meter.median(io),
            hasPeer ? "testpmd 5tswap" : null, Meter.median(swap), Meter.median(peerIo), rounds);
        return new FlowResult(forwarding, world.flowCount(), isNat, world.shareSent(), Meter.median(csum));
    }

    private Path capture(Path folder) throws IOException {
        if (options.capture.isPresent()) {
            return BenchTraffic.adopt(options.capture.get(), folder, BenchWorld.LAN_MAC);
        }
        return isIpv6 ? FlowTraffic.generateIpv6(folder, options.flowCount, BenchWorld.LAN_MAC)
            : BenchTraffic.generate(folder, options.flowCount, BenchWorld.LAN_MAC);
    }

    /// As many as the capture can have frames.
    private int flowsMax(Path capture) throws IOException {
        if (options.capture.isEmpty()) return options.flowCount;
        return Math.clamp(Files.size(capture) / BYTES_PER_FRAME_MIN, 1, FLOWS_MAX);
    }
}
