package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of one MPLS label stack entry in packet memory (RFC 3032 §2.1, RFC 5462).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------------------------------+-----+-+---------------+
///  |                 label                 | TC  |S|      TTL      |
///  +---------------------------------------+-----+-+---------------+
/// ```
///
/// What lies behind the bottom of the stack no field says; for IP its first four bits do.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class MplsView {

    public static final int ENTRY_BYTES = 4;

    private static final int BOTTOM = 0x100;

    private final MemorySegment memory;
    private long base;

    public MplsView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at an entry beginning at `offset` in the segment.
    public MplsView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the entry lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= ENTRY_BYTES;
    }

    /// The entry as it stands in memory.
    public int entry()        { return Wire.i32(memory, base); }
    public int label()        { return entry() >>> 12; }
    public int trafficClass() { return entry() >>> 9 & 7; }
    public boolean isBottom() { return (entry() & BOTTOM) != 0; }
    public int ttl()          { return entry() & 0xff; }

    public void entry(int value) { Wire.i32(memory, base, value); }

    public void label(int value) {
        assert value >> 20 == 0 : value;
        entry(entry() & 0xfff | value << 12);
    }

    public void trafficClass(int value) {
        assert value >> 3 == 0 : value;
        entry(entry() & ~0xe00 | value << 9);
    }

    public void isBottom(boolean value) {
        entry(value ? entry() | BOTTOM : entry() & ~BOTTOM);
    }

    public void ttl(int value) {
        assert value >> 8 == 0 : value;
        entry(entry() & ~0xff | value);
    }
}
