package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerFilter;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.engine.FlowerRule;

/// A filter that is in force: what was asked for, where software counts for it, and its name in hardware.
public final class FlowerEntry {

    private final FlowerFilter filter;
    private final FlowerPlace place;
    private final FlowerRule rule;
    private final int[] actionIndexes;
    private final int slot;
    private final int generation;
    private boolean isInHardware;

    FlowerEntry(FlowerFilter filter, FlowerPlace place, FlowerRule rule, int[] actionIndexes, int slot,
                int generation, boolean isInHardware) {
        this.filter = filter;
        this.place = place;
        this.rule = rule;
        this.actionIndexes = actionIndexes;
        this.slot = slot;
        this.generation = generation;
        this.isInHardware = isInHardware;
    }

    public FlowerFilter filter()        { return filter; }
    /// Its counters are the worker's, to be read between two bursts.
    public FlowerRule rule()            { return rule; }
    /// The number of the filter's action of that place.
    public int actionIndex(int place)   { return actionIndexes[place]; }
    public boolean isInHardware()       { return isInHardware; }
    public int slot()                   { return slot; }
    public int generation()             { return generation; }
    FlowerPlace place()                 { return place; }
    int[] actionIndexes()               { return actionIndexes; }
    void inHardware(boolean yes)        { isInHardware = yes; }
}
