package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a UDP header in packet memory (RFC 768).
///
/// ```
///  0             2             4             6             8
///  +-------------+-------------+-------------+-------------+
///  | source port | target port |   length    |  checksum   |
///  +-------------+-------------+-------------+-------------+
/// ```
public final class UdpView {

    public static final int HEADER_BYTES = 8;

    private static final int SOURCE_PORT = 0;
    private static final int TARGET_PORT = 2;
    private static final int LENGTH = 4;
    private static final int CHECKSUM = 6;

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

    /// True if the header lies within `bytesAvailable`, and so does the length it speaks of.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES) return false;
        return lengthBytes() >= HEADER_BYTES && lengthBytes() <= bytesAvailable;
    }

    public int sourcePort() { return Wire.u16(memory, base + SOURCE_PORT); }
    public int targetPort() { return Wire.u16(memory, base + TARGET_PORT); }
    /// Bytes of header and payload.
    public int lengthBytes() { return Wire.u16(memory, base + LENGTH); }
    /// 0 is none.
    public int checksum() { return Wire.u16(memory, base + CHECKSUM); }

    public void sourcePort(int value) { Wire.u16(memory, base + SOURCE_PORT, value); }
    public void targetPort(int value) { Wire.u16(memory, base + TARGET_PORT, value); }
    public void lengthBytes(int value) { Wire.u16(memory, base + LENGTH, value); }
    public void checksum(int value) { Wire.u16(memory, base + CHECKSUM, value); }
}
