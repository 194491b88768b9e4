package io.millrace.perf.bench;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.host.HostCompiler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// `millrace bench parser`: what the default graph costs a packet, generated for the host, interpreted as a device does
/// it, and beside a walk written by hand. In every round the three are measured in turn on each kind of traffic;
/// medians over the rounds, and in each over windows that are short beside what a scheduler gives.
///
/// Expected: at most 10 ns on plain UDP, which is some 40 cycles for seven reads, a dozen writes and as many decisions;
/// twenty times that for the interpreter, which reads tables and packets byte by byte.
@Command(name = "parser", description = {
    "Parse packets with the default graph: generated code, the device's table walk, and a walk written by hand.", "",
    "The captures of the corpus are found by MILLRACE_CORPUS or ../shared/corpus; without them that traffic is left out."})
public final class ParserBench implements Callable<Integer> {

    private static final double WARM_UP_SECONDS = 1;
    private static final int WINDOWS = 100;
    private static final double WINDOW_SECONDS = 1e-3;
    private static final long SHUFFLE_SEED = 1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RoundOptions options;

    @Override
    public Integer call() {
        ParserResult result = run(options.rounds());
        return options.print(spec, result.members(), result.text());
    }

    /// Measures all kinds of traffic that there are.
    static ParserResult run(int rounds) {
        List<ParserTraffic> traffic = new ArrayList<>(List.of(ParserTraffic.udp4(), ParserTraffic.tcp6(),
            ParserTraffic.vxlan()));
        Path corpus = corpus();
        if (Files.isDirectory(corpus)) traffic.add(ParserTraffic.corpus(corpus, SHUFFLE_SEED));
        return new ParserResult(traffic.stream().map(each -> measure(each, rounds, WARM_UP_SECONDS)).toList(), rounds);
    }

    private static Path corpus() {
        String folder = System.getenv("MILLRACE_CORPUS");
        return folder != null ? Path.of(folder)
            : Path.of(System.getProperty("millrace.root", "."), "..", "shared", "corpus").normalize();
    }

    static ParserResult.Case measure(ParserTraffic traffic, int rounds, double warmUpSeconds) {
        ParseProgram program = ShippedGraph.DEFAULT.load();
        ParseRecords records = new ParseRecords(program.graph().limits().encapsMax());
        CompiledParser generated = new HostCompiler(program, traffic.packets()).newParser(records);
        CompiledParser interpreted =
            new DeviceParser(ParseImage.of(program), DeviceLimits.FULL, traffic.packets(), records);
        var handWritten = WalkedBy.hand(traffic.packets(), records);
        List<Meter> meters = List.of(new Meter(turn(traffic, generated::parse)),
            new Meter(turn(traffic, interpreted::parse)), new Meter(turn(traffic, handWritten::parse)));
        meters.forEach(meter -> meter.measure(warmUpSeconds));
        double[][] ns = new double[meters.size()][rounds];
        double allocated = 0;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < meters.size(); i++) {
                Meter.Reading reading = meters.get(i).medianOfWindows(WINDOWS, WINDOW_SECONDS);
                ns[i][round] = 1000 / reading.mpps();
                if (i == 0) allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
            }
        }
        return new ParserResult.Case(traffic.label(), traffic.packetCount(), Meter.median(ns[0]), allocated,
            Meter.median(ns[1]), Meter.median(ns[2]));
    }

    /// Parses the next burst; returns how many packets it had.
    private static IntSupplier turn(ParserTraffic traffic, Consumer<Burst> parser) {
        Burst[] bursts = traffic.bursts();
        return new IntSupplier() {
            private int next;

            @Override
            public int getAsInt() {
                Burst burst = bursts[next];
                next = next + 1 == bursts.length ? 0 : next + 1;
                parser.accept(burst);
                return burst.count();
            }
        };
    }
}
