package io.millrace.dataplane.stage;

import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// Shows frames to the rules at ingress: of the port's own interface first, then, as Linux does after a tag is taken
/// off, of the VLAN that it belongs to.
public final class IngressRules {

    private static final int LINK_TYPE_ETHERNET = 1;
    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;

    private final PacketMeta meta;
    private final Interfaces interfaces;
    private final Hooks hooks;

    public IngressRules(PacketMemory packets, Interfaces interfaces, Hooks hooks) {
        this.meta = new PacketMeta(packets);
        this.interfaces = interfaces;
        this.hooks = hooks;
    }

    /// Runs the chains with `priorityFrom <= priority < priorityTo`. False if the frame is gone.
    boolean pass(int packet, int priorityFrom, int priorityTo, long nowNs) {
        int outerTag = meta.vlan0(packet);
        int innerTag = meta.vlan1(packet);
        int l3 = ETHERNET_BYTES + (outerTag == 0 ? 0 : TAG_BYTES);
        int tagged = l3 + (innerTag == 0 ? 0 : TAG_BYTES);
        if (meta.linkType(packet) != LINK_TYPE_ETHERNET || meta.slotBytes(packet) < tagged) return true;
        int port = meta.port(packet);
        int below = interfaces.untagged(port);
        int own = interfaces.of(port, outerTag, innerTag);
        if (below != Interfaces.NONE && !hooks.ingress(packet, l3, below, priorityFrom, priorityTo, nowNs)) return false;
        return own == Interfaces.NONE || own == below
            || hooks.ingress(packet, tagged, own, priorityFrom, priorityTo, nowNs);
    }
}
