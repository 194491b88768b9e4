package io.millrace.flow.flower.block;

/// What hardware counted for one filter, for [FlowerOffload#statistics] to fill in. `lastUsedNs` is by the clock of the
/// dataplane.
public final class HardwareCounts {

    private long packets;
    private long bytes;
    private long lastUsedNs;

    public void set(long packets, long bytes, long lastUsedNs) {
        this.packets = packets;
        this.bytes = bytes;
        this.lastUsedNs = lastUsedNs;
    }

    public long packets()    { return packets; }
    public long bytes()      { return bytes; }
    public long lastUsedNs() { return lastUsedNs; }
}
