package io.millrace.dataplane.forward;

import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.iface.OwnAddresses;
import io.millrace.dataplane.route.LocalAddresses;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;

/// Answers what ICMP and IP options ask about this host's addresses from the routing table.
public final class RoutedAddresses implements OwnAddresses {

    private final RouteTable routes;
    private final NextHops hops;
    private final Interfaces interfaces;

    public RoutedAddresses(RouteTable routes, Interfaces interfaces) {
        this.routes = routes;
        this.hops = routes.hops();
        this.interfaces = interfaces;
    }

    @Override
    public boolean owns4(int address) {
        int hop = routes.lookup4(address);
        return hop != NextHops.NONE && hops.type(hop) == RouteType.LOCAL;
    }

    @Override
    public boolean owns6(long high, long low, int interfaceIndex) {
        if (Ipv6Scope.isLinkLocal(high)) return routes.addresses().owns6(interfaceIndex, high, low);
        int hop = routes.lookup6(high, low);
        return hop != NextHops.NONE && hops.type(hop) == RouteType.LOCAL;
    }

    @Override
    public int source4(int target) {
        int hop = routes.lookup4(target);
        return isUnicast(hop) ? hops.source4(hop) : 0;
    }

    @Override
    public int mtuBytes4(int target) {
        int hop = routes.lookup4(target);
        return isUnicast(hop) ? interfaces.get(hops.egress(hop)).mtuBytes() : 0;
    }

    @Override
    public boolean source6(long targetHigh, long targetLow, int interfaceIndex, long[] source) {
        int hop = hop6(targetHigh, targetLow, interfaceIndex);
        if (!isUnicast(hop)) return false;
        int number = routes.source6(hop, targetHigh, targetLow);
        if (number == LocalAddresses.NONE) return false;
        source[0] = routes.addresses().high(number);
        source[1] = routes.addresses().low(number);
        return true;
    }

    /// The next hop for an IPv6 packet of this host's own; the interface decides for a link-local target.
    int hop6(long targetHigh, long targetLow, int interfaceIndex) {
        return Ipv6Scope.isLinkLocal(targetHigh)
            ? routes.linkLocal(interfaceIndex)
            : routes.lookup6(targetHigh, targetLow);
    }

    private boolean isUnicast(int hop) {
        return hop != NextHops.NONE && hops.type(hop) == RouteType.UNICAST;
    }
}
