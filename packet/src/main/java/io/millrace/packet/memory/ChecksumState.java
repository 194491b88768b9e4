package io.millrace.packet.memory;

/// What is known of a packet's checksums, as Linux's `ip_summed` says it. Numbers, because they lie in
/// [PacketMeta].
public final class ChecksumState {

    /// Nothing known; on transmit: nothing to do.
    public static final int NONE = 0;
    /// The device found `level` + 1 consecutive checksums right, outermost first.
    public static final int UNNECESSARY = 1;
    /// The sum over the packet from the network header to its end is known.
    public static final int COMPLETE = 2;
    /// The sum from a start to the end is still to be stored at an offset from it.
    public static final int PARTIAL = 3;

    private ChecksumState() {}
}
