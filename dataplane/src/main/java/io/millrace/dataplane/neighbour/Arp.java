package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.header.ArpView;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// ARP as Linux does it (RFC 826, RFC 5227; `arp_process`, `arp_solicit`): answers requests, learns, asks.
///
/// - A request for any address of this host is answered, on whatever interface it comes in (`arp_ignore` 0), and its
///   sender becomes a stale neighbour. Requests from senders that cannot be (a group, loopback, this host) are not.
/// - A probe (sender 0.0.0.0) for an address of this host is answered and teaches nothing.
/// - Everything else changes neighbours that are known already: a reply to this host makes them reachable, others
///   stale.
///   A second MAC address within `locktime` is believed only if it is announced (gratuitous ARP).
/// - A sender's MAC address that is a group is refused, other than in Linux (RFC 1812 §3.3.2).
public final class Arp {

    private static final long GROUP_BIT = 0x0100_0000_0000L;
    private static final int LOOPBACK_NET = 127;
    private static final int CLASS_D = 0xe;
    private static final int BROADCAST = -1;
    private static final int UNSPECIFIED = 0;
    private static final long UNKNOWN_MAC = 0;

    private final PacketPool pool;
    private final PacketMeta meta;
    private final ArpView arp;
    private final Ipv4View ip;
    private final Ledger ledger;
    private final RouteTable routes;
    private final NeighbourTable neighbours;
    private final Output output;

    public Arp(PacketPool pool, Ledger ledger, RouteTable routes, NeighbourTable neighbours, Output output) {
        PacketMemory packets = pool.packets();
        this.pool = pool;
        this.meta = new PacketMeta(packets);
        this.arp = new ArpView(packets);
        this.ip = new Ipv4View(packets);
        this.ledger = ledger;
        this.routes = routes;
        this.neighbours = neighbours;
        this.output = output;
        neighbours.solicitor(4, this::solicit);
    }

    /// Handles an ARP packet whose first byte lies at `l3` of its metadata, and says how it ends; the caller releases
    /// it.
    public Verdict receive(int packet, int interfaceIndex, long nowNs) {
        int l3 = meta.l3(packet);
        arp.at(meta.frameAt(packet) + l3);
        if (!arp.isValid(meta.slotBytes(packet) - l3)) return Verdict.ARP_MALFORMED;
        boolean isRequest = arp.operation() == ArpView.REQUEST;
        if (!isRequest && arp.operation() != ArpView.REPLY) return Verdict.ARP_NOT_FOR_US;
        int target = arp.target();
        if (isGroup(target) || isLoopback(target)) return Verdict.ARP_NOT_FOR_US;
        if ((arp.senderMac() & GROUP_BIT) != 0) return Verdict.ARP_MALFORMED;
        boolean isForUs = isRequest && isLocal(target);
        if (arp.sender() == UNSPECIFIED) {
            if (!isForUs) return Verdict.ARP_NOT_FOR_US;
            reply(packet, interfaceIndex, nowNs);
            return Verdict.ARP_LEARNED;
        }
        if (isForUs && maySend(arp.sender())) return answer(packet, interfaceIndex, nowNs);
        return learn(packet, interfaceIndex, isRequest, nowNs);
    }

    private Verdict answer(int packet, int interfaceIndex, long nowNs) {
        int entry = neighbours.resolve4(interfaceIndex, arp.sender(), nowNs);
        if (entry == NeighbourTable.NONE) return Verdict.NEIGHBOUR_TABLE_FULL;
        int target = arp.target();
        int sender = arp.sender();
        long senderMac = arp.senderMac();
        neighbours.update(entry, senderMac, NeighbourState.STALE, NeighbourUpdate.OVERRIDE, meta.receiveNs(packet),
            nowNs);
        // What waited for the sender has been sent by now, and may have moved the view.
        send(ArpView.REPLY, interfaceIndex, senderMac, target, senderMac, sender, meta.receiveNs(packet), nowNs);
        return Verdict.ARP_LEARNED;
    }

    private void reply(int packet, int interfaceIndex, long nowNs) {
        long senderMac = arp.senderMac();
        send(ArpView.REPLY, interfaceIndex, senderMac, arp.target(), senderMac, arp.sender(), meta.receiveNs(packet),
            nowNs);
    }

    private Verdict learn(int packet, int interfaceIndex, boolean isRequest, long nowNs) {
        int entry = neighbours.find4(interfaceIndex, arp.sender());
        if (entry == NeighbourTable.NONE) return Verdict.ARP_NOT_FOR_US;
        boolean isToUs = !isRequest && meta.linkClass(packet) == LinkClass.HOST;
        int state = isToUs ? NeighbourState.REACHABLE : NeighbourState.STALE;
        boolean mayOverride = !neighbours.isLocked(entry, nowNs) || isGratuitous(isRequest);
        neighbours.update(entry, arp.senderMac(), state, mayOverride ? NeighbourUpdate.OVERRIDE : 0,
            meta.receiveNs(packet), nowNs);
        return Verdict.ARP_LEARNED;
    }

    /// An announcement of the sender's own address. A reply must also repeat the MAC address.
    private boolean isGratuitous(boolean isRequest) {
        if (arp.sender() != arp.target()) return false;
        if (!isRequest && arp.senderMac() != arp.targetMac()) return false;
        return isUnicast(arp.sender());
    }

    private boolean isLocal(int address) {
        int hop = routes.lookup4(address);
        return hop != NextHops.NONE && routes.hops().type(hop) == RouteType.LOCAL;
    }

    private boolean isUnicast(int address) {
        int hop = routes.lookup4(address);
        RouteType type = hop == NextHops.NONE ? RouteType.UNICAST : routes.hops().type(hop);
        return type != RouteType.LOCAL && type != RouteType.BROADCAST && type != RouteType.MULTICAST;
    }

    private boolean maySend(int address) {
        return !isGroup(address) && address != BROADCAST && !isLoopback(address) && !isLocal(address);
    }

    private static boolean isGroup(int address)    { return address >>> 28 == CLASS_D; }
    private static boolean isLoopback(int address) { return address >>> 24 == LOOPBACK_NET; }

    private void solicit(int entry, boolean isUnicast, int waitingPacket, long causeNs, long nowNs) {
        int interfaceIndex = neighbours.interfaceIndex(entry);
        int target = neighbours.address4(entry);
        int sender = waitingPacket == PacketMemory.NONE ? UNSPECIFIED : ownSource(waitingPacket);
        if (sender == UNSPECIFIED) sender = routes.addresses().source4(interfaceIndex, target);
        long linkTarget = isUnicast ? neighbours.mac(entry) : MulticastMac.BROADCAST;
        send(ArpView.REQUEST, interfaceIndex, linkTarget, sender, UNKNOWN_MAC, target, causeNs, nowNs);
    }

    /// The source of a packet that this host made, or 0 (`arp_announce` 0).
    private int ownSource(int packet) {
        ip.at(meta.frameAt(packet) + meta.l3(packet));
        if (ip.version() != 4) return UNSPECIFIED;
        return isLocal(ip.source()) ? ip.source() : UNSPECIFIED;
    }

    private void send(int operation, int interfaceIndex, long linkTarget, int sender, long targetMac, int target,
                      long causeNs, long nowNs) {
        int packet = pool.allocate();
        if (packet == PacketMemory.NONE) return;   // memory is short: whoever asks will ask again
        meta.begin(packet, ArpView.HEADER_BYTES, 0, 0, causeNs);
        arp.at(meta.frameAt(packet));
        arp.ethernetAndIpv4();
        arp.operation(operation);
        arp.senderMac(neighbours.ownMac(interfaceIndex));
        arp.sender(sender);
        arp.targetMac(targetMac);
        arp.target(target);
        ledger.created(operation == ArpView.REQUEST ? Origin.ARP_REQUEST : Origin.ARP_REPLY);
        output.toMac(packet, interfaceIndex, linkTarget, EtherType.ARP, nowNs);
    }
}
