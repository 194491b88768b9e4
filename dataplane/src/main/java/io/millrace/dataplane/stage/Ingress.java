package io.millrace.dataplane.stage;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.Arp;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// What Ethernet says about a frame: whose it is, which interface it came by, what it carries.
public final class Ingress {

    private static final int LINK_TYPE_ETHERNET = 1;
    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long GROUP_BIT = 1L << 40;

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final Interfaces interfaces;
    private final long[] macs;
    private final PppoeIngress pppoe;
    private final Arp arp;
    private final Ledger ledger;

    public Ingress(PacketPool pool, Interfaces interfaces, Arp arp, Ledger ledger) {
        this.meta = new PacketMeta(pool.packets());
        this.memory = pool.packets().segment();
        this.pppoe = new PppoeIngress(pool, interfaces);
        this.interfaces = interfaces;
        this.macs = new long[interfaces.count()];
        for (Interface each : interfaces.all()) macs[each.index()] = each.mac();
        this.arp = arp;
        this.ledger = ledger;
    }

    /// `FORWARD` for IPv4 and IPv6, with `ingress`, `linkClass`, `family` and `l3` set; what becomes of every other
    /// frame (ARP is handled here), and then the packet is gone.
    Verdict admit(int packet, long nowNs) {
        Verdict verdict = decide(packet, nowNs);
        switch (verdict.ending()) {
            case GOES_ON -> { }
            case DELIVERED -> ledger.deliver(packet, verdict);
            default -> ledger.drop(packet, verdict);
        }
        return verdict;
    }

    private Verdict decide(int packet, long nowNs) {
        if (meta.linkType(packet) != LINK_TYPE_ETHERNET) return Verdict.NOT_ETHERNET;
        if (meta.originalBytes(packet) != 0) return Verdict.CUT_SHORT;
        int outerTag = meta.vlan0(packet);
        int innerTag = meta.vlan1(packet);
        int tagBytes = outerTag == 0 ? 0 : innerTag == 0 ? TAG_BYTES : 2 * TAG_BYTES;
        int l3 = ETHERNET_BYTES + tagBytes;
        if (meta.slotBytes(packet) < l3) return Verdict.FRAME_TOO_SHORT;
        int ingress = interfaces.of(meta.port(packet), outerTag, innerTag);
        if (ingress == Interfaces.NONE) return Verdict.VLAN_UNKNOWN;
        long at = meta.frameAt(packet);
        int linkClass = linkClass(Wire.u48(memory, at), macs[ingress]);
        if (linkClass == LinkClass.OTHER_HOST) return Verdict.OTHER_HOST;
        meta.ingress(packet, ingress);
        meta.linkClass(packet, linkClass);
        meta.l3(packet, l3);
        return switch (Wire.u16(memory, at + l3 - 2)) {
            case EtherType.IPV4 -> {
                meta.family(packet, 4);
                yield Verdict.FORWARD;
            }
            case EtherType.IPV6 -> {
                meta.family(packet, 6);
                yield Verdict.FORWARD;
            }
            case EtherType.PPPOE_SESSION -> pppoe.open(packet);
            case EtherType.ARP -> arp.receive(packet, ingress, nowNs);
            default -> Verdict.ETHERTYPE_UNKNOWN;
        };
    }

    private static int linkClass(long target, long own) {
        if (target == own) return LinkClass.HOST;
        if ((target & GROUP_BIT) == 0) return LinkClass.OTHER_HOST;
        return target == BROADCAST ? LinkClass.BROADCAST : LinkClass.MULTICAST;
    }
}
