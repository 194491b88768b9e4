package io.millrace.dataplane.forward;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.Ipv4Checksum;
import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.icmp.Icmpv4Errors;
import io.millrace.dataplane.icmp.LocalDelivery;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.options.Ipv4Options;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.header.IcmpType;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The whole way of one IPv4 packet through the router, in the order of Linux's `ip_rcv`, `ip_route_input` and
/// `ip_forward`. Takes any packet; the fast path of [io.millrace.dataplane.stage.RouteStage] does the same for those
/// that need nothing but a route.
///
/// ```
///  header sound? -> [prerouting] -> source possible? -> for here? [input] -> route -> options -> TTL -> MTU
///  -> TTL - 1 -> redirect -> [forward] -> options' addresses -> [postrouting] -> fragments -> neighbour
/// ```
///
/// In brackets: [Hooks], where a ruleset is in use.
public final class Ipv4Path {

    private static final int LIMITED_BROADCAST = 0xffffffff;
    private static final int ALL_SYSTEMS = 0xe0000001;   // 224.0.0.1: every host is a member
    private static final int LOOPBACK_NET = 127;

    private final PacketPool pool;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ip;
    private final Ledger ledger;
    private final Interfaces interfaces;
    private final RouteTable routes;
    private final NextHops hops;
    private final Ipv4Options options;
    private final Icmpv4Errors errors;
    private final LocalDelivery local;
    private final LinkOutput output;
    private final MtuCheck mtu;
    private final Hooks hooks;
    private int sourceRouteHop;   // of the packet at hand: where its source route leads next, 0 if nowhere

    public Ipv4Path(PacketPool pool, Ledger ledger, Interfaces interfaces, RouteTable routes, Ipv4Options options,
                    Icmpv4Errors errors, LocalDelivery local, LinkOutput output, Hooks hooks) {
        this.pool = pool;
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ip = new Ipv4View(pool.packets());
        this.ledger = ledger;
        this.interfaces = interfaces;
        this.routes = routes;
        this.hops = routes.hops();
        this.options = options;
        this.errors = errors;
        this.local = local;
        this.output = output;
        this.mtu = new MtuCheck(pool.packets());
        this.hooks = hooks;
    }

    /// Takes a packet whose `l3` and `ingress` are set. It is gone afterwards.
    public void accept(int packet, long nowNs) {
        Verdict fault = faultOfHeader(packet);
        if (fault != null) {
            ledger.drop(packet, fault);
            return;
        }
        Interface ingress = interfaces.get(meta.ingress(packet));
        if (!hooks.isOn()) {
            acceptSound(packet, ingress, nowNs);
            return;
        }
        int whole = hooks.prerouting(packet, ingress.index(), nowNs);
        if (whole == NONE) return;
        ip.at(meta.frameAt(whole) + meta.l3(whole));
        acceptSound(whole, ingress, nowNs);
    }

    private void acceptSound(int packet, Interface ingress, long nowNs) {
        int source = ip.source();
        int target = ip.target();
        if (target == LIMITED_BROADCAST || source == 0 && target == 0) {
            deliver(packet, true, ingress, nowNs);
            return;
        }
        Verdict fault = faultOfAddresses(source, target, ingress);
        if (fault != null) {
            ledger.drop(packet, fault);
            return;
        }
        if (target >>> 28 == 0xe) {
            acceptMulticast(packet, target, ingress, nowNs);
            return;
        }
        acceptRouted(packet, routes.lookup4(target), ingress, nowNs);
    }

    /// What is wrong with the header, or null. Trims what lies behind the packet's end, such as Ethernet padding.
    private Verdict faultOfHeader(int packet) {
        int l3 = meta.l3(packet);
        long at = meta.frameAt(packet) + l3;
        int presentBytes = meta.packetBytes(packet) - l3;
        if (!ip.at(at).isValid(presentBytes)) return Verdict.IPV4_MALFORMED;
        if (ip.headerBytes() > meta.slotBytes(packet) - l3) return Verdict.IPV4_MALFORMED;
        if (!Ipv4Checksum.isRight(memory, at)) return Verdict.IPV4_CHECKSUM_WRONG;
        int endAt = l3 + ip.totalBytes();
        if (endAt < meta.packetBytes(packet)) pool.trim(packet, endAt);
        meta.l4(packet, l3 + ip.headerBytes());
        meta.end(packet, endAt);
        meta.proto(packet, ip.protocol());
        meta.family(packet, 4);
        return null;
    }

    private Verdict faultOfAddresses(int source, int target, Interface ingress) {
        if (source >>> 28 == 0xe || source == LIMITED_BROADCAST) return Verdict.MARTIAN_SOURCE;
        if (source == 0 || source >>> 24 == LOOPBACK_NET) return Verdict.MARTIAN_SOURCE;
        if (target == 0 || target >>> 24 == LOOPBACK_NET) return Verdict.MARTIAN_TARGET;
        if (isOwn(source)) return Verdict.MARTIAN_SOURCE;   // it is this host's: nobody else may use it
        if (ingress.settings().dropsMartians()) return Martians.fault4(source, target);
        return null;
    }

    private boolean isOwn(int address) {
        int hop = routes.lookup4(address);
        return hop != NextHops.NONE && hops.type(hop) == RouteType.LOCAL;
    }

    /// The address from which this host would speak to `target`; 0 if it could not.
    private int answerAddress(int target) {
        int hop = routes.lookup4(target);
        return hop == NextHops.NONE || hops.type(hop) != RouteType.UNICAST ? 0 : hops.source4(hop);
    }

    private void acceptMulticast(int packet, int target, Interface ingress, long nowNs) {
        if (target == ALL_SYSTEMS) {
            deliver(packet, true, ingress, nowNs);
        } else {
            ledger.drop(packet, Verdict.MULTICAST_NOT_ROUTED);
        }
    }

    private void acceptRouted(int packet, int routedHop, Interface ingress, long nowNs) {
        if (!passesOptions(packet, ingress, nowNs)) return;
        int hop = sourceRouteHop == 0 ? routedHop : routes.lookup4(sourceRouteHop);
        RouteType type = hop == NextHops.NONE ? null : hops.type(hop);
        if (type == RouteType.LOCAL || type == RouteType.BROADCAST) {
            handOver(packet, type == RouteType.BROADCAST, ingress, nowNs);
            return;
        }
        if (!ingress.settings().forwardsIpv4()) {
            ledger.drop(packet, Verdict.FORWARDING_OFF);
            return;
        }
        switch (type) {
            case null -> refuse(packet, Verdict.NO_ROUTE, IcmpType.NET_UNREACHABLE, nowNs);
            case UNREACHABLE -> refuse(packet, Verdict.ROUTE_UNREACHABLE, IcmpType.HOST_UNREACHABLE, nowNs);
            case PROHIBIT -> refuse(packet, Verdict.ROUTE_PROHIBIT, IcmpType.ADMINISTRATIVELY_PROHIBITED, nowNs);
            case BLACKHOLE -> ledger.drop(packet, Verdict.ROUTE_BLACKHOLE);
            case UNICAST -> forward(packet, hop, ingress, nowNs);
            default -> ledger.drop(packet, Verdict.MARTIAN_TARGET);
        }
    }

    private void refuse(int packet, Verdict verdict, int code, long nowNs) {
        errors.routeError(packet, code, meta.ingress(packet), nowNs);
        ledger.drop(packet, verdict);
    }

    private void deliver(int packet, boolean isBroadcast, Interface ingress, long nowNs) {
        if (passesOptions(packet, ingress, nowNs)) handOver(packet, isBroadcast, ingress, nowNs);
    }

    private void handOver(int packet, boolean isBroadcast, Interface ingress, long nowNs) {
        int whole = hooks.whole(packet, nowNs);
        if (whole == NONE) return;
        if (hooks.isOn() && !hooks.input(whole, ingress.index(), nowNs)) return;
        local.deliver4(whole, isBroadcast, ingress.index(), nowNs);
    }

    /// False if the packet's options were wrong or refused; it is then gone.
    private boolean passesOptions(int packet, Interface ingress, long nowNs) {
        sourceRouteHop = 0;
        if (!hasOptions()) return true;
        Verdict verdict = options.check(packet);
        if (verdict == Verdict.FORWARD && options.hasSourceRoute()) {
            verdict = options.followSourceRoute(packet, ingress.settings().acceptsSourceRoute());
            sourceRouteHop = options.sourceRouteHop();
        }
        if (verdict == Verdict.FORWARD) return true;
        if (options.problemAt() >= 0) {
            errors.parameterProblem(packet, options.problemAt(), ingress.index(), nowNs);
        }
        ledger.drop(packet, verdict);
        return false;
    }

    private boolean hasOptions() {
        return ip.headerBytes() > Ipv4View.HEADER_BYTES_MIN;
    }

    private void forward(int packet, int hop, Interface ingress, long nowNs) {
        if (meta.linkClass(packet) != LinkClass.HOST) {
            ledger.drop(packet, Verdict.NOT_UNICAST_FRAME);
            return;
        }
        ip.at(meta.frameAt(packet) + meta.l3(packet));
        if (ip.ttl() <= 1) {
            errors.timeExceeded(packet, ingress.index(), nowNs);
            ledger.drop(packet, Verdict.TTL_EXPIRED);
            return;
        }
        if (sourceRouteHop != 0 && options.isStrict() && hops.gatewayFamily(hop) != 0) {
            errors.unreachable(packet, IcmpType.SOURCE_ROUTE_FAILED, ingress.index(), nowNs);
            ledger.drop(packet, Verdict.IPV4_OPTIONS_MALFORMED);
            return;
        }
        Interface egress = interfaces.get(hops.egress(hop));
        if (ip.dontFragment() && !mtu.fits(packet, ip.totalBytes(), egress.mtuBytes())
            && !mtu.mayBeCutAgain(packet, egress.mtuBytes())) {
            errors.fragmentationNeeded(packet, egress.mtuBytes(), ingress.index(), nowNs);
            ledger.drop(packet, Verdict.FRAGMENTATION_NEEDED);
            return;
        }
        IncrementalUpdate.decrementTtl(ip);
        if (egress.index() == ingress.index() && sourceRouteHop == 0) redirect(packet, hop, ingress, nowNs);
        meta.egress(packet, egress.index());
        if (hooks.isOn()) {
            if (!hooks.forward(packet, ingress.index(), egress.index(), nowNs)) return;
            ip.at(meta.frameAt(packet) + meta.l3(packet));
        }
        if (hasOptions()) options.forward(packet, answerAddress(ip.source()), hops.source4(hop), sourceRouteHop, nowNs);
        output.leave4(packet, hop, nowNs);
    }

    /// Linux's condition: the source is a neighbour on the link that the packet goes back to.
    private void redirect(int packet, int hop, Interface ingress, long nowNs) {
        if (!ingress.settings().sendsRedirects()) return;
        int back = routes.lookup4(ip.source());
        if (back == NextHops.NONE || hops.type(back) != RouteType.UNICAST || hops.gatewayFamily(back) != 0) return;
        if (hops.egress(back) != ingress.index()) return;
        int gateway = hops.gatewayFamily(hop) == 4 ? hops.gateway4(hop) : ip.target();
        errors.redirect(packet, gateway, ingress.index(), nowNs);
        ip.at(meta.frameAt(packet) + meta.l3(packet));
    }
}
