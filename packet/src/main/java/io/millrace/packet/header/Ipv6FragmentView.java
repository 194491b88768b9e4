package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv6 fragment header in packet memory (RFC 8200 §4.5).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------+---+-+
///  |  next header  |   reserved    |     fragment offset     |res|M|
///  +---------------+---------------+-------------------------+---+-+
///  |                        identification                         |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class Ipv6FragmentView {

    public static final int HEADER_BYTES = 8;
    public static final int MORE_FRAGMENTS = 0x0001;
    public static final int FRAGMENT_OFFSET_MASK = 0xfff8;

    private static final int NEXT_HEADER = 0;
    private static final int RESERVED = 1;
    private static final int OFFSET_FLAGS = 2;
    private static final int IDENTIFICATION = 4;

    private final MemorySegment memory;
    private long base;

    public Ipv6FragmentView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public Ipv6FragmentView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    public int nextHeader()     { return Wire.u8(memory, base + NEXT_HEADER); }
    public int reserved()       { return Wire.u8(memory, base + RESERVED); }
    /// The offset and the flag as they stand in the header. The offset counts 8-byte units in the upper 13 bits, so
    /// masked it counts bytes.
    public int offsetAndFlags() { return Wire.u16(memory, base + OFFSET_FLAGS); }
    public int identification() { return Wire.i32(memory, base + IDENTIFICATION); }

    public boolean moreFragments()   { return (offsetAndFlags() & MORE_FRAGMENTS) != 0; }
    public int fragmentOffsetBytes() { return offsetAndFlags() & FRAGMENT_OFFSET_MASK; }

    /// True if the packet is whole in spite of this header (RFC 6946).
    public boolean isAtomic() {
        return (offsetAndFlags() & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) == 0;
    }

    public void nextHeader(int value)     { Wire.u8(memory, base + NEXT_HEADER, value); }
    public void reserved(int value)       { Wire.u8(memory, base + RESERVED, value); }
    public void offsetAndFlags(int value) { Wire.u16(memory, base + OFFSET_FLAGS, value); }
    public void identification(int value) { Wire.i32(memory, base + IDENTIFICATION, value); }
}
