package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a VLAN tag in packet memory: the four bytes from the TPID on (IEEE 802.1Q §9). What follows the tag begins
/// with the EtherType of the payload or the TPID of the next tag.
///
/// ```
///  0          2                     4
///  +----------+-----+-+------------+
///  |   TPID   | PCP |D|  VLAN id   |
///  +----------+-----+-+------------+
/// ```
public final class VlanView {

    public static final int TAG_BYTES = 4;
    public static final int VLAN_ID_MAX = 4094;

    private static final int TPID = 0;
    private static final int TCI = 2;
    private static final int INNER_TYPE = 4;

    private final MemorySegment memory;
    private long base;

    public VlanView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public VlanView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the tag and the type behind it lie within `bytesAvailable` and the TPID is one of a tag.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= TAG_BYTES + 2 && EtherType.isVlan(tpid());
    }

    public int priority()          { return tci() >>> 13; }
    public boolean dropEligible()  { return (tci() & 0x1000) != 0; }
    public int vlanId()            { return tci() & 0xfff; }

    public int tpid() { return Wire.u16(memory, base + TPID); }
    /// Priority, drop eligibility and VLAN id as they stand.
    public int tci() { return Wire.u16(memory, base + TCI); }
    /// What follows the tag.
    public int innerType() { return Wire.u16(memory, base + INNER_TYPE); }

    public void tpid(int value) { Wire.u16(memory, base + TPID, value); }
    public void tci(int value) { Wire.u16(memory, base + TCI, value); }
    public void innerType(int value) { Wire.u16(memory, base + INNER_TYPE, value); }
}
