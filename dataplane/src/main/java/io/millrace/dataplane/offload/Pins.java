package io.millrace.dataplane.offload;

import io.millrace.flow.table.FlowTable;

import java.util.Arrays;

/// The flows of a worker that are in hardware, or on their way in or out: what was true of each when it was described.
/// Looked up by slot in one step, gone through in one pass. The worker's thread alone.
final class Pins {

    static final int NONE = -1;
    private static final int STAYS = -1;

    private final int[] placeOf;    // by slot, + 1
    private int[] slots = new int[64];
    private int[] generations = new int[64];
    private int[] connectionGenerations = new int[64];
    private long[] macs = new long[128];   // that each direction is sent to
    private int[] causes = new int[64];    // a RemovalCause to be told, or STAYS
    private boolean[] isTold = new boolean[64];
    private int count;
    private int untoldCount;

    Pins(int flowsMax) {
        this.placeOf = new int[flowsMax];
    }

    void add(FlowTable flows, int slot, int connectionGeneration, long originalMac, long replyMac) {
        if (count == slots.length) grow();
        int place = count++;
        placeOf[slot] = place + 1;
        slots[place] = slot;
        generations[place] = flows.generation(slot);
        connectionGenerations[place] = connectionGeneration;
        macs[2 * place] = originalMac;
        macs[2 * place + 1] = replyMac;
        causes[place] = STAYS;
        isTold[place] = false;
    }

    private void grow() {
        slots = Arrays.copyOf(slots, 2 * count);
        generations = Arrays.copyOf(generations, 2 * count);
        connectionGenerations = Arrays.copyOf(connectionGenerations, 2 * count);
        macs = Arrays.copyOf(macs, 4 * count);
        causes = Arrays.copyOf(causes, 2 * count);
        isTold = Arrays.copyOf(isTold, 2 * count);
    }

    /// The place of the flow, or `NONE` if it is not pinned or the slot holds another.
    int find(int slot, int generation) {
        int place = placeOf[slot] - 1;
        return place >= 0 && generations[place] == generation ? place : NONE;
    }

    int find(int slot) {
        return placeOf[slot] - 1;
    }

    void remove(int place) {
        if (isUntold(place)) untoldCount--;
        placeOf[slots[place]] = 0;
        int last = --count;
        if (place == last) return;
        slots[place] = slots[last];
        generations[place] = generations[last];
        connectionGenerations[place] = connectionGenerations[last];
        macs[2 * place] = macs[2 * last];
        macs[2 * place + 1] = macs[2 * last + 1];
        causes[place] = causes[last];
        isTold[place] = isTold[last];
        placeOf[slots[place]] = place + 1;
    }

    /// The flow is to leave hardware: the first cause counts.
    void end(int place, RemovalCause cause) {
        if (causes[place] != STAYS) return;
        causes[place] = cause.ordinal();
        untoldCount++;
    }

    void told(int place) {
        isTold[place] = true;
        untoldCount--;
    }

    boolean isEnding(int place) { return causes[place] != STAYS; }
    boolean isUntold(int place) { return causes[place] != STAYS && !isTold[place]; }
    int untoldCount()           { return untoldCount; }
    int count()                 { return count; }
    int slot(int place)         { return slots[place]; }
    int generation(int place)   { return generations[place]; }
    int cause(int place)        { return causes[place]; }
    int connectionGeneration(int place)    { return connectionGenerations[place]; }
    long mac(int place, int direction)     { return macs[2 * place + direction]; }
}
