package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an SCTP common header in packet memory (RFC 9260 §3.1). [SctpChunkView] reads what follows.
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          source port          |          target port          |
///  +-------------------------------+-------------------------------+
///  |                       verification tag                        |
///  +---------------------------------------------------------------+
///  |                       checksum (CRC32c)                       |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class SctpView {

    public static final int HEADER_BYTES = 12;
    /// Where the checksum lies, from the header's first byte.
    public static final int CHECKSUM_AT = 8;

    private static final int SOURCE_PORT = 0;
    private static final int TARGET_PORT = 2;
    private static final int VERIFICATION_TAG = 4;

    private final MemorySegment memory;
    private long base;

    public SctpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public SctpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    public int sourcePort()      { return Wire.u16(memory, base + SOURCE_PORT); }
    public int targetPort()      { return Wire.u16(memory, base + TARGET_PORT); }
    public int verificationTag() { return Wire.i32(memory, base + VERIFICATION_TAG); }
    /// The four bytes in network order. The CRC is sent lowest byte first, so its value is this with bytes reversed.
    public int checksum()        { return Wire.i32(memory, base + CHECKSUM_AT); }

    public void sourcePort(int value)      { Wire.u16(memory, base + SOURCE_PORT, value); }
    public void targetPort(int value)      { Wire.u16(memory, base + TARGET_PORT, value); }
    public void verificationTag(int value) { Wire.i32(memory, base + VERIFICATION_TAG, value); }
    public void checksum(int value)        { Wire.i32(memory, base + CHECKSUM_AT, value); }
}
