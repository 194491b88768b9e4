package io.millrace.dataplane.offload;

/// What the control thread has counted; others may read values that are a little old.
public final class OffloadTally {

    private final long[] removals = new long[RemovalCause.values().length];
    private final long[] faults = new long[DeviceFault.values().length];
    private long installs;
    private long countsLost;

    void removed(RemovalCause cause) { removals[cause.ordinal()]++; }
    void fault(DeviceFault fault, long count) { faults[fault.ordinal()] += count; }
    void installed()                 { installs++; }
    void countLost()                 { countsLost++; }

    /// Connections that a NIC has confirmed.
    public long installs()                   { return installs; }
    public long removals(RemovalCause cause) { return removals[cause.ordinal()]; }
    public long faults(DeviceFault fault)    { return faults[fault.ordinal()]; }
    /// Connections whose last packets in hardware nobody could read.
    public long countsLost()                 { return countsLost; }

    public long removals() {
        long sum = 0;
        for (long each : removals) sum += each;
        return sum;
    }
}
