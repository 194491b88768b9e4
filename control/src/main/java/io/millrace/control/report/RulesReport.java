package io.millrace.control.report;

import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.hook.Offloading;
import io.millrace.dataplane.hook.Tracking;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.flow.path.FlowMiss;
import io.millrace.flow.path.FlowObstacle;
import io.millrace.flow.rules.RulesetProgram;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.TrackCounter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What rules, connections and flows came to at the end of a run.
///
/// @param connections    those that are, unordered
/// @param trackCounters  as `conntrack -S`
/// @param flowCount      flows in the flow table
/// @param flowHits       packets that it forwarded
/// @param flowMisses     packets that it let pass, by why
/// @param counters       named counters
/// @param quotas         named quotas
/// @param hardware       what became of flows in NICs
/// @param logLines       what rules logged, in the kernel's form
/// @param loggedCount    lines that were logged, more than there are when too many
public record RulesReport(List<ConnectionLine> connections, Map<TrackCounter, Long> trackCounters, long flowCount,
                          long flowHits, Map<FlowMiss, Long> flowMisses, List<NamedCount> counters,
                          List<NamedCount> quotas, HardwareReport hardware, List<String> logLines, long loggedCount) {

    /// @param line      as `conntrack -L` prints it
    /// @param obstacles why the last `flow add` did not put it into the flow table, all that held; empty where none did
    ///                  or nobody tried
    /// @param hardwareObstacles why it is offloaded, and not to a NIC
    public record ConnectionLine(String line, boolean isOffloaded, List<FlowObstacle> obstacles,
                                 List<HardwareObstacle> hardwareObstacles) {}

    /// A named object of a table; `packets` is -1 for quotas.
    public record NamedCount(String family, String table, String name, long packets, long bytes) {}

    static final RulesReport NONE = new RulesReport(List.of(), Map.of(), 0, 0, Map.of(), List.of(), List.of(),
        HardwareReport.NONE, List.of(), 0);

    public RulesReport {
        connections = List.copyOf(connections);
        counters = List.copyOf(counters);
        quotas = List.copyOf(quotas);
        logLines = List.copyOf(logLines);
    }

    /// Of a router whose worker has ended, or null.
    public static RulesReport of(RouterAssembly router) {
        if (router == null || router.hooks().rules() == null) return NONE;
        Hooks hooks = router.hooks();
        Tracking tracking = hooks.tracking();
        var counts = new EnumMap<TrackCounter, Long>(TrackCounter.class);
        for (TrackCounter each : TrackCounter.values()) counts.put(each, tracking.table().counters().get(each));
        var misses = new EnumMap<FlowMiss, Long>(FlowMiss.class);
        Offloading flows = hooks.offloading();
        for (FlowMiss each : FlowMiss.values()) misses.put(each, flows == null ? 0 : flows.path().missCount(each));
        RulesetProgram program = hooks.rules().program();
        List<String> names = router.interfaces().all().stream().map(Interface::name).toList();
        return new RulesReport(connections(router, tracking, hooks.nowNs()), counts,
            flows == null ? 0 : flows.flows().flowCount(), flows == null ? 0 : flows.path().hitCount(), misses,
            named(program, ObjectKind.COUNTER), named(program, ObjectKind.QUOTA), HardwareReport.of(router.offload()),
            LogText.lines(router.ruleEffects().log(), names), router.ruleEffects().log().logged());
    }

    private static List<ConnectionLine> connections(RouterAssembly router, Tracking tracking, long nowNs) {
        var lines = new ArrayList<ConnectionLine>();
        var text = new ConnectionText(tracking.table());
        Connections connections = tracking.table().connections();
        int entry = tracking.table().next(Connections.NONE);
        for (; entry != Connections.NONE; entry = tracking.table().next(entry)) {
            if (connections.timeoutNs(entry) - nowNs <= 0) continue;   // over, but nobody came by yet
            tracking.settle(entry);
            boolean isOffloaded = connections.has(entry, ConnectionStatus.OFFLOAD);
            lines.add(new ConnectionLine(text.line(entry, nowNs), isOffloaded,
                isOffloaded ? List.of() : obstacles(connections.obstacles(entry)),
                isOffloaded ? hardwareObstacles(router, connections, entry) : List.of()));
        }
        return lines;
    }

    private static List<HardwareObstacle> hardwareObstacles(RouterAssembly router, Connections connections, int entry) {
        if (connections.has(entry, ConnectionStatus.HARDWARE_OFFLOAD)) return List.of();
        if (router.offload() == null) return List.of(HardwareObstacle.NO_NIC);
        return HardwareObstacle.of(router.offload().obstacles(connections.flow(entry)));
    }

    private static List<FlowObstacle> obstacles(long bits) {
        var obstacles = new ArrayList<FlowObstacle>();
        for (FlowObstacle each : FlowObstacle.values()) {
            if ((bits & each.bit()) != 0) obstacles.add(each);
        }
        return obstacles;
    }

    private static List<NamedCount> named(RulesetProgram program, ObjectKind kind) {
        var counts = new ArrayList<NamedCount>();
        for (Table table : program.ruleset().tables().values()) {
            for (NamedObject object : table.objects()) {
                if (object.kind() != kind || table.isDormant()) continue;
                boolean isCounter = kind == ObjectKind.COUNTER;
                counts.add(new NamedCount(table.family().text(), table.name(), object.name(),
                    isCounter ? program.packets(table.family(), table.name(), object.name()) : -1,
                    isCounter ? program.bytes(table.family(), table.name(), object.name())
                        : program.quotaBytes(table.family(), table.name(), object.name())));
            }
        }
        return counts;
    }

    public long offloadedCount() {
        return connections.stream().filter(ConnectionLine::isOffloaded).count();
    }

    /// True if there is something to say.
    public boolean isAny() {
        return !trackCounters.isEmpty();
    }
}
