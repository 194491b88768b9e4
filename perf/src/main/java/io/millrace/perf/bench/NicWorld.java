package io.millrace.perf.bench;

import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.PortSettings;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.mailbox.DeviceCommand;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ParseImage;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A router whose two ports lie behind a simulated NIC, fed from a capture in memory. Device and worker have their
/// turns on one thread, and the time that each takes is kept apart: processors may be fewer than agents.
final class NicWorld {

    private static final int PACKET_SLOTS = 32_768;
    private static final int MTU_BYTES = 9_000;
    private static final IpAddress GATEWAY = IpAddress.parse("203.0.113.10");

    private final SimNic nic;
    private final SimPort lan;
    private final Worker worker;
    private final RouterAssembly router;
    private final Clock clock = Clock.system();
    private long deviceNs;
    private long workerNs;
    private long packets;

    /// @param features that are on in the device
    /// @param merges   whether software merges
    NicWorld(Path capture, Set<NicFeature> features, int channels, boolean merges) throws CaptureException {
        Arena arena = Arena.global();
        var memory = new PacketMemory(arena, PACKET_SLOTS);
        var pool = new PacketPool(arena, memory);
        this.nic = new SimNic("nic0", NicModel.FULL, image(), arena, pool, NicFaults.NONE, 1);
        nic.inline(true);
        var settings = new PortSettings(channels, PortSettings.RING_SLOTS_USUAL, features, true);
        this.lan = nic.attach(new ReplayPort(memory, "lan", 0, capture, ReplayPort.ENDLESS), settings);
        Port wan = nic.attach(new NullPort(memory, "wan", 1), settings);
        Dataplane dataplane =
            Dataplane.assemble(config(capture, merges), arena, List.of(lan, wan), List.of(nic), pool, clock);
        this.worker = dataplane.workers().getFirst();
        this.router = dataplane.router();
    }

    static ParseImage image() {
        return ParseImage.of(ShippedGraph.DEFAULT.load());
    }

    private static DataplaneConfig config(Path capture, boolean merges) {
        var lan = new PortConfig("lan", new WireConfig.Replay(capture, WireConfig.Replay.ENDLESS), BenchWorld.LAN_MAC,
            MTU_BYTES, List.of(IpPrefix.parse("192.0.2.1/24")), new OffloadConfig(merges, true, false, 0));
        var wan = new PortConfig("wan", new WireConfig.Null(), PortConfig.usualMac(1), MTU_BYTES,
            List.of(IpPrefix.parse("203.0.113.1/24")));
        var route = new RouteConfig(IpPrefix.parse("0.0.0.0/0"), RouteType.UNICAST, Optional.of(GATEWAY),
            Optional.empty(), 0);
        return new DataplaneConfig(1, Threading.SHARED, Forwarding.ROUTER, List.of(lan, wan), List.of(),
            List.of(route), List.of(new NeighbourConfig(GATEWAY, 0x0200_0000_1000L, Optional.of("wan"))),
            SysctlConfig.LINUX, DataplaneConfig.SEED_USUAL, DataplaneConfig.POLL_INTERVAL_NS_USUAL, 0);
    }

    /// One turn of the device and one of the worker. Returns the packets that came from the wire.
    int turn() {
        long before = lan.counters().rxPackets();
        long startNs = System.nanoTime();
        nic.turn(startNs);
        long betweenNs = System.nanoTime();
        worker.turn(clock.nowNs());
        workerNs += System.nanoTime() - betweenNs;
        deviceNs += betweenNs - startNs;
        int count = (int) (lan.counters().rxPackets() - before);
        packets += count;
        return count;
    }

    /// Begins counting anew.
    void reset() {
        deviceNs = 0;
        workerNs = 0;
        packets = 0;
    }

    double deviceNsPerPacket() { return (double) deviceNs / packets; }
    double workerNsPerPacket() { return (double) workerNs / packets; }

    /// How long packets stand still because of a command: what the turn that carries it out takes beyond the median
    /// turn, in nanoseconds; the command's answer is waited for.
    double blockedNs(DeviceCommand command, double medianTurnNs) {
        long nowNs = System.nanoTime();
        nic.mailbox().post(command, nowNs - nic.model().limits().latencyNs());
        long startNs = System.nanoTime();
        nic.turn(startNs);
        long tookNs = System.nanoTime() - startNs;
        nic.mailbox().poll((_, _, _) -> { }, Long.MAX_VALUE);
        worker.turn(clock.nowNs());
        return Math.max(0, tookNs - medianTurnNs);
    }

    /// The median of the device's turns.
    double medianTurnNs(int turns) {
        double[] ns = new double[turns];
        for (int i = 0; i < turns; i++) {
            long startNs = System.nanoTime();
            nic.turn(startNs);
            ns[i] = System.nanoTime() - startNs;
            worker.turn(clock.nowNs());
        }
        return Meter.median(ns);
    }

    /// Packets that the device, the worker or a port dropped.
    long lost() {
        return nic.account().receiveDrops() + nic.account().transmitDrops() + lan.counters().rxDropped()
            + worker.ledger().count(Verdict.Ending.DROPPED);
    }

    SimPort lan() {
        return lan;
    }

    Worker worker() {
        return worker;
    }

    /// The tables of the worker, whose turns are the caller's.
    RouterAssembly router() {
        return router;
    }

    SimNic nic() {
        return nic;
    }
}
