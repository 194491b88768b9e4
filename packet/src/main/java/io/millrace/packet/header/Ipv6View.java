package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv6 header in packet memory (RFC 8200 §3).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------+---------------+---------------------------------------+
///  |version| traffic class |              flow label               |
///  +-------+---------------+-------+---------------+---------------+
///  |         payload length        |  next header  |   hop limit   |
///  +-------------------------------+---------------+---------------+
///  |                     source address (16 bytes)                 |
///  |                     target address (16 bytes)                 |
///  +---------------------------------------------------------------+
/// ```
///
/// An address is two `long`s: the first eight bytes and the last.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
/// Setting the payload length invalidates that answer.
public final class Ipv6View {

    public static final int HEADER_BYTES = 40;
    public static final int MTU_MIN = 1280;

    private static final int VERSION_6 = 0x60000000;

    private static final int FIRST_WORD = 0;
    private static final int PAYLOAD_BYTES = 4;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE_HIGH = 8;
    private static final int SOURCE_LOW = 16;
    private static final int TARGET_HIGH = 24;
    private static final int TARGET_LOW = 32;

    private final MemorySegment memory;
    private long base;

    public Ipv6View(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public Ipv6View at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if header and payload lie within `bytesAvailable` and the version is 6. The payload length of a jumbogram
    /// (RFC 2675) is 0: its header is valid, its payload is not found.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES
            && version() == 6
            && totalBytes() <= bytesAvailable;
    }

    /// Version, traffic class and flow label as they stand in the header.
    public int firstWord()    { return Wire.i32(memory, base + FIRST_WORD); }
    public int version()      { return firstWord() >>> 28; }
    /// DSCP and ECN, as IPv4's `tos`.
    public int trafficClass() { return firstWord() >>> 20 & 0xff; }
    public int flowLabel()    { return firstWord() & 0xfffff; }
    public int payloadBytes() { return Wire.u16(memory, base + PAYLOAD_BYTES); }
    /// Header and payload together.
    public int totalBytes()   { return HEADER_BYTES + payloadBytes(); }
    public int nextHeader()   { return Wire.u8(memory, base + NEXT_HEADER); }
    public int hopLimit()     { return Wire.u8(memory, base + HOP_LIMIT); }
    public long sourceHigh()  { return Wire.i64(memory, base + SOURCE_HIGH); }
    public long sourceLow()   { return Wire.i64(memory, base + SOURCE_LOW); }
    public long targetHigh()  { return Wire.i64(memory, base + TARGET_HIGH); }
    public long targetLow()   { return Wire.i64(memory, base + TARGET_LOW); }

    public void firstWord(int value) { Wire.i32(memory, base + FIRST_WORD, value); }

    /// Sets version 6 and, in one store, the two fields behind it.
    public void classAndLabel(int trafficClass, int flowLabel) {
        assert trafficClass >> 8 == 0 : trafficClass;
        assert flowLabel >> 20 == 0 : flowLabel;
        firstWord(VERSION_6 | trafficClass << 20 | flowLabel);
    }

    public void trafficClass(int value) {
        assert value >> 8 == 0 : value;
        firstWord(firstWord() & 0xf00fffff | value << 20);
    }

    public void flowLabel(int value) {
        assert value >> 20 == 0 : value;
        firstWord(firstWord() & 0xfff00000 | value);
    }

    public void payloadBytes(int value) { Wire.u16(memory, base + PAYLOAD_BYTES, value); }
    public void nextHeader(int value)   { Wire.u8(memory, base + NEXT_HEADER, value); }
    public void hopLimit(int value)     { Wire.u8(memory, base + HOP_LIMIT, value); }
    public void sourceHigh(long value)  { Wire.i64(memory, base + SOURCE_HIGH, value); }
    public void sourceLow(long value)   { Wire.i64(memory, base + SOURCE_LOW, value); }
    public void targetHigh(long value)  { Wire.i64(memory, base + TARGET_HIGH, value); }
    public void targetLow(long value)   { Wire.i64(memory, base + TARGET_LOW, value); }
}
