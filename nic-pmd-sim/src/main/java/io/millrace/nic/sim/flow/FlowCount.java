package io.millrace.nic.sim.flow;

/// What an entry has counted: packets, bytes from the IP header on, and when the last one passed. An object that is
/// used again.
public final class FlowCount {

    long packets;
    long bytes;
    long lastUsedNs;
    EntryState state = EntryState.FREE;

    public long packets()     { return packets; }
    public long bytes()       { return bytes; }
    public long lastUsedNs()  { return lastUsedNs; }
    public EntryState state() { return state; }
}
