package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv6 fragment header in packet memory (RFC 8200 §4.5).
///
/// ```
///  0           1          2                       4                   8
///  +-----------+----------+-----------------+--+-+-------------------+
///  |next header| reserved | offset, 8 bytes |rs|M|  identification   |
///  +-----------+----------+-----------------+--+-+-------------------+
/// ```
public final class Ipv6FragmentView {

    public static final int HEADER_BYTES = 8;
    public static final int MORE_FRAGMENTS = 1;

    private static final int NEXT_HEADER = 0;
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

    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    public int offsetBytes()        { return offsetAndFlags() & 0xfff8; }
    public boolean moreFragments()  { return (offsetAndFlags() & MORE_FRAGMENTS) != 0; }
    /// A packet in one piece that has a fragment header all the same (RFC 6946).
    public boolean isAtomic()       { return offsetBytes() == 0 && !moreFragments(); }

    public int nextHeader() { return Wire.u8(memory, base + NEXT_HEADER); }
    /// The offset in bytes, its low three bits the flags.
    public int offsetAndFlags() { return Wire.u16(memory, base + OFFSET_FLAGS); }
    public int identification() { return Wire.i32(memory, base + IDENTIFICATION); }

    public void nextHeader(int value) { Wire.u8(memory, base + NEXT_HEADER, value); }
    public void offsetAndFlags(int value) { Wire.u16(memory, base + OFFSET_FLAGS, value); }
    public void identification(int value) { Wire.i32(memory, base + IDENTIFICATION, value); }
}
