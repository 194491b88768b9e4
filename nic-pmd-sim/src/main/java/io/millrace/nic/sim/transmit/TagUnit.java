package io.millrace.nic.sim.transmit;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.VlanView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Outermost VLAN tags between a driver, which takes them out of frames and names them in the descriptor, and a device,
/// which puts them in on the way to the wire. What comes out is what went in.
///
/// ```
///  | MACs | 8100 tag | type ...    take ─▶   | MACs | type ...  and the tag    insert ─▶   as before
/// ```
///
/// A super-packet keeps its tag: its segments need their room in front for their headers.
public final class TagUnit {

    private static final int LINK_TYPE_ETHERNET = 1;
    private static final int MACS_BYTES = 12;
    private static final int TAG_BYTES = VlanView.HEADER_BYTES;

    private final PacketMeta meta;
    private final MemorySegment memory;

    public TagUnit(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
    }

    /// Driver.
    public void take(int packet) {
        long frameAt = meta.frameAt(packet);
        if (meta.slotBytes(packet) < EthernetView.HEADER_BYTES + TAG_BYTES) return;
        if (!EtherType.isVlan(Wire.u16(memory, frameAt + MACS_BYTES))) return;
        if (meta.gsoSize(packet) != 0 || meta.linkType(packet) != LINK_TYPE_ETHERNET) return;
        meta.insertedTag(packet, Wire.i32(memory, frameAt + MACS_BYTES));
        Wire.copy(memory, frameAt, memory, frameAt + TAG_BYTES, MACS_BYTES);
        meta.moveFront(packet, -TAG_BYTES);
    }

    /// Device. True if there was one to insert.
    boolean insert(int packet) {
        int tag = meta.insertedTag(packet);
        if (tag == 0) return false;
        meta.insertedTag(packet, 0);
        meta.moveFront(packet, TAG_BYTES);
        long frameAt = meta.frameAt(packet);
        Wire.copy(memory, frameAt + TAG_BYTES, memory, frameAt, MACS_BYTES);
        Wire.i32(memory, frameAt + MACS_BYTES, tag);
        return true;
    }
}
