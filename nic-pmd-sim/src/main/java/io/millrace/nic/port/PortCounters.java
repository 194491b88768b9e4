package io.millrace.nic.port;

/// Counters of one port. Each has one writer, the worker of the queue; others may read a value that is a little old.
///
/// `rxPackets = handed on to the worker + rxDropped`.
public final class PortCounters {

    private long rxPackets;
    private long rxBytes;
    private long rxDropped;
    private long txPackets;
    private long txBytes;
    private long txDropped;

    public long rxPackets() { return rxPackets; }
    public long rxBytes()   { return rxBytes; }
    /// Taken from the wire, but not handed on: no slot, or a frame that no chain can hold.
    public long rxDropped() { return rxDropped; }
    public long txPackets() { return txPackets; }
    public long txBytes()   { return txBytes; }
    /// Taken from the worker, but not given to the wire.
    public long txDropped() { return txDropped; }

    public void received(long packetCount, long byteCount) {
        rxPackets += packetCount;
        rxBytes += byteCount;
    }

    public void receiveDropped(long packetCount) {
        rxDropped += packetCount;
    }

    public void sent(long packetCount, long byteCount) {
        txPackets += packetCount;
        txBytes += byteCount;
    }

    public void transmitDropped(long packetCount) {
        txDropped += packetCount;
    }
}
