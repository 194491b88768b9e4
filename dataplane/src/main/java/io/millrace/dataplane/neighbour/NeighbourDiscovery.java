package io.millrace.dataplane.neighbour;

import io.millrace.checksum.TransportChecksum;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.route.Ipv6Scope;
import io.millrace.dataplane.route.LocalAddresses;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.header.NdView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// Neighbour Discovery as a Linux router does it (RFC 4861; `ndisc.c`): answers solicitations, learns, asks.
///
/// - A solicitation for an address of the interface it came in by, anycast included, is answered: with the link-layer
///   address where it was multicast, without where it was unicast, to all nodes where the source is unspecified (a
///   duplicate address probe).
/// - Senders become stale neighbours by the link-layer address that they name; so do routers and hosts that send router
///   advertisements and solicitations, which are otherwise ignored, as redirects are.
/// - An advertisement changes only neighbours that are known already.
public final class NeighbourDiscovery {

    private static final int HOP_LIMIT = 255;
    private static final long LINK_GROUP_HIGH = 0xff02L << 48;
    private static final long ALL_NODES_LOW = 1;
    private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;   // ff02::1:ffXX:XXXX, RFC 4291 §2.7.1
    private static final long SOLICITED_BITS = 0xff_ffffL;

    private final PacketMeta meta;
    private final Ipv6View ip;
    private final NdView message;
    private final DiscoveryOptions options;
    private final DiscoveryMessages messages;
    private final TransportChecksum checksum;
    private final Ledger ledger;
    private final RouteTable routes;
    private final NeighbourTable neighbours;
    private final Output output;

    public NeighbourDiscovery(PacketPool pool, Ledger ledger, RouteTable routes, NeighbourTable neighbours,
                              Output output) {
        PacketMemory packets = pool.packets();
        this.meta = new PacketMeta(packets);
        this.ip = new Ipv6View(packets);
        this.message = new NdView(packets);
        this.options = new DiscoveryOptions(packets);
        this.messages = new DiscoveryMessages(pool);
        this.checksum = new TransportChecksum(packets);
        this.ledger = ledger;
        this.routes = routes;
        this.neighbours = neighbours;
        this.output = output;
        neighbours.solicitor(6, this::solicit);
    }

    /// True for the ICMPv6 types that belong here.
    public static boolean covers(int icmpType) {
        return Icmpv6Type.isNeighbourDiscovery(icmpType);
    }

    /// Handles a packet with IPv6 at `l3`, ICMPv6 at `l4` and its end at `end` of its metadata, no fragment, and says
    /// how it ends; the caller releases it.
    public Verdict receive(int packet, int interfaceIndex, long nowNs) {
        int l3 = meta.l3(packet);
        int l4 = meta.l4(packet);
        int messageBytes = meta.end(packet) - l4;
        if (meta.end(packet) > meta.slotBytes(packet)) return Verdict.ND_MALFORMED;   // headers lie in the first slot
        long at = meta.frameAt(packet);
        if (!checksum.isRight(packet, l3, l4, messageBytes, IpProtocol.ICMPV6)) return Verdict.ICMP_CHECKSUM_WRONG;
        ip.at(at + l3);
        message.at(at + l4);
        if (ip.hopLimit() != HOP_LIMIT || !message.isValid(messageBytes)) return Verdict.ND_MALFORMED;
        int optionsAt = message.optionsAt();
        if (!options.read(at + l4 + optionsAt, messageBytes - optionsAt)) return Verdict.ND_MALFORMED;
        return switch (message.type()) {
            case Icmpv6Type.NEIGHBOUR_SOLICITATION -> solicited(packet, interfaceIndex, nowNs);
            case Icmpv6Type.NEIGHBOUR_ADVERTISEMENT -> advertised(packet, interfaceIndex, nowNs);
            case Icmpv6Type.ROUTER_SOLICITATION -> routerSolicited(packet, interfaceIndex, nowNs);
            case Icmpv6Type.ROUTER_ADVERTISEMENT -> routerAdvertised(packet, interfaceIndex, nowNs);
            default -> Verdict.ND_NOT_FOR_US;   // a router obeys no redirect (RFC 4861 §8.2)
        };
    }

    private Verdict solicited(int packet, int interfaceIndex, long nowNs) {
        boolean isProbe = isFromNowhere();
        boolean isMulticast = Ipv6Scope.isMulticast(ip.targetHigh());
        if (Ipv6Scope.isMulticast(message.targetHigh())) return Verdict.ND_MALFORMED;
        if (isProbe && !isToSolicitedNode()) return Verdict.ND_MALFORMED;
        long mac = options.sourceMac();
        if (mac == DiscoveryOptions.MALFORMED) return Verdict.ND_MALFORMED;
        if (isProbe && mac != NeighbourUpdate.NO_MAC) return Verdict.ND_MALFORMED;
        long targetHigh = message.targetHigh();
        long targetLow = message.targetLow();
        LocalAddresses own = routes.addresses();
        boolean isOwn = own.owns6(interfaceIndex, targetHigh, targetLow);
        if (!isOwn && !own.isAnycast6(interfaceIndex, targetHigh, targetLow)) return Verdict.ND_NOT_FOR_US;
        if (isProbe) {
            defend(packet, interfaceIndex, isOwn, nowNs);
            return Verdict.ND_LEARNED;
        }
        // A multicast question without a link-layer address cannot be answered unless its sender is known.
        boolean isAnswerable = !isMulticast || mac != NeighbourUpdate.NO_MAC;
        long sourceHigh = ip.sourceHigh();
        long sourceLow = ip.sourceLow();
        int entry = isAnswerable ? neighbours.resolve6(interfaceIndex, sourceHigh, sourceLow, nowNs)
            : neighbours.find6(interfaceIndex, sourceHigh, sourceLow);
        if (entry == NeighbourTable.NONE) {
            return isAnswerable ? Verdict.NEIGHBOUR_TABLE_FULL : Verdict.ND_LEARNED;
        }
        learn(packet, entry, mac, 0, nowNs);
        boolean hasMessage = advertise(targetHigh, targetLow, interfaceIndex, isOwn, isMulticast, sourceHigh, sourceLow,
            meta.receiveNs(packet));
        if (hasMessage) {
            messages.flags(neighbours.forwards6(interfaceIndex), true, isOwn && isMulticast);
            output.ownToNeighbour(messages.end(), entry, nowNs);
        }
        return Verdict.ND_LEARNED;
    }

    /// Tells all nodes that an address which somebody wants to take is taken.
    private void defend(int packet, int interfaceIndex, boolean isOwn, long nowNs) {
        boolean hasMessage = advertise(message.targetHigh(), message.targetLow(), interfaceIndex, isOwn, true,
            LINK_GROUP_HIGH, ALL_NODES_LOW, meta.receiveNs(packet));
        if (!hasMessage) return;
        messages.flags(neighbours.forwards6(interfaceIndex), false, isOwn);
        output.toMac(messages.end(), interfaceIndex, MulticastMac.ofIpv6(ALL_NODES_LOW), EtherType.IPV6, nowNs);
    }

    /// Begins an advertisement, all but its flags. False if there is no memory, or no address to send it from.
    private boolean advertise(long targetHigh, long targetLow, int interfaceIndex, boolean isOwn,
        boolean hasLinkAddress,
                              long toHigh, long toLow, long causeNs) {
        LocalAddresses own = routes.addresses();
        int source = isOwn ? LocalAddresses.NONE : own.source6(interfaceIndex, toHigh, toLow);
        if (!isOwn && source == LocalAddresses.NONE) return false;
        if (!messages.begin(Icmpv6Type.NEIGHBOUR_ADVERTISEMENT, targetHigh, targetLow, hasLinkAddress,
            causeNs)) return false;
        messages.from(isOwn ? targetHigh : own.high(source), isOwn ? targetLow : own.low(source));
        messages.to(toHigh, toLow);
        if (hasLinkAddress) messages.linkAddress(neighbours.ownMac(interfaceIndex));
        ledger.created(Origin.NEIGHBOUR_ADVERTISEMENT);
        return true;
    }

    private Verdict advertised(int packet, int interfaceIndex, long nowNs) {
        long targetHigh = message.targetHigh();
        long targetLow = message.targetLow();
        if (Ipv6Scope.isMulticast(targetHigh)) return Verdict.ND_MALFORMED;
        if (Ipv6Scope.isMulticast(ip.targetHigh()) && message.isSolicited()) return Verdict.ND_MALFORMED;
        if (options.targetMac() == DiscoveryOptions.MALFORMED) return Verdict.ND_MALFORMED;
        // Somebody else claims an address of ours. Linux only logs it; nothing can be believed of it here either.
        if (routes.addresses().owns6(interfaceIndex, targetHigh, targetLow)) return Verdict.ND_NOT_FOR_US;
        int entry = neighbours.find6(interfaceIndex, targetHigh, targetLow);
        if (entry == NeighbourTable.NONE) return Verdict.ND_NOT_FOR_US;
        if (neighbours.state(entry) == NeighbourState.FAILED) return Verdict.ND_NOT_FOR_US;
        int allowed = NeighbourUpdate.WEAK_OVERRIDE | NeighbourUpdate.TELLS_ROUTER
            | (message.isOverride() ? NeighbourUpdate.OVERRIDE : 0)
            | (message.isRouter() ? NeighbourUpdate.ROUTER : 0);
        int state = message.isSolicited() ? NeighbourState.REACHABLE : NeighbourState.STALE;
        neighbours.update(entry, options.targetMac(), state, allowed, meta.receiveNs(packet), nowNs);
        return Verdict.ND_LEARNED;
    }

    private Verdict routerSolicited(int packet, int interfaceIndex, long nowNs) {
        if (!neighbours.forwards6(interfaceIndex) || isFromNowhere()) return Verdict.ND_NOT_FOR_US;
        return learnSource(packet, interfaceIndex, NeighbourUpdate.TELLS_ROUTER, nowNs);
    }

    private Verdict routerAdvertised(int packet, int interfaceIndex, long nowNs) {
        if (Ipv6Scope.of(ip.sourceHigh(), ip.sourceLow()) != Ipv6Scope.LINK) return Verdict.ND_MALFORMED;
        return learnSource(packet, interfaceIndex, NeighbourUpdate.TELLS_ROUTER | NeighbourUpdate.ROUTER, nowNs);
    }

    /// Linux makes an entry even where no link-layer address comes with the message; an advertisement may then fill it.
    private Verdict learnSource(int packet, int interfaceIndex, int told, long nowNs) {
        long mac = options.sourceMac();
        if (mac == DiscoveryOptions.MALFORMED) return Verdict.ND_MALFORMED;
        int entry = neighbours.resolve6(interfaceIndex, ip.sourceHigh(), ip.sourceLow(), nowNs);
        if (entry == NeighbourTable.NONE) return Verdict.NEIGHBOUR_TABLE_FULL;
        learn(packet, entry, mac, told, nowNs);
        return Verdict.ND_LEARNED;
    }

    private void learn(int packet, int entry, long mac, int told, long nowNs) {
        int allowed = NeighbourUpdate.WEAK_OVERRIDE | NeighbourUpdate.OVERRIDE | told;
        neighbours.update(entry, mac, NeighbourState.STALE, allowed, meta.receiveNs(packet), nowNs);
    }

    private boolean isFromNowhere() {
        return (ip.sourceHigh() | ip.sourceLow()) == 0;
    }

    private boolean isToSolicitedNode() {
        return ip.targetHigh() == LINK_GROUP_HIGH && (ip.targetLow() & ~SOLICITED_BITS) == SOLICITED_NODE_LOW;
    }

    private void solicit(int entry, boolean isUnicast, int waitingPacket, long causeNs, long nowNs) {
        int interfaceIndex = neighbours.interfaceIndex(entry);
        long targetHigh = neighbours.high(entry);
        long targetLow = neighbours.low(entry);
        LocalAddresses own = routes.addresses();
        int source = waitingPacket == PacketMemory.NONE ? LocalAddresses.NONE
            : ownSource(waitingPacket, interfaceIndex);
        if (source == LocalAddresses.NONE) source = own.linkLocal6(interfaceIndex);
        if (source == LocalAddresses.NONE) return;   // Linux does not ask without a link-local address either
        if (!messages.begin(Icmpv6Type.NEIGHBOUR_SOLICITATION, targetHigh, targetLow, true, causeNs)) return;
        long groupLow = SOLICITED_NODE_LOW | targetLow & SOLICITED_BITS;
        messages.from(own.high(source), own.low(source));
        messages.to(isUnicast ? targetHigh : LINK_GROUP_HIGH, isUnicast ? targetLow : groupLow);
        messages.linkAddress(neighbours.ownMac(interfaceIndex));
        ledger.created(Origin.NEIGHBOUR_SOLICITATION);
        long linkTarget = isUnicast ? neighbours.mac(entry) : MulticastMac.ofIpv6(groupLow);
        output.toMac(messages.end(), interfaceIndex, linkTarget, EtherType.IPV6, nowNs);
    }

    /// Number of the packet's source if it is an address of the interface, or `NONE`.
    private int ownSource(int packet, int interfaceIndex) {
        ip.at(meta.frameAt(packet) + meta.l3(packet));
        if (ip.version() != 6) return LocalAddresses.NONE;
        if (!routes.addresses().owns6(interfaceIndex, ip.sourceHigh(), ip.sourceLow())) return LocalAddresses.NONE;
        return routes.addresses().find6(ip.sourceHigh(), ip.sourceLow());
    }
}
