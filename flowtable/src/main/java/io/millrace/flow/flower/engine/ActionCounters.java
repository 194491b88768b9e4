package io.millrace.flow.flower.engine;

/// What one action of a filter has counted. Times are those of the caller's clock, in nanoseconds; [#NEVER] where it
/// has not happened.
public final class ActionCounters {

    public static final long NEVER = Long.MIN_VALUE;

    private final long installedNs;
    private long packets;
    private long bytes;
    private long drops;
    private long overlimits;
    private long firstUsedNs = NEVER;
    private long lastUsedNs = NEVER;

    ActionCounters(long installedNs) {
        this.installedNs = installedNs;
    }

    void count(int packetCount, int byteCount, long nowNs) {
        packets += packetCount;
        bytes += byteCount;
        lastUsedNs = nowNs;
        if (firstUsedNs == NEVER) firstUsedNs = nowNs;
    }

    void drop(int packetCount) { drops += packetCount; }
    void overlimit()           { overlimits++; }

    public long packets()     { return packets; }
    public long bytes()       { return bytes; }
    public long drops()       { return drops; }
    public long overlimits()  { return overlimits; }
    public long installedNs() { return installedNs; }
    public long firstUsedNs() { return firstUsedNs; }
    public long lastUsedNs()  { return lastUsedNs; }
}
