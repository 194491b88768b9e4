package io.millrace.dataplane.hook;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.route.Ipv6Scope;
import io.millrace.dataplane.route.LocalAddresses;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.flow.RouteAddress;
import io.millrace.flow.RouteAnswer;
import io.millrace.flow.RouteKind;
import io.millrace.flow.Routes;
import io.millrace.packet.address.IpAddress;

/// Answers from the router's tables what connections, rules and flows ask about the way of packets.
public final class RouterRoutes implements Routes {

    private static final int LOOPBACK_NET = 127;

    private final RouteTable routes;
    private final NextHops hops;
    private final NeighbourTable neighbours;
    private final Interfaces interfaces;

    public RouterRoutes(RouteTable routes, NeighbourTable neighbours, Interfaces interfaces) {
        this.routes = routes;
        this.hops = routes.hops();
        this.neighbours = neighbours;
        this.interfaces = interfaces;
    }

    @Override
    public void find(int family, long targetHigh, long targetLow, int interfaceIndex, RouteAnswer answer) {
        int hop = hop(family, targetHigh, targetLow, interfaceIndex);
        if (hop == NextHops.NONE) {
            answer.none(routes.generation());
            return;
        }
        int egress = hops.egress(hop);
        boolean hasEgress = egress != NextHops.NO_EGRESS;
        answer.route(kind(hops.type(hop)), hasEgress ? egress : NO_INTERFACE,
            hasEgress ? interfaces.get(egress).mtuBytes() : 0, routes.generation());
        if (hops.gatewayFamily(hop) == 0) return;
        answer.gateway(hops.gatewayFamily(hop), hops.gatewayHigh(hop),
            hops.gatewayFamily(hop) == 4 ? Integer.toUnsignedLong(hops.gateway4(hop)) : hops.gatewayLow(hop));
    }

    private int hop(int family, long high, long low, int interfaceIndex) {
        if (family == 4) return routes.lookup4((int) low);
        boolean isOnLinkOf = interfaceIndex != NO_INTERFACE && Ipv6Scope.of(high, low) == Ipv6Scope.LINK;
        return isOnLinkOf ? routes.linkLocal(interfaceIndex) : routes.lookup6(high, low);
    }

    private static RouteKind kind(RouteType type) {
        return switch (type) {
            case UNICAST -> RouteKind.UNICAST;
            case LOCAL -> RouteKind.LOCAL;
            case BROADCAST -> RouteKind.BROADCAST;
            case ANYCAST -> RouteKind.ANYCAST;
            case MULTICAST -> RouteKind.MULTICAST;
            case UNREACHABLE -> RouteKind.UNREACHABLE;
            case BLACKHOLE -> RouteKind.BLACKHOLE;
            case PROHIBIT -> RouteKind.PROHIBIT;
        };
    }

    @Override
    public void neighbour(int family, long targetHigh, long targetLow, RouteAnswer answer) {
        boolean hasGateway = answer.gatewayFamily() != 0;
        long high = hasGateway ? answer.gatewayHigh() : targetHigh;
        long low = hasGateway ? answer.gatewayLow() : targetLow;
        int found = (hasGateway ? answer.gatewayFamily() : family) == 4
            ? neighbours.find4(answer.egress(), (int) low)
            : neighbours.find6(answer.egress(), high, low);
        if (found == NeighbourTable.NONE) {
            answer.neighbour(0, false, 0);
        } else {
            answer.neighbour(neighbours.state(found), neighbours.hasMac(found), neighbours.mac(found));
        }
    }

    @Override
    public boolean isCurrent(int generation) {
        return generation == routes.generation();
    }

    @Override
    public RouteKind kindOf(int family, long high, long low, int interfaceIndex) {
        return family == 4 ? kindOf4((int) low, interfaceIndex) : kindOf6(high, low, interfaceIndex);
    }

    private RouteKind kindOf4(int address, int interfaceIndex) {
        if (address >>> 24 == 0 || address == -1) return RouteKind.BROADCAST;
        if (address >>> 28 == 0xe) return RouteKind.MULTICAST;
        if (address >>> 24 == LOOPBACK_NET) return RouteKind.LOCAL;
        return ofOwn(routes.lookup4(address), interfaceIndex);
    }

    private RouteKind kindOf6(long high, long low, int interfaceIndex) {
        if (Ipv6Scope.isMulticast(high)) return RouteKind.MULTICAST;
        if (high == 0 && low == 1) return RouteKind.LOCAL;
        if (interfaceIndex != NO_INTERFACE && routes.addresses().owns6(interfaceIndex, high, low)) {
            return RouteKind.LOCAL;
        }
        return ofOwn(routes.lookup6(high, low), interfaceIndex);
    }

    /// The kind of a route in the table of this host's own addresses; all others are unicast.
    private RouteKind ofOwn(int hop, int interfaceIndex) {
        if (hop == NextHops.NONE) return RouteKind.UNICAST;
        RouteType type = hops.type(hop);
        boolean isOwn = type == RouteType.LOCAL || type == RouteType.BROADCAST || type == RouteType.ANYCAST;
        boolean isMeant = interfaceIndex == NO_INTERFACE || hops.egress(hop) == interfaceIndex;
        return isOwn && isMeant ? kind(type) : RouteKind.UNICAST;
    }

    @Override
    public boolean sourceFor(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress source) {
        LocalAddresses own = routes.addresses();
        if (family == 4) {
            if (!own.has4(interfaceIndex)) return false;
            source.set(0, Integer.toUnsignedLong(own.source4(interfaceIndex, (int) targetLow)));
            return true;
        }
        int number = own.source6(interfaceIndex, targetHigh, targetLow);
        if (number == LocalAddresses.NONE) return false;
        source.set(own.high(number), own.low(number));
        return true;
    }

    @Override
    public boolean firstOf(int family, int interfaceIndex, long targetHigh, long targetLow, RouteAddress first) {
        Interface owner = interfaces.get(interfaceIndex);
        boolean isLinkLocal = family == 6 && Ipv6Scope.of(targetHigh, targetLow) == Ipv6Scope.LINK;
        for (int i = 0; i < owner.addresses().size(); i++) {
            IpAddress address = owner.addresses().get(i).address();
            if (address.family() != family) continue;
            if (family == 6 && address.isLinkLocal() != isLinkLocal) continue;
            first.set(family == 4 ? 0 : address.high(),
                family == 4 ? Integer.toUnsignedLong(address.ipv4()) : address.low());
            return true;
        }
        return false;
    }
}
