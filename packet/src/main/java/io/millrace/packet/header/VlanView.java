package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of what follows a VLAN's EtherType in packet memory: the tag control information and the next type
/// (IEEE 802.1Q-2018 §9.6; for the service tag §9.7).
///
/// ```
///                                   0                   1
///                                   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
///  +-------------------------------+-----+-+-----------------------+
///  |  TPID: type of the header     | PCP |D|        VLAN id        |
///  |  before, see EtherType.isVlan |     |E|                       |
///  |                               |     |I|                       |
///  +-------------------------------+-----+-+-----------------------+
///                                  |       type (or length)        |
///                                  +-------------------------------+
/// ```
///
/// The view begins behind the TPID: that is the `type` of the Ethernet header or tag in front.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class VlanView {

    public static final int HEADER_BYTES = 4;
    public static final int VID_MAX = 4094;
    /// Carries a priority, but names no VLAN.
    public static final int VID_PRIORITY_ONLY = 0;

    private static final int TCI = 0;
    private static final int TYPE = 2;

    private final MemorySegment memory;
    private long base;

    public VlanView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at the tag control information at `offset` in the segment.
    public VlanView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    /// Priority, drop eligibility and VLAN id as they stand in the header.
    public int tci()     { return Wire.u16(memory, base + TCI); }
    /// Priority code point, 0..7.
    public int pcp()     { return tci() >>> 13; }
    /// Drop eligible indicator.
    public boolean dei() { return (tci() & 0x1000) != 0; }
    public int vid()     { return tci() & 0x0fff; }
    /// An [EtherType], which may be another tag's, or a length.
    public int type()    { return Wire.u16(memory, base + TYPE); }

    public void tci(int value)  { Wire.u16(memory, base + TCI, value); }

    public void pcp(int value) {
        assert value >= 0;
        assert value <= 7 : value;
        tci(tci() & 0x1fff | value << 13);
    }

    public void dei(boolean value) {
        tci(value ? tci() | 0x1000 : tci() & ~0x1000);
    }

    public void vid(int value) {
        assert value >= 0;
        assert value <= 0x0fff : value;
        tci(tci() & 0xf000 | value);
    }

    public void type(int value) { Wire.u16(memory, base + TYPE, value); }
}
