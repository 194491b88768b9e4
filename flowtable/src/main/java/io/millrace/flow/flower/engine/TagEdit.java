package io.millrace.flow.flower.engine;

import io.millrace.checksum.state.PacketBytes;
import io.millrace.flow.flower.FlowerAction;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The action `vlan`: removes, adds or changes the outermost tag. Without a tag there is nothing to remove or change,
/// and the packet goes on as it is.
final class TagEdit {

    private static final int TAG_AT = 12;
    private static final int TAG_BYTES = 4;
    private static final int TCI_AT = TAG_AT + 2;
    private static final int PRIORITY_SHIFT = 13;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final PacketBytes bytes;

    TagEdit(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.bytes = new PacketBytes(packets);
    }

    /// False if the packet is to be dropped: no room for a tag, or the tag is cut.
    boolean run(FlowerAction.Vlan vlan, int packet) {
        if (meta.slotBytes(packet) < TAG_AT + 2) return false;
        if (vlan.change() == FlowerAction.VlanChange.PUSH) return push(vlan, packet);
        int type = Wire.u16(memory, meta.frameAt(packet) + TAG_AT);
        if (type != EtherType.VLAN && type != EtherType.VLAN_SERVICE) return true;
        if (meta.slotBytes(packet) < TAG_AT + TAG_BYTES + 2) return false;
        if (vlan.change() == FlowerAction.VlanChange.POP) {
            bytes.remove(packet, TAG_AT, TAG_BYTES);
            return true;
        }
        int tci = Wire.u16(memory, meta.frameAt(packet) + TCI_AT) & ~0xfff | vlan.id();
        if (vlan.priority() != FlowerAction.Vlan.KEPT) tci = tci & 0x1fff | vlan.priority() << PRIORITY_SHIFT;
        write(packet, vlan.tagProtocol(), tci);
        return true;
    }

    /// Behind the Ethernet header and its tags, as [PacketKey#networkAt] finds it.
    int networkAt(int packet) {
        long frameAt = meta.frameAt(packet);
        int end = meta.slotBytes(packet);
        int at = TAG_AT;
        for (int tags = 0; tags < PacketKey.HEADERS_MAX && at + TAG_BYTES + 2 <= end; tags++) {
            int type = Wire.u16(memory, frameAt + at);
            if (type != EtherType.VLAN && type != EtherType.VLAN_SERVICE) break;
            at += TAG_BYTES;
        }
        return at + 2;
    }

    private boolean push(FlowerAction.Vlan vlan, int packet) {
        if (!bytes.insert(packet, TAG_AT, TAG_BYTES)) return false;
        int priority = vlan.priority() == FlowerAction.Vlan.KEPT ? 0 : vlan.priority();
        write(packet, vlan.tagProtocol(), priority << PRIORITY_SHIFT | vlan.id());
        return true;
    }

    private void write(int packet, int tagProtocol, int tci) {
        bytes.u16(packet, TAG_AT, tagProtocol);
        bytes.u16(packet, TCI_AT, tci);
    }
}
