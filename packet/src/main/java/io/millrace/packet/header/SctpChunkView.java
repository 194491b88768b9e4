package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of the head of one SCTP chunk in packet memory (RFC 9260 §3.2).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     type      |     flags     |       bytes of the chunk      |
///  +---------------+---------------+-------------------------------+
///  |  value, then zeros up to four bytes that the length leaves out|
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first; where it says no, the rest of the packet cannot be read. The other accessors trust its answer
/// and look at no length. The next chunk lies [#paddedBytes] further.
public final class SctpChunkView {

    public static final int HEADER_BYTES = 4;

    public static final int DATA = 0;
    public static final int INIT = 1;
    public static final int INIT_ACK = 2;
    public static final int SACK = 3;
    public static final int HEARTBEAT = 4;
    public static final int HEARTBEAT_ACK = 5;
    public static final int ABORT = 6;
    public static final int SHUTDOWN = 7;
    public static final int SHUTDOWN_ACK = 8;
    public static final int ERROR = 9;
    public static final int COOKIE_ECHO = 10;
    public static final int COOKIE_ACK = 11;
    public static final int SHUTDOWN_COMPLETE = 14;

    private static final int TYPE = 0;
    private static final int FLAGS = 1;
    private static final int CHUNK_BYTES = 2;
    private static final int INITIATE_TAG = 4;

    private final MemorySegment memory;
    private long base;

    public SctpChunkView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a chunk beginning at `offset` in the segment.
    public SctpChunkView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the chunk lies within `bytesAvailable` and is no shorter than its head. Its padding may be missing.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES) return false;
        int chunkBytes = chunkBytes();
        return chunkBytes >= HEADER_BYTES
            && chunkBytes <= bytesAvailable;
    }

    public int type()        { return Wire.u8(memory, base + TYPE); }
    public int flags()       { return Wire.u8(memory, base + FLAGS); }
    /// Head and value, without padding.
    public int chunkBytes()  { return Wire.u16(memory, base + CHUNK_BYTES); }
    /// Head, value and padding.
    public int paddedBytes() { return chunkBytes() + 3 & ~3; }
    /// The tag that the other side is to send: in an INIT or INIT ACK of at least eight bytes.
    public int initiateTag() { return Wire.i32(memory, base + INITIATE_TAG); }

    public void type(int value)        { Wire.u8(memory, base + TYPE, value); }
    public void flags(int value)       { Wire.u8(memory, base + FLAGS, value); }
    public void chunkBytes(int value)  { Wire.u16(memory, base + CHUNK_BYTES, value); }
    public void initiateTag(int value) { Wire.i32(memory, base + INITIATE_TAG, value); }
}
