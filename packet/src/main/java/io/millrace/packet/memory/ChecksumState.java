package io.millrace.packet.memory;

/// What is known of a packet's checksums, as Linux's `ip_summed` says it. Numbers, because they lie in
/// [PacketMeta].
public final class ChecksumState {

    /// Nothing known; on transmit: nothing to do.
    public static final int NONE = 0;
    /// The device found `level` + 1 consecutive checksums right, outermost first.
    public static final int UNNECESSARY = 1;
    /// The sum from a start, in a frame received the byte behind the Ethernet header, to the packet's end is known.
    public static final int COMPLETE = 2;
    /// The sum from a start to the end is still to be stored at an offset from it.
    public static final int PARTIAL = 3;

    /// Flag: the checksum that was validated last is right.
    public static final int VALID = 1;
    /// Flag: COMPLETE, and it was this host that summed, not a device.
    public static final int BY_SOFTWARE = 2;
    /// Flag: PARTIAL, and what is to be stored is a CRC32c.
    public static final int CRC32C = 4;

    private ChecksumState() {}
}
