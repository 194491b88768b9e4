package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv4 header in packet memory (RFC 791).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------+-------+-----------+---+-------------------------------+
///  |version|  IHL  | DSCP      |ECN|          total length         |
///  +-------+-------+-----------+---+-----+-------------------------+
///  |        identification         |flags|     fragment offset     |
///  +---------------+---------------+-----+-------------------------+
///  |      TTL      |   protocol    |        header checksum        |
///  +---------------+---------------+-------------------------------+
///  |                        source address                         |
///  |                      destination address                      |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
/// Setting either length invalidates that answer.
public final class Ipv4View {

    public static final int HEADER_BYTES_MIN = 20;
    public static final int HEADER_BYTES_MAX = 60;
    public static final int DONT_FRAGMENT = 0x4000;
    public static final int MORE_FRAGMENTS = 0x2000;
    public static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    private static final int VERSION_IHL = 0;
    private static final int TOS = 1;
    private static final int TOTAL_BYTES = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int TARGET = 16;

    private final MemorySegment memory;
    private long base;

    public Ipv4View(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public Ipv4View at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable`, is version 4, and its two lengths agree.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES_MIN) return false;
        if (version() != 4) return false;
        int headerBytes = headerBytes();
        int totalBytes = totalBytes();
        return headerBytes >= HEADER_BYTES_MIN
            && headerBytes <= totalBytes
            && totalBytes <= bytesAvailable;
    }

    public int version()         { return Wire.u8(memory, base + VERSION_IHL) >>> 4; }
    public int headerBytes()     { return (Wire.u8(memory, base + VERSION_IHL) & 0x0f) * 4; }
    public int tos()             { return Wire.u8(memory, base + TOS); }
    public int totalBytes()      { return Wire.u16(memory, base + TOTAL_BYTES); }
    public int identification()  { return Wire.u16(memory, base + IDENTIFICATION); }
    /// The three flags and the offset as they stand in the header; the offset counts 8-byte units.
    public int flagsAndOffset()  { return Wire.u16(memory, base + FLAGS_OFFSET); }
    public int ttl()             { return Wire.u8(memory, base + TTL); }
    public int protocol()        { return Wire.u8(memory, base + PROTOCOL); }
    public int checksum()        { return Wire.u16(memory, base + CHECKSUM); }
    public int source()          { return Wire.i32(memory, base + SOURCE); }
    public int target()          { return Wire.i32(memory, base + TARGET); }

    public boolean dontFragment()   { return (flagsAndOffset() & DONT_FRAGMENT) != 0; }
    public boolean moreFragments()  { return (flagsAndOffset() & MORE_FRAGMENTS) != 0; }
    public boolean isFragment()     { return (flagsAndOffset() & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) != 0; }
    public int fragmentOffsetBytes() { return (flagsAndOffset() & FRAGMENT_OFFSET_MASK) * 8; }

    /// Sets version 4 and the header length.
    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= HEADER_BYTES_MAX : value;
        assert value % 4 == 0 : value;
        Wire.u8(memory, base + VERSION_IHL, 0x40 | value / 4);
    }

    public void tos(int value)             { Wire.u8(memory, base + TOS, value); }
    public void totalBytes(int value)      { Wire.u16(memory, base + TOTAL_BYTES, value); }
    public void identification(int value)  { Wire.u16(memory, base + IDENTIFICATION, value); }
    public void flagsAndOffset(int value)  { Wire.u16(memory, base + FLAGS_OFFSET, value); }
    public void ttl(int value)             { Wire.u8(memory, base + TTL, value); }
    public void protocol(int value)        { Wire.u8(memory, base + PROTOCOL, value); }
    public void checksum(int value)        { Wire.u16(memory, base + CHECKSUM, value); }
    public void source(int value)          { Wire.i32(memory, base + SOURCE, value); }
    public void target(int value)          { Wire.i32(memory, base + TARGET, value); }
}
