package io.millrace.perf.load;

import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.driver.gen.GenPort;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import net.openhft.affinity.Affinity;
import org.HdrHistogram.Histogram;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// A router whose worker has a thread and a processor of its own; generators and receivers are the caller's. Between
/// them are rings.
///
/// ```
///  caller's thread:  generator ─▶ ring ─┐            ┌─ ring ─▶ receiver
///  worker's thread:                     └─▶ router ──┘
/// ```
final class DedicatedRouter implements AutoCloseable {

    private static final int SPARE_SLOTS = 32_768;

    private final List<GenPort> generators = new ArrayList<>();
    private final List<RingPort> wires = new ArrayList<>();
    private final PacketPool pool;
    private final Burst burst = new Burst();
    private final Worker worker;
    private final Thread thread;
    private final Histogram hiccups = new Histogram(1, LatencyRow.NS_MAX, 3);
    private volatile boolean isForgetting;
    private volatile boolean isOver;

    /// Starts the worker.
    ///
    /// @param ringSlots of each ring, a power of two
    DedicatedRouter(Arena arena, DataplaneConfig written, TrafficProfile profile, int ringSlots, int processor) {
        DataplaneConfig config = LoadWorld.generated(written, ringSlots);
        var packets = new PacketMemory(arena, Dataplane.slotCount(config) + SPARE_SLOTS);
        var workersPool = new PacketPool(arena, packets);
        this.pool = workersPool.another();
        List<PortConfig> ports = config.ports();
        TrafficProfile placed = profile.atPorts(ports.getFirst().name(), ports.getLast().name());
        for (int i = 0; i < ports.size(); i++) {
            String name = ports.get(i).name();
            wires.add(new RingPort(arena, packets, name, i, ringSlots));
            generators.add(new GenPort(arena, packets, name, i, placed,
                new Receiver(arena, packets, placed.streams().size(), false), GenPort.NO_RING, 0));
        }
        for (GenPort generator : generators) generator.stop();
        this.worker = Dataplane.assemble(config, arena, List.copyOf(wires), workersPool, Clock.system()).workers()
            .getFirst();
        this.thread = new Thread(() -> {
            Affinity.setAffinity(processor);
            work();
        }, "worker");
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        long lastNs = System.nanoTime();
        boolean wasIdle = false;
        while (!isOver) {
            long nowNs = System.nanoTime();
            if (wasIdle) hiccups.recordValue(Math.min(nowNs - lastNs, LatencyRow.NS_MAX));
            lastNs = nowNs;
            wasIdle = worker.turn(nowNs) == 0;
            if (!isForgetting) continue;
            hiccups.reset();
            isForgetting = false;
        }
    }

    /// Measures hiccups anew.
    void forgetHiccups() {
        isForgetting = true;
        while (isForgetting) Thread.onSpinWait();
    }

    TrialRunner runner() {
        return new TrialRunner(generators, this::exchange, System::nanoTime, () -> new long[0]);
    }

    /// Caller's thread: sends what is due, takes in what has come; returns how many packets.
    private int exchange(long nowNs) {
        int count = 0;
        for (int i = 0; i < wires.size(); i++) {
            RingPort wire = wires.get(i);
            GenPort generator = generators.get(i);
            int dueCount = generator.receive(0, burst, pool, nowNs);
            if (dueCount > 0) wire.arrive(burst, pool);
            int backCount = wire.leave(burst);
            if (backCount > 0) generator.transmit(0, burst, pool, System.nanoTime());
            burst.clear();
            count += dueCount + backCount;
        }
        return count;
    }

    /// Gaps of the worker's thread between two looks at the clock with nothing to do between. Ends the worker.
    Histogram end() {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the worker was to end", e);
        }
        return hiccups;
    }

    @Override
    public void close() {
        end();
    }
}
