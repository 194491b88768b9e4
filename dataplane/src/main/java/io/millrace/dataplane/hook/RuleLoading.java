package io.millrace.dataplane.hook;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.flow.Routes;
import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.rules.RuleInterfaces;
import io.millrace.flow.rules.RulesetCompiler;
import io.millrace.flow.rules.RulesetProgram;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.TrackingNeed;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Makes rulesets ready for a worker: compiles them, and makes tables for connections and flows once one needs them.
/// Used by one thread at a time, which need not be the worker's: what a worker uses is only read. A ruleset that is
/// refused changes nothing.
public final class RuleLoading {

    private final Arena arena;
    private final PacketMemory packets;
    private final Interfaces interfaces;
    private final int portCount;
    private final RouteTable routes;
    private final Routes routing;
    private final ParseRecords records;
    private final TrackSettings settings;
    private final OffloadControl control;
    private final SplittableRandom random;
    private Tracking tracking;
    private boolean isForFilters;
    private Offloading offloading;

    /// @param arena   lifetime of the tables
    /// @param records of the worker's parser
    /// @param control puts flows into NICs, or null
    /// @param random  seeded; all that is drawn for rules comes from it
    public RuleLoading(Arena arena, PacketMemory packets, Interfaces interfaces, int portCount, RouteTable routes,
                       Routes routing, ParseRecords records, TrackSettings settings, OffloadControl control,
                       SplittableRandom random) {
        this.arena = arena;
        this.packets = packets;
        this.interfaces = interfaces;
        this.portCount = portCount;
        this.routes = routes;
        this.routing = routing;
        this.records = records;
        this.settings = settings;
        this.control = control;
        this.random = random;
    }

    /// The interfaces as rules know them.
    public static RuleInterfaces seenByRules(List<Interface> interfaces) {
        List<RuleInterfaces.RuleInterface> seen = new ArrayList<>();
        for (Interface each : interfaces) {
            seen.add(new RuleInterfaces.RuleInterface(each.name(), RuleInterfaces.TYPE_ETHERNET, 0));
        }
        return new RuleInterfaces(seen);
    }

    /// From the next ruleset on there is room for connections, whatever the rules are: filters track.
    public void trackForFilters() {
        isForFilters = true;
    }

    /// What a worker is given by [Hooks#use]. Names what cannot be executed.
    public LoadedRules load(Ruleset ruleset, long nowNs) throws NotExecutable {
        RulesetProgram program = RulesetCompiler.compile(ruleset, seenByRules(interfaces.all()), random.nextInt(),
            nowNs);
        boolean tracks = isForFilters || TrackingNeed.tracks(ruleset, Family.IP) || TrackingNeed.tracks(ruleset, Family.IP6);
        if (tracking == null || tracks && !tracking.hasRoom()) {
            tracking = new Tracking(arena, packets, routing, settings, tracks, random);
        }
        boolean hasFlows = !program.flowtables().isEmpty();
        if (hasFlows && offloading == null) {
            offloading = new Offloading(arena, packets, records, tracking.table(), routes, portCount,
                control, random.nextLong());
            tracking.offloading(offloading);
        }
        return new LoadedRules(program, tracking, hasFlows ? offloading : null, interfaces.count());
    }
}
