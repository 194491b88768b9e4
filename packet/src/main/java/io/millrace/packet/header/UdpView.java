package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a UDP header in packet memory (RFC 768).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          source port          |          target port          |
///  +-------------------------------+-------------------------------+
///  |     length of the datagram    |           checksum            |
///  +-------------------------------+-------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
/// Setting the length invalidates that answer.
public final class UdpView {

    public static final int HEADER_BYTES = 8;
    /// Where the checksum lies, from the header's first byte.
    public static final int CHECKSUM_AT = 6;

    private static final int SOURCE_PORT = 0;
    private static final int TARGET_PORT = 2;
    private static final int DATAGRAM_BYTES = 4;

    private final MemorySegment memory;
    private long base;

    public UdpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public UdpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if header and payload lie within `bytesAvailable`. A length of 0, as a jumbogram has (RFC 2675), is not
    /// valid, nor is what UDP-Lite holds in the length's place.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES) return false;
        int datagramBytes = datagramBytes();
        return datagramBytes >= HEADER_BYTES
            && datagramBytes <= bytesAvailable;
    }

    public int sourcePort()    { return Wire.u16(memory, base + SOURCE_PORT); }
    public int targetPort()    { return Wire.u16(memory, base + TARGET_PORT); }
    /// Header and payload together. In UDP-Lite (RFC 3828): how many of them the checksum covers, 0 for all.
    public int datagramBytes() { return Wire.u16(memory, base + DATAGRAM_BYTES); }
    /// 0 where the sender made none.
    public int checksum()      { return Wire.u16(memory, base + CHECKSUM_AT); }

    public void sourcePort(int value)    { Wire.u16(memory, base + SOURCE_PORT, value); }
    public void targetPort(int value)    { Wire.u16(memory, base + TARGET_PORT, value); }
    public void datagramBytes(int value) { Wire.u16(memory, base + DATAGRAM_BYTES, value); }
    public void checksum(int value)      { Wire.u16(memory, base + CHECKSUM_AT, value); }
}
