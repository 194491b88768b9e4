package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of one neighbour discovery option in packet memory (RFC 4861 §4.6). Lengths are in units of eight bytes.
///
/// ```
///  0        1        2                                   8
///  +--------+--------+-----------------------------------+---
///  |  type  | length | link-layer address, 6 bytes       | …
///  +--------+--------+-----------------------------------+---
/// ```
public final class NdOptionView {

    public static final int UNIT_BYTES = 8;
    public static final int SOURCE_LINK_ADDRESS = 1;
    public static final int TARGET_LINK_ADDRESS = 2;
    public static final int PREFIX_INFORMATION = 3;
    public static final int REDIRECTED_HEADER = 4;
    public static final int MTU = 5;

    private static final int TYPE = 0;
    private static final int LENGTH = 1;
    private static final int LINK_ADDRESS = 2;

    private final MemorySegment memory;
    private long base;

    public NdOptionView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public NdOptionView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the option lies within `bytesAvailable`; one of length 0 does not (RFC 4861 §4.6: the packet is to be
    /// discarded).
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < UNIT_BYTES) return false;
        return lengthBytes() > 0 && lengthBytes() <= bytesAvailable;
    }

    public int lengthBytes()  { return lengthUnits() * UNIT_BYTES; }

    public int type() { return Wire.u8(memory, base + TYPE); }
    public int lengthUnits() { return Wire.u8(memory, base + LENGTH); }
    /// A MAC address, in the first two types.
    public long linkAddress() { return Wire.u48(memory, base + LINK_ADDRESS); }

    public void type(int value) { Wire.u8(memory, base + TYPE, value); }
    public void lengthUnits(int value) { Wire.u8(memory, base + LENGTH, value); }
    public void linkAddress(long value) { Wire.u48(memory, base + LINK_ADDRESS, value); }
}
