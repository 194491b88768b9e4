package io.millrace.perf.bench;

import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.hook.LoadedRules;
import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A firewall between two ports of one simulated NIC. Connections to one port of the server go into the NIC's flow
/// table, those to another stay in the worker's. Device, worker and control have their turns on one thread, and the
/// time that each takes is kept apart: processors may be fewer than agents.
final class OffloadWorld implements AutoCloseable {

    static final long HOST_MAC = 0x0200_0000_0099L;
    /// Connections from here on are to be in hardware.
    static final int HARDWARE = OffloadWire.firstTo(1);
    static final int HARDWARE_MAX = OffloadWire.firstTo(9);
    /// Connections from here on are not.
    static final int SOFTWARE = OffloadWire.firstTo(9);
    static final int RING_SLOTS = PortSettings.RING_SLOTS_USUAL;

    private static final int PACKET_SLOTS = 8_192;
    private static final IpAddress HOST = IpAddress.parse("192.0.2.10");
    private static final IpAddress GATEWAY = IpAddress.parse("203.0.113.10");
    private static final int HOST_BITS = 192 << 24 | 2 << 8 | 10;
    private static final int SERVER_BITS = 198 << 24 | 51 << 16 | 100 << 8 | 80;
    private static final String RULES = """
        table ip t {
          flowtable hw { hook ingress priority 0; devices = { lan, wan }; flags offload; }
          flowtable sw { hook ingress priority 0; devices = { lan, wan }; }
          chain onward {
            type filter hook forward priority 0; policy accept;
            udp dport 1-8 flow add @hw
            udp dport 9 flow add @sw
        %s  }
        }
        """;

    private final Arena arena = Arena.ofShared();
    private final SimNic nic;
    private final OffloadWire lan;
    private final Port wan;
    private final Worker worker;
    private final RouterAssembly router;
    private final Clock clock;
    private TurnTimes turnTimes;   // null while nobody asks
    private long deviceNs;
    private long workerNs;
    private long controlNs;
    private boolean isControlApart;
    private long apartNs;
    private long packets;
    private long hitsBefore;

    /// @param connections   that there may be
    /// @param latencyNs     of the device's commands, and of their completions
    OffloadWorld(int connections, long latencyNs) {
        this(connections, latencyNs, Clock.system());
    }

    OffloadWorld(int connections, long latencyNs, Clock clock) {
        this.clock = clock;
        var memory = new PacketMemory(arena, PACKET_SLOTS);
        var pool = new PacketPool(arena, memory);
        NicModel model = NicModel.FULL.with(NicModel.FULL.limits().withFlowEntries(2 * connections)
            .withLatency(latencyNs));
        this.nic = new SimNic("nic0", model, NicWorld.image(), arena, pool, NicFaults.NONE, 1);
        nic.inline(true);
        PortSettings settings = PortSettings.usual(model, 1);
        this.lan = new OffloadWire(arena, memory, BenchWorld.LAN_MAC, HOST_BITS, SERVER_BITS);
        this.wan = nic.attach(new NullPort(memory, "wan", 1), settings);
        List<Port> ports = List.of(nic.attach(lan, settings), wan);
        Dataplane dataplane =
            Dataplane.assemble(config(connections), arena, ports, List.of(nic), pool, clock);
        this.worker = dataplane.workers().getFirst();
        this.router = dataplane.router();
    }

    private static DataplaneConfig config(int connections) {
        // Live, as a wire that gives packets at their time is.
        var lan = new PortConfig("lan", new WireConfig.Replay(Path.of(""), WireConfig.Replay.ENDLESS), BenchWorld.LAN_MAC,
            PortConfig.MTU_BYTES_USUAL, List.of(IpPrefix.parse("192.0.2.1/24")), OffloadConfig.USUAL);
        var wan = new PortConfig("wan", new WireConfig.Null(), PortConfig.usualMac(1), PortConfig.MTU_BYTES_USUAL,
            List.of(IpPrefix.parse("203.0.113.1/24")), OffloadConfig.USUAL);
        var route = new RouteConfig(IpPrefix.parse("0.0.0.0/0"), RouteType.UNICAST, Optional.of(GATEWAY),
            Optional.empty(), 0);
        List<NeighbourConfig> neighbours = List.of(new NeighbourConfig(GATEWAY, 0x0200_0000_1000L, Optional.of("wan")),
            new NeighbourConfig(HOST, HOST_MAC, Optional.of("lan")));
        SysctlConfig sysctl = SysctlConfig.LINUX
            .written("net.netfilter.nf_conntrack_max", 2L * connections, List.of())
            .written("net.netfilter.nf_conntrack_buckets", 2L * connections, List.of());
        return new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER, List.of(lan, wan), List.of(),
            List.of(route), neighbours, sysctl, RulesConfig.of(rules("")), List.of(), DataplaneConfig.SEED_USUAL,
            DataplaneConfig.POLL_INTERVAL_NS_USUAL, 0);
    }

    /// The rules of this world with more behind them in their chain.
    static Ruleset rules(String more) {
        var source = new Source("bench", RULES.formatted(more), Path.of(""));
        NftLoader.Outcome outcome = NftLoader.load(source, Ruleset.EMPTY);
        Check.that(outcome.isFine(), outcome.errorText());
        return outcome.ruleset();
    }

    /// Makes rules ready, on any one thread.
    LoadedRules load(Ruleset ruleset) {
        try {
            return router.load(ruleset, nowNs());
        } catch (NotExecutable e) {
            throw new IllegalStateException(e);
        }
    }

    /// From the next burst on these rules count. Returns how long packets stood still for it, in nanoseconds.
    long use(LoadedRules rules) {
        long startNs = System.nanoTime();
        router.use(rules, nowNs());
        return System.nanoTime() - startNs;
    }

    /// From now on the world's clock stands still while control works, as if it had a processor of its own.
    void controlApart() {
        isControlApart = true;
        nic.inline(false);
    }

    /// From now on each agent's turns are recorded there; null: nowhere.
    void record(TurnTimes times) {
        turnTimes = times;
    }

    /// One turn of each agent. Returns the packets that came from the wire.
    int turn() {
        return turn(() -> {});
    }

    /// The same, in which control has another duty.
    int turn(Runnable duty) {
        long before = lan.counters().rxPackets();
        long startNs = nowNs();
        nic.turn(startNs);
        long deviceDoneNs = nowNs();
        worker.turn(deviceDoneNs);
        long workerDoneNs = nowNs();
        control().turn(workerDoneNs);
        duty.run();
        long controlDoneNs = nowNs();
        if (turnTimes != null) {
            turnTimes.record(deviceDoneNs - startNs, workerDoneNs - deviceDoneNs, controlDoneNs - workerDoneNs);
        }
        controlNs += controlDoneNs - workerDoneNs;
        if (isControlApart) apartNs += controlDoneNs - workerDoneNs;
        workerNs += workerDoneNs - deviceDoneNs;
        deviceNs += deviceDoneNs - startNs;
        int count = (int) (lan.counters().rxPackets() - before);
        packets += count;
        return count;
    }

    /// Begins counting anew.
    void reset() {
        deviceNs = 0;
        workerNs = 0;
        controlNs = 0;
        packets = 0;
        hitsBefore = hits();
    }

    /// Keeps all flows out of the device, or no longer.
    void deny(boolean isDenied) {
        control().deny(0, isDenied ? HardwareObstacle.HASH_DIFFERS.bit() : 0);
    }

    double deviceNsPerPacket()  { return (double) deviceNs / packets; }
    double workerNsPerPacket()  { return (double) workerNs / packets; }
    double controlNsPerPacket() { return (double) controlNs / packets; }
    double controlSeconds()     { return controlNs / 1e9; }
    double shareHit()           { return (double) (hits() - hitsBefore) / packets; }
    long hits()                 { return nic.account().hits(); }
    long installs()             { return control().tally().installs(); }
    int inHardwareCount()       { return control().inHardwareCount(); }
    int flowCount()             { return router.hooks().offloading().flows().flowCount(); }
    long nowNs()                { return clock.nowNs() - apartNs; }
    OffloadWire lan()           { return lan; }
    RouterAssembly router()     { return router; }
    SimNic nic()                { return nic; }

    private OffloadControl control() {
        return router.offload();
    }

    /// Packets of the wire that no wire got, but for those that a queue still has.
    long missing() {
        return lan.counters().rxPackets() - wan.counters().txPackets() - nic.held();
    }

    /// Packets that device or worker dropped.
    long dropped() {
        return nic.account().receiveDrops() + nic.account().transmitDrops()
            + worker.ledger().count(Verdict.Ending.DROPPED);
    }

    @Override
    public void close() {
        arena.close();
    }
}
