package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;

/// One change of a device's filters, as a link of [FilterLog]: one came, one went, or all went.
public final class FilterStep {

    private final FilterName name;
    private final FilterChange.Added added;
    private final long timeNs;
    private volatile FilterStep next;

    private FilterStep(FilterName name, FilterChange.Added added, long timeNs) {
        this.name = name;
        this.added = added;
        this.timeNs = timeNs;
    }

    static FilterStep added(FilterChange.Added added, long timeNs) {
        return new FilterStep(added.name(), added, timeNs);
    }

    static FilterStep gone(FilterName name) {
        return new FilterStep(name, null, 0);
    }

    static FilterStep allGone() {
        return new FilterStep(null, null, 0);
    }

    void next(FilterStep step) {
        next = step;
    }

    /// What came then, or null as long as nothing did.
    public FilterStep next()     { return next; }
    public boolean isAllGone()   { return name == null; }
    public boolean isAdded()     { return added != null; }
    public FilterName name()     { return name; }
    public FlowerFilter filter() { return added.filter(); }
    public FlowerPlace place()   { return added.place(); }
    public long timeNs()         { return timeNs; }
}
