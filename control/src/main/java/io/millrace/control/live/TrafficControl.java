package io.millrace.control.live;

import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.hook.LoadedRules;
import io.millrace.dataplane.hook.PortFilters;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.block.ActionIndexes;
import io.millrace.flow.flower.block.FlowerBlock;
import io.millrace.flow.flower.block.FlowerOffload;
import io.millrace.flow.flower.block.FlowerSoftware;
import io.millrace.flow.flower.engine.FlowerRule;
import io.millrace.flow.flower.engine.FlowerTable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// The qdiscs of the ports with their filters, for the control thread. A filter is changed in software by the worker,
/// between two bursts; hardware is asked before.
public final class TrafficControl {

    /// What a port can have: hooks for filters. `INGRESS` has no egress.
    public enum Qdisc { CLSACT, INGRESS }

    /// Who gives the hardware below a port's hook.
    public interface Devices {

        /// None has any.
        Devices NONE = (_, _) -> null;

        /// Null where the port has none.
        FlowerOffload of(int port, boolean isIngress);
    }

    private record PortQdisc(Qdisc kind, FlowerBlock ingress, FlowerBlock egress) {}

    private final RunningDataplane running;
    private final Devices devices;
    private final ActionIndexes actionIndexes = new ActionIndexes();
    private final Map<Integer, PortQdisc> byPort = new HashMap<>();

    public TrafficControl(RunningDataplane running, Devices devices) {
        this.running = running;
        this.devices = devices;
    }

    public RunningDataplane running() {
        return running;
    }

    /// The kind of qdisc that the port has, or null.
    public Qdisc qdisc(int port) {
        PortQdisc qdisc = byPort.get(port);
        return qdisc == null ? null : qdisc.kind();
    }

    public void add(int port, Qdisc kind) {
        if (running.config().forwarding() == Forwarding.PATCH) {
            throw new Refusal(2, "forwarding: patch passes frames on unchanged: there are no filters");
        }
        byPort.put(port, new PortQdisc(kind, block(port, true), block(port, false)));
    }

    private FlowerBlock block(int port, boolean isIngress) {
        return new FlowerBlock(new WorkerTable(port, isIngress), devices.of(port, isIngress), actionIndexes);
    }

    /// Removes the port's qdisc with all filters.
    public void remove(int port) {
        PortQdisc gone = byPort.remove(port);
        gone.ingress().clear();
        gone.egress().clear();
    }

    /// The filters of a hook, or null where the port has no qdisc with that hook.
    public FlowerBlock block(int port, Hook hook) {
        PortQdisc qdisc = byPort.get(port);
        if (qdisc == null || qdisc.kind() == Qdisc.INGRESS && hook == Hook.EGRESS) return null;
        return hook == Hook.INGRESS ? qdisc.ingress() : qdisc.egress();
    }

    /// The port's filters leave the hardware below it.
    public void leaveHardware(int port) {
        if (byPort.containsKey(port)) byPort.get(port).ingress().leaveHardware();
    }

    /// The hardware below the port has dropped its filters.
    public void hardwareLost(int port) {
        if (byPort.containsKey(port)) byPort.get(port).ingress().hardwareLost();
    }

    /// Up to `max` of the port's filters are offered to the hardware below it; true once all were.
    public boolean enterHardware(int port, int max) {
        return !byPort.containsKey(port) || byPort.get(port).ingress().enterHardware(max);
    }

    /// Filters are about to track connections.
    public void needConnections() {
        if (running.config().workers() > 1) {
            throw new Refusal(2, "action ct: more than one worker together with filters that track connections is not "
                + "available yet in this version");
        }
        LoadedRules rules = running.router().loadForFilters(running.config().rules().ruleset(), running.nowNs());
        if (rules == null) return;
        running.onRouter(nowNs -> {
            running.router().use(rules, nowNs);
            return null;
        });
    }

    /// Where filters are met.
    public enum Hook { INGRESS, EGRESS }

    /// Has the worker do something with its time, as to read what filters counted.
    public <T> T onWorker(LongFunction<T> work) {
        return running.onRouter(work);
    }

    /// One worker's table, changed by that worker.
    private final class WorkerTable implements FlowerSoftware {

        private final int port;
        private final boolean isIngress;

        WorkerTable(int port, boolean isIngress) {
            this.port = port;
            this.isIngress = isIngress;
        }

        @Override
        public FlowerRule add(FlowerFilter filter, boolean isInHardware) {
            return running.onRouter(nowNs -> {
                PortFilters filters = running.router().filters();
                FlowerTable table = filters.table(port, isIngress);
                FlowerRule rule = table.add(filter, nowNs);
                table.inHardware(rule, isInHardware);
                filters.changed();
                return rule;
            });
        }

        @Override
        public FlowerRule replace(FlowerRule old, FlowerFilter filter, boolean isInHardware) {
            return running.onRouter(nowNs -> {
                PortFilters filters = running.router().filters();
                FlowerTable table = filters.table(port, isIngress);
                FlowerRule rule = table.replace(old, filter, nowNs);
                table.inHardware(rule, isInHardware);
                filters.changed();
                return rule;
            });
        }

        @Override
        public void inHardware(List<FlowerRule> rules, boolean yes) {
            running.onRouter(_ -> {
                PortFilters filters = running.router().filters();
                FlowerTable table = filters.table(port, isIngress);
                rules.forEach(rule -> table.inHardware(rule, yes));
                filters.changed();
                return null;
            });
        }

        @Override
        public void remove(List<FlowerRule> rules) {
            running.onRouter(nowNs -> {
                PortFilters filters = running.router().filters();
                rules.forEach(filters.table(port, isIngress)::remove);
                filters.changed();
                return null;
            });
        }
    }
}
