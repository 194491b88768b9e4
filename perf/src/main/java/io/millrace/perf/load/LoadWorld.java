package io.millrace.perf.load;

import io.millrace.control.config.ControlConfig;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.replay.CaptureSpec;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.stream.PacketSource;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A configured dataplane with a generator at every port instead of the port's wire.
final class LoadWorld implements AutoCloseable {

    /// Name of the drops at a port whose ring was full, beside the verdicts of the workers.
    static final String RING_FULL = "RX_RING_FULL";

    /// Beyond what the dataplane wants: full bursts in the generators' hands, and what sessions have waiting.
    private static final int SPARE_SLOTS = 8192;
    private static final int SLOTS_PER_SESSION_END = 8192;

    private final DataplaneConfig config;
    private final Dataplane dataplane;
    private final List<GenPort> ports = new ArrayList<>();
    private final Worker[] workers;
    private final Clock clock;
    private ScriptRun script;

    /// @param ringSlots packets that may wait at a port
    LoadWorld(Arena arena, DataplaneConfig config, TrafficProfile profile, int ringSlots) {
        this(arena, config, profile, ringSlots, Clock.system());
    }

    /// @param clock what the dataplane and its generators go by
    LoadWorld(Arena arena, DataplaneConfig written, TrafficProfile profile, int ringSlots, Clock clock) {
        this.config = generated(written, ringSlots);
        this.clock = clock;
        List<String> names = config.ports().stream().map(PortConfig::name).toList();
        TrafficProfile placed = profile.atPorts(names.getFirst(), names.getLast());
        check(names, placed);
        var packets = new PacketMemory(arena, Dataplane.slotCount(config) + SPARE_SLOTS
            + 2 * placed.sessions().size() * SLOTS_PER_SESSION_END);
        var pool = new PacketPool(arena, packets);
        for (int i = 0; i < names.size(); i++) {
            ports.add(new GenPort(arena, packets, names.get(i), i, placed,
                new Receiver(arena, packets, placed.streams().size(), false), ringSlots, 0));
        }
        for (GenPort port : ports) port.stop();
        this.dataplane = Dataplane.assemble(config, arena, List.copyOf(ports), pool, clock);
        this.workers = dataplane.workers().toArray(Worker[]::new);
    }

    /// The same with generators for wires, so that it runs in real time whatever its wires were.
    static DataplaneConfig generated(DataplaneConfig config, int ringSlots) {
        List<PortConfig> ports = config.ports().stream().map(port -> new PortConfig(port.name(),
            new WireConfig.Gen(Path.of(""), ringSlots), port.mac(), port.mtuBytes(), port.addresses(), port.offload()))
            .toList();
        return new DataplaneConfig(config.workers(), config.threading(), config.forwarding(), ports, config.links(),
            config.routes(), config.neighbours(), config.sysctl(), config.rules(), List.of(),
            config.seed(), config.pollIntervalNs(), config.drainNs());
    }

    private static void check(List<String> names, TrafficProfile profile) {
        for (StreamSpec stream : profile.streams()) {
            checkPaced("stream " + stream.name(), stream.isPaced());
            checkPort("stream " + stream.name(), stream.port(), names);
        }
        for (SessionSpec session : profile.sessions()) {
            checkPaced("sessions " + session.name(), session.isPaced());
            checkPort("sessions " + session.name(), session.clients().port(), names);
            checkPort("sessions " + session.name(), session.servers().port(), names);
        }
        for (CaptureSpec capture : profile.captures()) {
            checkPaced("capture " + capture.name(), capture.isPaced());
            checkPort("capture " + capture.name(), capture.port(), names);
        }
        if (profile.sessions().isEmpty() && profile.streams().stream().noneMatch(StreamSpec::isStamped)) {
            throw new ConfigException("no stream of the profile is stamped, and there are no sessions, so nothing can "
                + "be told from what comes back\n  allowed: stamp: true");
        }
    }

    private static void checkPaced(String what, boolean isPaced) {
        if (isPaced) return;
        throw new ConfigException(what + ": as fast as possible, but a search needs a most\n"
            + "  allowed: a rate; trials offer shares of it");
    }

    private static void checkPort(String what, String port, List<String> names) {
        if (names.contains(port)) return;
        throw new ConfigException(what + ": for port " + port + ", which the configuration does not have\n  allowed: "
            + String.join(", ", names));
    }

    /// Takes commands through a control socket from now on.
    ScriptRun control(Path file, ControlConfig control) {
        script = new ScriptRun(file, config, control, dataplane, clock);
        return script;
    }

    TrialRunner runner() {
        return new TrialRunner(ports, this::turn, clock::nowNs, this::dropCounts);
    }

    Clock clock() {
        return clock;
    }

    private int turn(long nowNs) {
        int receivedCount = 0;
        for (int i = 0; i < workers.length; i++) receivedCount += workers[i].turn(nowNs);
        if (script != null) script.turn(nowNs);
        return receivedCount;
    }

    /// What [#dropCounts] counts, at the same places.
    static List<String> dropNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Verdict.COUNT; i++) names.add(Verdict.of(i).name());
        names.add(RING_FULL);
        return names;
    }

    /// Packets so far that were not given to a wire, by verdict, and those that a full ring missed.
    long[] dropCounts() {
        long[] counts = new long[Verdict.COUNT + 1];
        for (int i = 0; i < Verdict.COUNT; i++) {
            if (Verdict.of(i).ending() == Verdict.Ending.SENT) continue;
            for (Worker worker : workers) counts[i] += worker.ledger().count(Verdict.of(i));
        }
        for (GenPort port : ports) {
            for (PacketSource source : port.sources()) counts[Verdict.COUNT] += source.missedCount();
        }
        return counts;
    }

    /// The same by name, without those that are 0.
    Map<String, Long> drops() {
        Map<String, Long> drops = new LinkedHashMap<>();
        long[] counts = dropCounts();
        List<String> names = dropNames();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) drops.put(names.get(i), counts[i]);
        }
        return drops;
    }

    @Override
    public void close() {
        if (script != null) script.close();
        for (GenPort port : ports) port.close();
    }
}
