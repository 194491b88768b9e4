package io.millrace.perf.bench;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.layer.Layer;
import io.millrace.nic.driver.gen.layer.LayerKind;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.session.SessionFaults;
import io.millrace.nic.driver.gen.session.SessionLoad;
import io.millrace.nic.driver.gen.session.SessionPort;
import io.millrace.nic.driver.gen.session.SessionProtocol;
import io.millrace.nic.driver.gen.session.SessionSide;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.session.SessionTalk;
import io.millrace.nic.driver.gen.stream.FieldSpec;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Mutation;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.nic.driver.link.LinkPort;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntSupplier;

/// `millrace bench gen`: how fast one core makes packets, given to a port that forgets them.
///
/// Expected: two lines of metadata and one of frame copied are some 5 ns; a varying field a store and a few additions,
/// a checksum a fold and a store.
@Command(name = "gen", description = "Generate packets and connections with one core.")
public final class GenBench implements Callable<Integer> {

    private static final int FRAME_BYTES = 64;
    private static final int PACKET_SLOTS = 1024;
    private static final int WINDOWS = 100;
    private static final double WINDOW_SECONDS = 1e-2;
    /// Long enough for paths that few connections take: what is compiled anew runs in the interpreter for a while, which
    /// allocates.
    private static final double WARM_UP_SECONDS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
        description = "How many times each is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    /// Medians over the rounds, and the most that was allocated.
    record Case(String traffic, double millionPerSecond, double allocatedBytes, double promisedMillion) {}

    @Override
    public Integer call() {
        if (rounds < 1) throw new ConfigException("--rounds must be 1 or more, got " + rounds);
        List<Case> cases = run(rounds, WARM_UP_SECONDS);
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) out.println(new ObjectMapper().writeValueAsString(members(cases)));
        else out.print(text(cases));
        out.flush();
        return 0;
    }

    static List<Case> run(int rounds, double warmUpSeconds) {
        List<Case> cases = new ArrayList<>();
        cases.add(measure("varying UDP flows", varying(false), 30, rounds, warmUpSeconds));
        cases.add(measure("varying, stamped", varying(true), 30, rounds, warmUpSeconds));
        cases.add(measure("cached flows", cached(), 60, rounds, warmUpSeconds));
        cases.add(measure("TCP SYN flood", synFlood(), 5, rounds, warmUpSeconds));
        cases.add(measure("TCP connections", GenBench::connections, 0.3, rounds, warmUpSeconds));
        return cases;
    }

    private static Case measure(String name, StreamSpec stream, double promised, int rounds, double warmUpSeconds) {
        return measure(name, arena -> turn(arena, stream), promised, rounds, warmUpSeconds);
    }

    private static Case measure(String name, Function<Arena, IntSupplier> traffic, double promised, int rounds,
                                double warmUpSeconds) {
        try (Arena arena = Arena.ofConfined()) {
            var meter = new Meter(traffic.apply(arena));
            meter.measure(warmUpSeconds);
            double[] mpps = new double[rounds];
            double allocated = 0;
            for (int round = 0; round < rounds; round++) {
                Meter.Reading reading = meter.medianOfWindows(WINDOWS, WINDOW_SECONDS);
                mpps[round] = reading.mpps();
                allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
            }
            return new Case(name, Meter.median(mpps), allocated, promised);
        }
    }

    private static IntSupplier turn(Arena arena, StreamSpec stream) {
        var packets = new PacketMemory(arena, PACKET_SLOTS);
        var pool = new PacketPool(arena, packets);
        var gen = new GenPort(arena, packets, "gen", 0, TrafficProfile.ofStreams("bench", List.of(stream)),
            new Receiver(arena, packets, 0, false), GenPort.NO_RING, 0);
        var target = new NullPort(packets, "null", 1);
        var burst = new Burst();
        return () -> {
            int count = gen.receive(0, burst, pool, 1);
            target.transmit(0, burst, pool, 1);
            burst.clear();
            return count;
        };
    }

    /// Handshake, one request, one response, close; both ends over a link in memory. Returns connections completed.
    private static IntSupplier connections(Arena arena) {
        var packets = new PacketMemory(arena, 1 << 14);
        var pool = new PacketPool(arena, packets);
        long net = 198L << 24 | 18L << 16;
        var spec = new SessionSpec("bench", SessionProtocol.TCP,
            new SessionSide("", 1, 2, (int) net, 256, 1024, 65_535),
            new SessionSide("", 3, 4, (int) net + (1 << 16), 1, 80, 80),
            new SessionLoad(SessionLoad.UNLIMITED, 1 << 12, SessionLoad.ENDLESS, 0, SessionLoad.ENDLESS, 0),
            SessionTalk.sizes(new FieldValues.Uniform(64, 64), new FieldValues.Uniform(64, 64)),
            new SessionFaults(0, 0, 1_000_000_000), 1);
        SessionPort clients = SessionPort.clients(arena, packets, "clients", 0, spec);
        SessionPort servers = SessionPort.servers(arena, packets, "servers", 1, spec);
        LinkPort[] link = LinkPort.pair(packets, "a", 2, "b", 3, LinkFaults.NONE, LinkFaults.NONE);
        var burst = new Burst();
        return new IntSupplier() {
            private long nowNs;

            @Override
            public int getAsInt() {
                long beforeCount = clients.counts().completed();
                nowNs += 1000;
                move(clients, link[0]);
                move(link[1], servers);
                move(servers, link[1]);
                move(link[0], clients);
                return (int) (clients.counts().completed() - beforeCount);
            }

            private void move(Port from, Port to) {
                from.receive(0, burst, pool, nowNs);
                to.transmit(0, burst, pool, nowNs);
                burst.clear();
            }
        };
    }

    private static LayerStack udp() {
        return new LayerStack(List.of(Layer.of(LayerKind.ETHERNET),
            Layer.of(LayerKind.IPV4).with("source", 198 << 24 | 18 << 16).with("target", 198 << 24 | 19 << 16),
            Layer.of(LayerKind.UDP).with("target-port", 53)));
    }

    private static FieldSpec field(LayerStack layers, int layer, String name, FieldValues values, boolean isPerFlow) {
        return new FieldSpec(layer, layers.layers().get(layer).kind().field(name).orElseThrow(), values, isPerFlow);
    }

    private static StreamSpec stream(LayerStack layers, FlowSpec flows, boolean isStamped, FieldSpec... fields) {
        return new StreamSpec("bench", "", layers, new byte[0], List.of(fields), flows, SizeMix.fixed(FRAME_BYTES),
            new Rate.Unlimited(), 1, 0, StreamSpec.ENDLESS, StreamSpec.ENDLESS, 1, isStamped, Mutation.NONE);
    }

    private static StreamSpec varying(boolean isStamped) {
        LayerStack layers = udp();
        long net = Integer.toUnsignedLong(198 << 24 | 18 << 16);
        return stream(layers, FlowSpec.ONE, isStamped,
            field(layers, 1, "source", new FieldValues.Uniform(net, net + 0xffff), false),
            field(layers, 2, "source-port", new FieldValues.Steps(1024, 65_535, 1), false));
    }

    private static StreamSpec cached() {
        LayerStack layers = udp();
        long net = Integer.toUnsignedLong(198 << 24 | 18 << 16);
        return stream(layers, new FlowSpec(4000, FlowSpec.Order.ROUND_ROBIN, 1), false,
            field(layers, 1, "source", new FieldValues.Uniform(net, net + 0xffff), true),
            field(layers, 2, "source-port", new FieldValues.Steps(1024, 65_535, 1), true));
    }

    private static StreamSpec synFlood() {
        var layers = new LayerStack(List.of(Layer.of(LayerKind.ETHERNET), Layer.of(LayerKind.IPV4),
            Layer.of(LayerKind.TCP).with("flags", TcpFlags.SYN)));
        return stream(layers, FlowSpec.ONE, false,
            field(layers, 1, "source", new FieldValues.Uniform(1L << 24, 223L << 24), false),
            field(layers, 2, "source-port", new FieldValues.Uniform(1024, 65_535), false),
            field(layers, 2, "sequence", new FieldValues.Uniform(0, 0xffff_ffffL), false));
    }

    private static Map<String, Object> members(List<Case> cases) {
        var members = new LinkedHashMap<String, Object>();
        members.put("bench", "gen");
        var all = new ArrayList<Map<String, Object>>();
        for (Case each : cases) {
            var member = new LinkedHashMap<String, Object>();
            member.put("traffic", each.traffic);
            member.put("millionPerSecond", Math.round(each.millionPerSecond * 1000) / 1000.0);
            member.put("allocatedBytes", each.allocatedBytes);
            member.put("promisedMillion", each.promisedMillion);
            all.add(member);
        }
        members.put("cases", all);
        return members;
    }

    private static String text(List<Case> cases) {
        var text = new StringBuilder(String.format("%-20s %12s %12s %9s%n", "64-byte frames", "million/s", "promised",
            "bytes"));
        for (Case each : cases) {
            text.append(String.format(Locale.ROOT, "%-20s %12.2f %12.2f %9.3f%n", each.traffic, each.millionPerSecond,
                each.promisedMillion, each.allocatedBytes));
        }
        return text.toString();
    }
}
