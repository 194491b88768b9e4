package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerAction;
import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.PortRange;

/// A filter in a table: its number there, its actions as an array and what they counted. Belongs to the table's thread.
public final class FlowerRule {

    private final FlowerFilter filter;
    private final FlowerPlace place;
    private final int number;
    private final FlowerAction[] actions;
    private final ActionCounters[] counters;
    private final TokenBucket[] buckets;
    private final PortRange sourcePorts;
    private final PortRange targetPorts;
    private final boolean skipsSoftware;
    private boolean isInHardware;

    FlowerRule(FlowerFilter filter, FlowerPlace place, int number, long nowNs) {
        this.place = place;
        this.filter = filter;
        this.number = number;
        this.actions = filter.actions().toArray(FlowerAction[]::new);
        this.counters = new ActionCounters[actions.length];
        this.buckets = new TokenBucket[actions.length];
        for (int i = 0; i < actions.length; i++) {
            counters[i] = new ActionCounters(nowNs);
            if (actions[i] instanceof FlowerAction.Police police) buckets[i] = new TokenBucket(police, nowNs);
        }
        this.sourcePorts = filter.match().sourcePorts().orElse(null);
        this.targetPorts = filter.match().targetPorts().orElse(null);
        this.skipsSoftware = filter.flags().skipsSoftware();
    }

    boolean hasPorts(int sourcePort, int targetPort) {
        return (sourcePorts == null || sourcePorts.contains(sourcePort))
            && (targetPorts == null || targetPorts.contains(targetPort));
    }

    /// Hardware has the filter too: packets that come from there behind other filters do not meet it again.
    void inHardware(boolean yes) {
        isInHardware = yes;
    }

    public FlowerFilter filter()              { return filter; }
    public int actionCount()                  { return actions.length; }
    public ActionCounters counters(int index) { return counters[index]; }
    FlowerMatch match()                       { return filter.match(); }
    FlowerPlace place()                       { return place; }
    int number()                              { return number; }
    FlowerAction action(int index)            { return actions[index]; }
    TokenBucket bucket(int index)             { return buckets[index]; }
    boolean skipsSoftware()                   { return skipsSoftware; }
    boolean isInHardware()                    { return isInHardware; }
}
