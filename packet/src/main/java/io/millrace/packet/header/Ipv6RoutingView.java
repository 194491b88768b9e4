package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv6 routing header in packet memory (RFC 8200 §4.4): type 0 (deprecated by RFC 5095), 2 (RFC 6275),
/// 3 (RFC 6554), 4 (segment routing, RFC 8754).
///
/// ```
///  0           1          2      3             4             8
///  +-----------+----------+------+-------------+-------------+---------------
///  |next header|  length  | type |segments left| by the type | addresses
///  +-----------+----------+------+-------------+-------------+---------------
/// ```
public final class Ipv6RoutingView {

    public static final int HEADER_BYTES_MIN = 8;
    public static final int SOURCE_ROUTE = 0;
    public static final int MOBILE = 2;
    public static final int RPL = 3;
    public static final int SEGMENT_ROUTING = 4;
    public static final int ADDRESS_BYTES = 16;

    private static final int NEXT_HEADER = 0;
    private static final int LENGTH = 1;
    private static final int TYPE = 2;
    private static final int SEGMENTS_LEFT = 3;
    private static final int LAST_ENTRY = 4;
    private static final int ADDRESSES = 8;

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

    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES_MIN && headerBytes() <= bytesAvailable;
    }

    public int headerBytes()           { return (lengthUnits() + 1) * 8; }
    /// Whole addresses that the header has room for; in types 0, 2 and 4 that is how many there are, TLVs included.
    public int addressCountMax()       { return lengthUnits() / 2; }
    /// Where the address of that number lies in the segment; a segment list is in reverse order of the way.
    public long addressAt(int number)  { return base + ADDRESSES + (long) number * ADDRESS_BYTES; }

    public int nextHeader() { return Wire.u8(memory, base + NEXT_HEADER); }
    /// Units of eight bytes behind the first eight.
    public int lengthUnits() { return Wire.u8(memory, base + LENGTH); }
    public int type() { return Wire.u8(memory, base + TYPE); }
    public int segmentsLeft() { return Wire.u8(memory, base + SEGMENTS_LEFT); }
    /// Segment routing: number of the last segment in the list.
    public int lastEntry() { return Wire.u8(memory, base + LAST_ENTRY); }

    public void nextHeader(int value) { Wire.u8(memory, base + NEXT_HEADER, value); }
    public void lengthUnits(int value) { Wire.u8(memory, base + LENGTH, value); }
    public void type(int value) { Wire.u8(memory, base + TYPE, value); }
    public void segmentsLeft(int value) { Wire.u8(memory, base + SEGMENTS_LEFT, value); }
    public void lastEntry(int value) { Wire.u8(memory, base + LAST_ENTRY, value); }
}
