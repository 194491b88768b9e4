package io.millrace.dataplane.hook;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.flow.Routes;
import io.millrace.flow.path.FlowAdd;
import io.millrace.flow.rules.RulesetProgram;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.TrackingNeed;

/// A ruleset ready for a worker: compiled, with the tables that it needs. Made by [RuleLoading], off the worker.
public final class LoadedRules {

    private final RulesetProgram program;
    private final Tracking tracking;
    private final Offloading offloading;
    private FlowAdd[] adders = {};
    private final boolean tracks4;
    private final boolean tracks6;
    private final boolean translates4;
    private final boolean translates6;
    private final boolean[] hasIngress;   // by interface
    private final boolean[] hasEgress;
    private final boolean hasAnyIngress;
    private final boolean hasAnyEgress;
    private final int flowtablePriority;
    private final boolean isOn;

    /// @param offloading null where no rule adds flows
    LoadedRules(RulesetProgram program, Tracking tracking, Offloading offloading, int interfaceCount) {
        this.program = program;
        this.tracking = tracking;
        this.offloading = offloading;
        Ruleset ruleset = program.ruleset();
        this.tracks4 = TrackingNeed.tracks(ruleset, Family.IP);
        this.tracks6 = TrackingNeed.tracks(ruleset, Family.IP6);
        this.translates4 = TrackingNeed.translates(ruleset, Family.IP);
        this.translates6 = TrackingNeed.translates(ruleset, Family.IP6);
        this.hasIngress = new boolean[interfaceCount];
        this.hasEgress = new boolean[interfaceCount];
        boolean hasIngressAnywhere = false;
        boolean hasEgressAnywhere = false;
        boolean hasChains = tracks4 || tracks6;
        for (int i = 0; i < interfaceCount; i++) {
            hasIngress[i] = program.hasIngressChains(i);
            hasEgress[i] = program.hasEgressChains(i);
            hasIngressAnywhere |= hasIngress[i];
            hasEgressAnywhere |= hasEgress[i];
            hasChains |= hasIngress[i] || hasEgress[i];
        }
        for (Hook hook : Hook.values()) hasChains |= program.hasChains(4, hook) || program.hasChains(6, hook);
        this.hasAnyIngress = hasIngressAnywhere;
        this.hasAnyEgress = hasEgressAnywhere;
        int priority = Integer.MAX_VALUE;
        for (RulesetProgram.ProgramFlowtable each : program.flowtables()) {
            priority = Math.min(priority, each.flowtable().priority());
        }
        this.flowtablePriority = priority;
        this.isOn = hasChains;
    }

    /// On the worker, before its first packet: the machine runs the program, its flowtables look at their devices.
    void install(Interfaces interfaces, Routes routing) {
        tracking.machine().run(program);
        if (offloading == null) return;
        adders = offloading.adders(program, interfaces, routing);
        var isHooked = new boolean[interfaces.untagged().length];
        for (Interface each : interfaces.all()) {
            if (hasIngress[each.index()] || hasEgress[each.index()]) isHooked[each.portIndex()] = true;
        }
        offloading.hooked(isHooked);
    }

    public RulesetProgram program()       { return program; }
    public Tracking tracking()            { return tracking; }
    /// The flow table, or null.
    public Offloading offloading()        { return offloading; }
    FlowAdd adder(int flowtable)          { return adders[flowtable]; }
    /// True if packets have to be shown to rules, or tracked.
    boolean isOn()                        { return isOn; }
    boolean tracks(int family)            { return family == 4 ? tracks4 : tracks6; }
    boolean translates(int family)        { return family == 4 ? translates4 : translates6; }
    boolean hasIngress(int interfaceIndex) { return hasIngress[interfaceIndex]; }
    boolean hasEgress(int interfaceIndex)  { return hasEgress[interfaceIndex]; }
    boolean hasAnyIngress()               { return hasAnyIngress; }
    boolean hasAnyEgress()                { return hasAnyEgress; }
    /// Where at ingress packets are looked up in the flow table: that of the first flowtable.
    public int flowtablePriority()        { return flowtablePriority; }
}
