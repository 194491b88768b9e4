package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv6 routing header in packet memory (RFC 8200 §4.4; types 0: RFC 5095, 2: RFC 6275, 3: RFC 6554,
/// 4: RFC 8754).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+---------------+---------------+
///  |  next header  | bytes / 8 - 1 |     type      | segments left |
///  +---------------+---------------+---------------+---------------+
///  |  types 0 and 2:  reserved                                     |
///  |  type 3:  CmprI (4 bits), CmprE (4), pad (4), reserved        |
///  |  type 4:  last entry (8), flags (8), tag (16)                 |
///  +---------------------------------------------------------------+
///  |  segment 0 …  (16 bytes each; type 3 leaves out leading bytes |
///  |  that are the target's: CmprI of them, CmprE in the last)     |
///  +---------------------------------------------------------------+
/// ```
///
/// Segments are numbered as they lie. Types 0, 2 and 3 visit them upwards, type 4 downwards.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
/// Of a type that is not 0, 2, 3 or 4, only the first four fields mean anything, and it has no segments.
public final class Ipv6RoutingView {

    public static final int HEADER_BYTES_MIN = 8;
    public static final int SOURCE_ROUTE = 0;
    public static final int HOME_ADDRESS = 2;
    public static final int RPL = 3;
    public static final int SEGMENT_ROUTING = 4;

    /// Where segment 0 lies, from the header's first byte.
    public static final int SEGMENTS_AT = 8;

    private static final int ADDRESS_BYTES = 16;

    private static final int NEXT_HEADER = 0;
    private static final int LENGTH = 1;
    private static final int TYPE = 2;
    private static final int SEGMENTS_LEFT = 3;
    private static final int COMPRESSION = 4;
    private static final int PAD = 5;
    private static final int LAST_ENTRY = 4;
    private static final int FLAGS = 5;
    private static final int TAG = 6;

    private final MemorySegment memory;
    private long base;

    public Ipv6RoutingView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public Ipv6RoutingView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable` and, where its type is known, holds the segments that it
    /// counts, and at least as many as are left.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES_MIN) return false;
        int headerBytes = headerBytes();
        if (headerBytes > bytesAvailable) return false;
        int segmentsBytes = headerBytes - SEGMENTS_AT;
        return switch (type()) {
            case SOURCE_ROUTE -> segmentsBytes % ADDRESS_BYTES == 0 && segmentsLeft() <= segmentCount();
            case HOME_ADDRESS -> segmentsBytes == ADDRESS_BYTES && segmentsLeft() <= 1;
            case RPL -> isRplValid(segmentsBytes);
            case SEGMENT_ROUTING -> segmentCount() * ADDRESS_BYTES <= segmentsBytes && segmentsLeft() <= segmentCount();
            default -> true;
        };
    }

    private boolean isRplValid(int segmentsBytes) {
        if (segmentsBytes == 0) return segmentsLeft() == 0 && padBytes() == 0;
        int behindLast = segmentsBytes - padBytes() - lastSegmentBytes();
        return behindLast >= 0
            && behindLast % innerSegmentBytes() == 0
            && segmentsLeft() <= segmentCount();
    }

    public int nextHeader()   { return Wire.u8(memory, base + NEXT_HEADER); }
    public int headerBytes()  { return (Wire.u8(memory, base + LENGTH) + 1) * 8; }
    public int type()         { return Wire.u8(memory, base + TYPE); }
    public int segmentsLeft() { return Wire.u8(memory, base + SEGMENTS_LEFT); }

    /// Type 4: number of the segment that lies last, which is the first on the way.
    public int lastEntry()    { return Wire.u8(memory, base + LAST_ENTRY); }
    /// Type 4.
    public int flags()        { return Wire.u8(memory, base + FLAGS); }
    /// Type 4.
    public int tag()          { return Wire.u16(memory, base + TAG); }

    /// Type 3: bytes of each segment but the last.
    public int innerSegmentBytes() { return ADDRESS_BYTES - (Wire.u8(memory, base + COMPRESSION) >>> 4); }
    /// Type 3: bytes of the last segment.
    public int lastSegmentBytes()  { return ADDRESS_BYTES - (Wire.u8(memory, base + COMPRESSION) & 0x0f); }
    /// Type 3: bytes behind the last segment.
    public int padBytes()          { return Wire.u8(memory, base + PAD) >>> 4; }

    public int segmentCount() {
        int segmentsBytes = headerBytes() - SEGMENTS_AT;
        return switch (type()) {
            case SOURCE_ROUTE, HOME_ADDRESS -> segmentsBytes / ADDRESS_BYTES;
            case RPL -> segmentsBytes == 0 ? 0
                : (segmentsBytes - padBytes() - lastSegmentBytes()) / innerSegmentBytes() + 1;
            case SEGMENT_ROUTING -> lastEntry() + 1;
            default -> 0;
        };
    }

    /// Number of the segment that is the packet's final target, which the transport checksum covers; -1 where there
    /// is none.
    public int finalSegment() {
        return type() == SEGMENT_ROUTING ? 0 : segmentCount() - 1;
    }

    /// Where segment `index` lies, from the header's first byte.
    public int segmentAt(int index) {
        return SEGMENTS_AT + index * (type() == RPL ? innerSegmentBytes() : ADDRESS_BYTES);
    }

    /// Bytes of segment `index` that are present: 16, or in type 3 as many last bytes of the address as differ from
    /// the target's.
    public int segmentBytes(int index) {
        if (type() != RPL) return ADDRESS_BYTES;
        return index == segmentCount() - 1 ? lastSegmentBytes() : innerSegmentBytes();
    }

    /// First eight bytes of segment `index`; not for type 3.
    public long segmentHigh(int index) { return Wire.i64(memory, base + SEGMENTS_AT + index * ADDRESS_BYTES); }
    /// Last eight bytes of segment `index`; not for type 3.
    public long segmentLow(int index)  { return Wire.i64(memory, base + SEGMENTS_AT + index * ADDRESS_BYTES + 8); }

    public void nextHeader(int value)   { Wire.u8(memory, base + NEXT_HEADER, value); }

    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= 2048 : value;
        assert value % 8 == 0 : value;
        Wire.u8(memory, base + LENGTH, value / 8 - 1);
    }

    public void type(int value)         { Wire.u8(memory, base + TYPE, value); }
    public void segmentsLeft(int value) { Wire.u8(memory, base + SEGMENTS_LEFT, value); }
    public void lastEntry(int value)    { Wire.u8(memory, base + LAST_ENTRY, value); }
    public void flags(int value)        { Wire.u8(memory, base + FLAGS, value); }
    public void tag(int value)          { Wire.u16(memory, base + TAG, value); }

    public void segmentHigh(int index, long value) {
        Wire.i64(memory, base + SEGMENTS_AT + index * ADDRESS_BYTES, value);
    }

    public void segmentLow(int index, long value) {
        Wire.i64(memory, base + SEGMENTS_AT + index * ADDRESS_BYTES + 8, value);
    }
}
