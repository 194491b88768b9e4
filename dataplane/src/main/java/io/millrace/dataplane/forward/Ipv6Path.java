package io.millrace.dataplane.forward;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.icmp.Icmpv6Errors;
import io.millrace.dataplane.icmp.LocalDelivery;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourDiscovery;
import io.millrace.dataplane.options.Ipv6Options;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.header.Icmpv6Type;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The whole way of one IPv6 packet through the router, in the order of Linux's `ipv6_rcv` and `ip6_forward`. Same
/// contract as [Ipv4Path]; the parser has found the transport header (`l4`, `proto`, `flags`).
public final class Ipv6Path {

    private static final long LOOPBACK_LOW = 1;

    private final PacketPool pool;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv6View ip;
    private final Ledger ledger;
    private final Interfaces interfaces;
    private final RouteTable routes;
    private final NextHops hops;
    private final Ipv6Options options;
    private final Icmpv6Errors errors;
    private final LocalDelivery local;
    private final NeighbourDiscovery discovery;
    private final LinkOutput output;
    private final MtuCheck mtu;
    private final Hooks hooks;

    public Ipv6Path(PacketPool pool, Ledger ledger, Interfaces interfaces, RouteTable routes, Icmpv6Errors errors,
                    LocalDelivery local, NeighbourDiscovery discovery, LinkOutput output, Hooks hooks) {
        this.pool = pool;
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ip = new Ipv6View(pool.packets());
        this.ledger = ledger;
        this.interfaces = interfaces;
        this.routes = routes;
        this.hops = routes.hops();
        this.options = new Ipv6Options(pool.packets());
        this.errors = errors;
        this.local = local;
        this.discovery = discovery;
        this.output = output;
        this.mtu = new MtuCheck(pool.packets());
        this.hooks = hooks;
    }

    /// Takes a packet whose `l3`, `ingress` and parse results are set. It is gone afterwards.
    public void accept(int packet, long nowNs) {
        Interface ingress = interfaces.get(meta.ingress(packet));
        Verdict fault = faultOfHeader(packet, ingress);
        if (fault != null) {
            ledger.drop(packet, fault);
            return;
        }
        if (!passesHopByHop(packet, ingress, nowNs)) return;
        if (!hooks.isOn()) {
            acceptSound(packet, ingress, nowNs);
            return;
        }
        int whole = hooks.prerouting(packet, ingress.index(), nowNs);
        if (whole != NONE) acceptSound(whole, ingress, nowNs);
    }

    private void acceptSound(int packet, Interface ingress, long nowNs) {
        ip.at(meta.frameAt(packet) + meta.l3(packet));
        long targetHigh = ip.targetHigh();
        long targetLow = ip.targetLow();
        if (Ipv6Scope.isMulticast(targetHigh)) {
            acceptMulticast(packet, targetHigh, targetLow, ingress, nowNs);
            return;
        }
        if (!Ipv6Scope.isLinkLocal(targetHigh)) {
            acceptRouted(packet, routes.lookup6(targetHigh, targetLow), ingress, nowNs);
        } else if (routes.addresses().owns6(ingress.index(), targetHigh, targetLow)) {
            deliver(packet, ingress, nowNs);
        } else {
            acceptRouted(packet, routes.linkLocal(ingress.index()), ingress, nowNs);
        }
    }

    /// What is wrong with the header, or null. Trims what lies behind the packet's end.
    private Verdict faultOfHeader(int packet, Interface ingress) {
        int l3 = meta.l3(packet);
        int presentBytes = meta.packetBytes(packet) - l3;
        if (meta.slotBytes(packet) - l3 < Ipv6View.HEADER_BYTES) return Verdict.IPV6_MALFORMED;
        if (!ip.at(meta.frameAt(packet) + l3).isValid(presentBytes)) return Verdict.IPV6_MALFORMED;
        Verdict fault = faultOfAddresses(ingress);
        if (fault != null) return fault;
        int endAt = l3 + Ipv6View.HEADER_BYTES + ip.payloadBytes();
        if (endAt < meta.packetBytes(packet)) pool.trim(packet, endAt);
        meta.end(packet, endAt);
        meta.family(packet, 6);
        return null;
    }

    private Verdict faultOfAddresses(Interface ingress) {
        long sourceHigh = ip.sourceHigh();
        long targetHigh = ip.targetHigh();
        if (Ipv6Scope.isMulticast(sourceHigh)) return Verdict.MARTIAN_SOURCE;
        if (sourceHigh == 0 && ip.sourceLow() == LOOPBACK_LOW) return Verdict.MARTIAN_SOURCE;
        if (targetHigh == 0 && ip.targetLow() <= LOOPBACK_LOW && ip.targetLow() >= 0) return Verdict.MARTIAN_TARGET;
        if (Ipv6Scope.isBelowLink(targetHigh)) return Verdict.LINK_SCOPE;
        if (!ingress.settings().dropsMartians()) return null;
        return Martians.fault6(sourceHigh, ip.sourceLow(), targetHigh, ip.targetLow());
    }

    /// False if a hop-by-hop option barred the packet; it is then gone.
    private boolean passesHopByHop(int packet, Interface ingress, long nowNs) {
        if (ip.nextHeader() != IpProtocol.HOP_BY_HOP) return true;
        int l3 = meta.l3(packet);
        int availableBytes = Math.min(meta.slotBytes(packet), meta.end(packet)) - l3;
        Verdict verdict = options.checkHopByHop(meta.frameAt(packet) + l3, availableBytes,
            Ipv6Scope.isMulticast(ip.targetHigh()));
        if (verdict == Verdict.FORWARD) return true;
        if (options.problemAt() >= 0) {
            errors.parameterProblem(packet, options.problemCode(), options.problemAt(), ingress.index(), nowNs);
        }
        ledger.drop(packet, verdict);
        return false;
    }

    private void acceptMulticast(int packet, long high, long low, Interface ingress, long nowNs) {
        if (routes.addresses().isJoined6(ingress.index(), high, low)) {
            deliver(packet, ingress, nowNs);
        } else {
            ledger.drop(packet, Verdict.MULTICAST_NOT_ROUTED);
        }
    }

    private void acceptRouted(int packet, int hop, Interface ingress, long nowNs) {
        RouteType type = hop == NextHops.NONE ? null : hops.type(hop);
        if (type != null && type.isHere()) {
            deliver(packet, ingress, nowNs);
            return;
        }
        if (!ingress.settings().forwardsIpv6()) {
            ledger.drop(packet, Verdict.FORWARDING_OFF);
            return;
        }
        switch (type) {
            case null -> refuse(packet, Verdict.NO_ROUTE, Icmpv6Type.NO_ROUTE, nowNs);
            case UNREACHABLE -> refuse(packet, Verdict.ROUTE_UNREACHABLE, Icmpv6Type.NO_ROUTE, nowNs);
            case PROHIBIT -> refuse(packet, Verdict.ROUTE_PROHIBIT, Icmpv6Type.ADMINISTRATIVELY_PROHIBITED, nowNs);
            case BLACKHOLE -> ledger.drop(packet, Verdict.ROUTE_BLACKHOLE);
            case UNICAST -> forward(packet, hop, ingress, nowNs);
            default -> ledger.drop(packet, Verdict.MARTIAN_TARGET);
        }
    }

    private void refuse(int packet, Verdict verdict, int code, long nowNs) {
        errors.unreachable(packet, code, meta.ingress(packet), nowNs);
        ledger.drop(packet, verdict);
    }

    private void deliver(int packet, Interface ingress, long nowNs) {
        int whole = hooks.whole(packet, nowNs);
        if (whole == NONE) return;
        if ((meta.flags(whole) & ParseFlags.NOT_UNDERSTOOD) != 0) {
            ledger.drop(whole, Verdict.IPV6_MALFORMED);
            return;
        }
        if (hooks.isOn() && !hooks.input(whole, ingress.index(), nowNs)) return;
        if (isNeighbourDiscovery(whole)) {
            Verdict verdict = discovery.receive(whole, ingress.index(), nowNs);
            if (verdict.ending() == Verdict.Ending.DELIVERED) {
                ledger.deliver(whole, verdict);
            } else {
                ledger.drop(whole, verdict);
            }
            return;
        }
        local.deliver6(whole, ingress.index(), nowNs);
    }

    private boolean isNeighbourDiscovery(int packet) {
        if (meta.proto(packet) != IpProtocol.ICMPV6 || (meta.flags(packet) & ParseFlags.FRAGMENT) != 0) return false;
        if (meta.l4(packet) >= Math.min(meta.slotBytes(packet), meta.end(packet))) return false;
        return NeighbourDiscovery.covers(Wire.u8(memory, meta.frameAt(packet) + meta.l4(packet)));
    }

    private void forward(int packet, int hop, Interface ingress, long nowNs) {
        if (meta.linkClass(packet) != LinkClass.HOST) {
            ledger.drop(packet, Verdict.NOT_UNICAST_FRAME);
            return;
        }
        if (ip.hopLimit() <= 1) {
            errors.timeExceeded(packet, ingress.index(), nowNs);
            ledger.drop(packet, Verdict.TTL_EXPIRED);
            return;
        }
        Interface egress = interfaces.get(hops.egress(hop));
        if (egress.index() == ingress.index()) {
            redirect(packet, hop, ingress, nowNs);
        } else if (!sourceMayLeaveItsLink(packet, ingress, nowNs)) {
            return;
        }
        ip.at(meta.frameAt(packet) + meta.l3(packet));
        if (!mtu.fits(packet, Ipv6View.HEADER_BYTES + ip.payloadBytes(), egress.mtuBytes())
            && !mtu.mayBeCutAgain(packet, egress.mtuBytes())) {
            int mtuBytes = Math.max(egress.mtuBytes(), Interface.MTU_BYTES_MIN_IPV6);
            errors.packetTooBig(packet, mtuBytes, ingress.index(), nowNs);
            ledger.drop(packet, Verdict.PACKET_TOO_BIG);
            return;
        }
        ip.hopLimit(ip.hopLimit() - 1);
        meta.egress(packet, egress.index());
        if (hooks.isOn() && !hooks.forward(packet, ingress.index(), egress.index(), nowNs)) return;
        output.leave6(packet, hop, nowNs);
    }

    /// False if it may not; the packet is then gone.
    private boolean sourceMayLeaveItsLink(int packet, Interface ingress, long nowNs) {
        long high = ip.sourceHigh();
        if (high == 0 && ip.sourceLow() == 0) {
            ledger.drop(packet, Verdict.MARTIAN_SOURCE);
            return false;
        }
        if (!Ipv6Scope.isLinkLocal(high)) return true;
        errors.unreachable(packet, Icmpv6Type.BEYOND_SCOPE, ingress.index(), nowNs);
        ledger.drop(packet, Verdict.LINK_SCOPE);
        return false;
    }

    /// Linux's condition: the source is a neighbour on the link that the packet goes back to.
    private void redirect(int packet, int hop, Interface ingress, long nowNs) {
        int back = Ipv6Scope.isLinkLocal(ip.sourceHigh())
            ? routes.linkLocal(ingress.index())
            : routes.lookup6(ip.sourceHigh(), ip.sourceLow());
        if (back == NextHops.NONE || hops.type(back) != RouteType.UNICAST || hops.gatewayFamily(back) != 0) return;
        if (hops.egress(back) != ingress.index()) return;
        long high = hops.gatewayFamily(hop) != 0 ? hops.gatewayHigh(hop) : ip.targetHigh();
        long low = hops.gatewayFamily(hop) != 0 ? hops.gatewayLow(hop) : ip.targetLow();
        errors.redirect(packet, high, low, output.macOf6(ingress.index(), high, low), ingress.index(), nowNs);
    }
}
