package io.millrace.dataplane.stage;

import io.millrace.dataplane.forward.FlowOutput;
import io.millrace.dataplane.hook.HookWatch;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.hook.Offloading;
import io.millrace.flow.path.FlowPath;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.CompiledParser;

/// The last stage of a router. Without rules it is [RouteStage]; with rules known flows leave by [FlowPath], and
/// everything else takes the whole way past all hooks.
///
/// What the flow table takes out of a burst is sent in its place between the others, so that no packet of a connection
/// overtakes another.
public final class RouterStage implements Stage {

    private final Stage route;
    private final WholeWay wholeWay;
    private final Hooks hooks;
    private final IngressRules ingressRules;
    private final CompiledParser parser;
    private final ParsedBurst parsed;
    private final boolean looksUpFlows;
    private final FlowOutput output;
    private final int[] places = new int[Burst.PACKETS_MAX];   // the burst as it came

    /// @param parser       writes the records that the flow table looks at
    /// @param parsed       whether its records are those of the burst at hand
    /// @param looksUpFlows false: connections are put into the flow table, but no packet is looked up
    public RouterStage(Stage route, WholeWay wholeWay, Hooks hooks, IngressRules ingressRules, CompiledParser parser,
                       ParsedBurst parsed, boolean looksUpFlows, FlowOutput output) {
        this.route = route;
        this.wholeWay = wholeWay;
        this.hooks = hooks;
        this.ingressRules = ingressRules;
        this.parser = parser;
        this.parsed = parsed;
        this.looksUpFlows = looksUpFlows;
        this.output = output;
    }

    @Override
    public void process(Burst burst, long nowNs) {
        if (hooks.watch() != null) hooks.watch().routing(burst, nowNs);
        if (!hooks.isOn()) {
            route.process(burst, nowNs);
            return;
        }
        Offloading offloading = looksUpFlows ? hooks.offloading() : null;
        if (offloading != null) {
            lookUp(burst, offloading, nowNs);
        } else {
            hooks.expect(burst);
            for (int i = 0; i < burst.count(); i++) wholeWay.take(burst.packet(i), nowNs);
        }
        burst.clear();
    }

    /// Where nobody else asks for headers, a look at the frame itself is enough for most.
    @Override
    public boolean findsHeaders() {
        if (hooks.watch() != null) return false;
        if (!hooks.isOn()) return true;
        return looksUpFlows && hooks.offloading() != null && !hooks.hasIngress() && !hooks.hasAnyEgress();
    }

    private void lookUp(Burst burst, Offloading offloading, long nowNs) {
        int priority = hooks.rules().flowtablePriority();
        boolean isShown = hooks.hasIngress();
        if (isShown) showIngress(burst, priority, nowNs);
        if (isShown) parser.parse(burst);
        offloading.prepare(nowNs);
        FlowPath path = offloading.path();
        int count = burst.count();
        for (int i = 0; i < count; i++) places[i] = burst.packet(i);
        path.process(burst, isShown || parsed.isAtHand() ? null : parser, nowNs);
        if (hooks.watch() != null) tell(hooks.watch(), burst, path);
        if (burst.count() == 0 && path.unresolved().count() == 0) {
            output.sendAll(path.forwarded(), nowNs);
            return;
        }
        hooks.expect(burst);
        Burst forwarded = path.forwarded();
        Burst unresolved = path.unresolved();
        int forwardedAt = 0;
        int unresolvedAt = 0;
        for (int i = 0; i < count; i++) {
            int packet = places[i];
            if (forwardedAt < forwarded.count() && forwarded.packet(forwardedAt) == packet) {
                forwardedAt++;
                output.send(packet, nowNs);
            } else if (unresolvedAt < unresolved.count() && unresolved.packet(unresolvedAt) == packet) {
                unresolvedAt++;
                output.resolve(packet, offloading.flows().links(), nowNs);
            } else {
                wholeWay.take(packet, isShown ? priority : Integer.MIN_VALUE, nowNs);
            }
        }
        forwarded.clear();
        unresolved.clear();
    }

    private static void tell(HookWatch watch, Burst missed, FlowPath path) {
        for (int i = 0; i < missed.count(); i++) watch.lookedUp(missed.packet(i), path.missOf(i));
        for (int i = 0; i < path.forwarded().count(); i++) watch.lookedUp(path.forwarded().packet(i), null);
        for (int i = 0; i < path.unresolved().count(); i++) watch.lookedUp(path.unresolved().packet(i), null);
    }

    /// Rules that come before the flow table.
    private void showIngress(Burst burst, int priority, long nowNs) {
        int keptCount = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            hooks.begin();
            if (ingressRules.pass(packet, Integer.MIN_VALUE, priority, nowNs)) burst.packet(keptCount++, packet);
            hooks.end();
        }
        burst.truncate(keptCount);
    }
}
