package io.millrace.control.metrics;

import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.worker.Worker;
import io.millrace.dataplane.worker.WorkerLoad;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Every counter of a live run. Read where the workers write, without their noticing: values may be a little old.
public final class RunCounters {

    /// @param of the port, worker or verdict that is counted
    public record Counted(CounterKind kind, String of, LongSupplier value) {}

    private final List<Counted> all = new ArrayList<>();
    private final TopFlows topFlows;

    public RunCounters(RunningDataplane running) {
        this.topFlows = new TopFlows(running);
        for (Port port : running.ports()) addPort(port);
        for (Worker worker : running.workers()) addWorker(worker);
        for (Verdict verdict : Verdict.values()) {
            if (verdict.ending() == Verdict.Ending.GOES_ON) continue;
            Worker[] workers = running.workers().toArray(Worker[]::new);
            add(CounterKind.VERDICT_PACKETS, verdict.name(), () -> {
                long sum = 0;
                for (int i = 0; i < workers.length; i++) sum += workers[i].ledger().count(verdict);
                return sum;
            });
        }
        add(CounterKind.SAMPLED_NS, "", running::nowNs);
    }

    private void addPort(Port port) {
        var counters = port.counters();
        add(CounterKind.PORT_RX_PACKETS, port.name(), counters::rxPackets);
        add(CounterKind.PORT_RX_BYTES, port.name(), counters::rxBytes);
        add(CounterKind.PORT_RX_DROPPED, port.name(), counters::rxDropped);
        add(CounterKind.PORT_TX_PACKETS, port.name(), counters::txPackets);
        add(CounterKind.PORT_TX_BYTES, port.name(), counters::txBytes);
        add(CounterKind.PORT_TX_DROPPED, port.name(), counters::txDropped);
    }

    private void addWorker(Worker worker) {
        WorkerLoad load = worker.load();
        add(CounterKind.WORKER_TURNS, worker.roleName(), load::turns);
        add(CounterKind.WORKER_BURSTS, worker.roleName(), load::bursts);
        add(CounterKind.WORKER_PACKETS, worker.roleName(), load::packets);
        add(CounterKind.WORKER_BUSY_NS, worker.roleName(), load::busyNs);
        add(CounterKind.WORKER_ELAPSED_NS, worker.roleName(), load::elapsedNs);
        add(CounterKind.WORKER_HELD, worker.roleName(), () -> worker.ledger().held());
    }

    private void add(CounterKind kind, String of, LongSupplier value) {
        all.add(new Counted(kind, of, value));
    }

    /// The flows of the moment: they are no counters of the run, and not in [#all].
    TopFlows topFlows() {
        return topFlows;
    }

    public List<Counted> all() {
        return List.copyOf(all);
    }
}
