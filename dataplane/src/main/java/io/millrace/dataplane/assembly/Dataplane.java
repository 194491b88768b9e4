package io.millrace.dataplane.assembly;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.stage.PatchStage;
import io.millrace.dataplane.stage.PortOutputs;
import io.millrace.dataplane.stage.Stage;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.LiveRun;
import io.millrace.dataplane.worker.OfflineRun;
import io.millrace.dataplane.worker.Timers;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.port.Device;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import org.agrona.concurrent.Agent;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A dataplane, ready to run: workers over ports, with the tables that the configuration fills. The ports belong to the
/// caller, who opened them over the same packet memory and closes them after the run.
public final class Dataplane {

    /// Slots that a dataplane needs at least: full bursts at every port and in every worker's hands, the packets that
    /// may wait for neighbours, and a chain of 64 KB in the making for each.
    private static final int SLOTS_PER_PORT = 4 * Burst.PACKETS_MAX;
    private static final int SLOTS_PER_WORKER = 16 * Burst.PACKETS_MAX;
    private static final int SLOTS_WAITING = 4096;
    /// A live port may fill a burst with super-packets, and has the slots for one more ready at each queue.
    /// Super-packets in the making at a queue that merges.
    private static final int HELD_PER_QUEUE = 64;
    private static final int SLOTS_PER_SUPER_PACKET = PacketMemory.slotsFor(65_536);

    private final DataplaneConfig config;
    private final List<Port> ports;
    private final List<Device> devices;
    private final List<Worker> workers;
    private final Clock clock;
    private final RouterAssembly router;

    private Dataplane(DataplaneConfig config, List<Port> ports, List<Device> devices, List<Worker> workers,
                      Clock clock, RouterAssembly router) {
        this.config = config;
        this.ports = List.copyOf(ports);
        this.devices = List.copyOf(devices);
        this.workers = workers;
        this.clock = clock;
        this.router = router;
    }

    /// Slots of packet memory that a dataplane of this configuration wants.
    public static int slotCount(DataplaneConfig config) {
        int slotCount = 0;
        slotCount += config.ports().size() * SLOTS_PER_PORT;
        slotCount += ringSlots(config);
        slotCount += superPackets(config) * SLOTS_PER_SUPER_PACKET;
        slotCount += config.workers() * SLOTS_PER_WORKER;
        slotCount += config.forwarding() == Forwarding.ROUTER ? SLOTS_WAITING : 0;
        return slotCount;
    }

    /// What the rings of NICs can hold, and what a NIC on a thread of its own keeps free.
    private static int ringSlots(DataplaneConfig config) {
        int count = 0;
        for (PortConfig port : config.ports()) {
            if (port.nic().isEmpty()) continue;
            count += (port.nic().get().channels() + 1) * config.nicOf(port).ringSlots();
        }
        if (config.threading() == Threading.DEDICATED) count += config.nics().size() * PacketPool.KEPT_MAX;
        return count;
    }

    private static int superPackets(DataplaneConfig config) {
        int count = 0;
        for (PortConfig port : config.ports()) {
            int queues = port.wire() instanceof WireConfig.Tap tap ? tap.queues() : 1;
            if (port.wire() instanceof WireConfig.Tap) count += Burst.PACKETS_MAX + queues;
            boolean merges = port.offload().merges() || port.nic().isPresent() && port.nic().get().merges();
            if (merges) count += queues * HELD_PER_QUEUE;
        }
        return count;
    }

    /// Over ports without devices behind them.
    public static Dataplane assemble(DataplaneConfig config, Arena arena, List<Port> ports, PacketPool pool,
                                     Clock clock) {
        return assemble(config, arena, ports, List.of(), pool, clock);
    }

    /// @param arena  lifetime of the tables
    /// @param ports  opened, at the places that the configuration lists them
    /// @param devices behind them
    /// @param pool   the first pool of the packet memory
    /// @param clock  of live runs; an offline run has its own
    public static Dataplane assemble(DataplaneConfig config, Arena arena, List<Port> ports, List<Device> devices,
                                     PacketPool pool, Clock clock) {
        if (config.forwarding() == Forwarding.PATCH) {
            return new Dataplane(config, ports, devices, patchWorkers(config, ports, pool, clock), clock, null);
        }
        var router = new RouterAssembly(config, arena, ports, pool, startNs(config, ports, clock));
        Port[] all = ports.toArray(Port[]::new);
        var worker = new Worker("worker 0", all, router.stages(), router.outputs(), router.timers(),
            router.ledger(), pool, clock);
        return new Dataplane(config, ports, devices, List.of(worker), clock, router);
    }

    /// The clock of an offline run starts at the earliest packet of all inputs.
    private static long startNs(DataplaneConfig config, List<Port> ports, Clock clock) {
        if (!config.isOffline()) return clock.nowNs();
        long earliestNs = TimedPort.NEVER;
        for (Port port : ports) {
            if (port instanceof TimedPort timed) earliestNs = Math.min(earliestNs, timed.nextReceiveNs());
        }
        return earliestNs == TimedPort.NEVER ? 0 : earliestNs;
    }

    /// Pairs of ports are dealt out to the workers in turn: a pair shares nothing with the others.
    private static List<Worker> patchWorkers(DataplaneConfig config, List<Port> ports, PacketPool first, Clock clock) {
        var workers = new ArrayList<Worker>();
        // An offline run is one thread in virtual time: one worker does it all.
        int workerCount = config.isOffline() ? 1 : Math.min(config.workers(), ports.size() / 2);
        Port[] all = ports.toArray(Port[]::new);
        for (int i = 0; i < workerCount; i++) {
            PacketPool pool = i == 0 ? first : first.another();
            var ledger = new Ledger(pool);
            var outputs = new PortOutputs(all, config.offloads(), 0, pool, ledger, config.seed());
            Port[] own = new Port[all.length];
            for (int port = 0; port < all.length; port++) {
                if (port / 2 % workerCount == i) own[port] = all[port];
            }
            Stage[] stages = {new PatchStage(pool.packets(), outputs)};
            workers.add(new Worker("worker " + i, own, stages, outputs, Timers.NONE, ledger, pool, clock));
        }
        return workers;
    }

    /// Runs until the inputs end or `isStopped` says so. Returns the time that has passed: virtual time of an offline
    /// run, nanoseconds.
    public long run(BooleanSupplier isStopped) throws InterruptedException {
        return run(isStopped, null);
    }

    /// As [#run(BooleanSupplier)], with an agent that controls a live run while it lasts.
    public long run(BooleanSupplier isStopped, Agent control) throws InterruptedException {
        ports.forEach(Port::start);
        if (config.isOffline()) {
            var run = new OfflineRun(workers.getFirst(), ports.toArray(Port[]::new), inTurn(),
                config.pollIntervalNs(), config.drainNs());
            run.run(isStopped);
            return run.elapsedNs();
        }
        long startNs = clock.nowNs();
        boolean isDedicated = config.threading() == Threading.DEDICATED;
        new LiveRun(workers, inTurn(), isDedicated, isSpinning(), config.drainNs(), clock, control).run(isStopped);
        return clock.nowNs() - startNs;
    }

    /// Devices, and what puts flows into them, in the order of their turns.
    private List<Device> inTurn() {
        if (router == null || router.offload() == null) return devices;
        var all = new ArrayList<Device>(devices);
        all.add(router.offload());
        return all;
    }

    private boolean isSpinning() {
        return config.ports().stream().anyMatch(port -> port.wire() instanceof WireConfig.Tap tap && tap.spins());
    }

    public List<Worker> workers() {
        return workers;
    }

    public List<Port> ports() {
        return ports;
    }

    /// What lies behind the ports.
    public List<Device> devices() {
        return devices;
    }

    /// The router's tables, or null in patch mode.
    public RouterAssembly router() {
        return router;
    }
}
