package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an Ethernet header in packet memory (IEEE 802.3; Ethernet II).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------------------------------------------------------+
///  |                        target MAC address                     |
///  +-------------------------------+-------------------------------+
///  |                               |                               |
///  +-------------------------------+                               |
///  |                        source MAC address                     |
///  +-------------------------------+-------------------------------+
///  |       type (or length)        |
///  +-------------------------------+
/// ```
///
/// A MAC address is the low 48 bits of a `long`.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class EthernetView {

    public static final int HEADER_BYTES = 14;
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final long GROUP_BIT = 1L << 40;   // lowest bit of the first byte

    private static final int TARGET = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;

    private final MemorySegment memory;
    private long base;

    public EthernetView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public EthernetView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    /// True for the address of a group of stations, the broadcast address among them.
    public static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    public long target() { return Wire.u48(memory, base + TARGET); }
    public long source() { return Wire.u48(memory, base + SOURCE); }
    /// An [EtherType], or up to [EtherType#LENGTH_MAX] a length.
    public int type()    { return Wire.u16(memory, base + TYPE); }

    public void target(long value) { Wire.u48(memory, base + TARGET, value); }
    public void source(long value) { Wire.u48(memory, base + SOURCE, value); }
    public void type(int value)    { Wire.u16(memory, base + TYPE, value); }
}
