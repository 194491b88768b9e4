package io.millrace.nic.sim.filter;

/// What a filter has counted: packets that matched, their bytes as software counts them, and when the last one did. An
/// object that is used again.
public final class FilterCount {

    long packets;
    long bytes;
    long lastUsedNs;

    public long packets()    { return packets; }
    public long bytes()      { return bytes; }
    public long lastUsedNs() { return lastUsedNs; }
}
