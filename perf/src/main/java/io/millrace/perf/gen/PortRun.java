package io.millrace.perf.gen;

import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.nic.driver.link.LinkPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// Sends a profile's traffic into a port of a configured dataplane in the same process: every port's wire is a link in
/// memory, at whose far end there is a generator that sends what the profile has for this port and judges what comes.
final class PortRun {

    private static final int SPARE_SLOTS = 32_768;
    private static final long DRAIN_NS = 20_000_000;

    private final PacketPool pool;
    private final List<GenPort> generators = new ArrayList<>();
    private final List<LinkPort> farEnds = new ArrayList<>();
    private final Worker[] workers;
    private final Burst burst = new Burst();

    private PortRun(Arena arena, DataplaneConfig config, TrafficProfile placed, Clock clock) {
        var packets = new PacketMemory(arena, Dataplane.slotCount(config) + SPARE_SLOTS);
        this.pool = new PacketPool(arena, packets);
        List<Port> nearEnds = new ArrayList<>();
        int portCount = config.ports().size();
        for (int i = 0; i < portCount; i++) {
            String name = config.ports().get(i).name();
            LinkPort[] link = LinkPort.pair(packets, name, i, "beyond " + name, portCount + i, LinkFaults.NONE,
                LinkFaults.NONE);
            nearEnds.add(link[0]);
            farEnds.add(link[1]);
            generators.add(new GenPort(arena, packets, name, i, placed,
                new Receiver(arena, packets, placed.streams().size(), true), GenPort.NO_RING,
                GenPort.AT_FIRST_RECEIVE));
        }
        this.workers = Dataplane.assemble(config, arena, nearEnds, pool, clock).workers().toArray(Worker[]::new);
    }

    /// In real time, until everything has ended. What names no port goes to `port`, servers to the last other one.
    static GenResult run(TrafficProfile profile, DataplaneConfig config, String port) {
        List<String> names = config.ports().stream().map(PortConfig::name).toList();
        if (!names.contains(port)) {
            throw new ConfigException("--to port:" + port + ": the configuration has no such port\n  allowed: "
                + String.join(", ", names));
        }
        String last = names.stream().filter(name -> !name.equals(port)).reduce(port, (_, name) -> name);
        Clock clock = Clock.system();
        try (Arena arena = Arena.ofShared()) {
            var run = new PortRun(arena, config, profile.atPorts(port, last), clock);
            long startNs = clock.nowNs();
            while (!run.isExhausted()) run.turn(clock.nowNs());
            long endNs = clock.nowNs();
            while (clock.nowNs() < endNs + DRAIN_NS) run.turn(clock.nowNs());
            run.generators.forEach(GenPort::close);
            return GenResult.of(run.generators, true, (endNs - startNs) / 1e9);
        }
    }

    private boolean isExhausted() {
        for (GenPort generator : generators) {
            if (!generator.isExhausted()) return false;
        }
        return true;
    }

    /// A method of its own, so that HotSpot compiles it as one.
    private void turn(long nowNs) {
        for (int i = 0; i < farEnds.size(); i++) {
            move(generators.get(i), farEnds.get(i), nowNs);
            move(farEnds.get(i), generators.get(i), nowNs);
        }
        for (int i = 0; i < workers.length; i++) workers[i].turn(nowNs);
    }

    private void move(Port from, Port to, long nowNs) {
        if (from.receive(0, burst, pool, nowNs) == 0) return;
        to.transmit(0, burst, pool, nowNs);
        burst.clear();
    }
}
