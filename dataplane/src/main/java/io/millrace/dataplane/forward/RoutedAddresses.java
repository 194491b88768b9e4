package io.millrace.dataplane.forward;

import io.millrace.dataplane.hook.Hooks;
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
    private final Hooks hooks;

    public RoutedAddresses(RouteTable routes, Interfaces interfaces, Hooks hooks) {
        this.routes = routes;
        this.hops = routes.hops();
        this.interfaces = interfaces;
        this.hooks = hooks;
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
        return isUnicast(hop) ? hops.source4(hop) : isToTranslated(hop) ? target : 0;
    }

    @Override
    public int mtuBytes4(int target) {
        int hop = routes.lookup4(target);
        return isUnicast(hop) || isToTranslated(hop) ? interfaces.get(hops.egress(hop)).mtuBytes() : 0;
    }

    @Override
    public boolean source6(long targetHigh, long targetLow, int interfaceIndex, long[] source) {
        int hop = hop6(targetHigh, targetLow, interfaceIndex);
        if (isToTranslated(hop)) {
            source[0] = targetHigh;
            source[1] = targetLow;
            return true;
        }
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

    /// This host speaks to one of its own addresses only where somebody else stands behind it, whose packets have this
    /// host's address: then from that address, and the target becomes another on the way.
    private boolean isToTranslated(int hop) {
        return hooks.isOn() && hop != NextHops.NONE && hops.type(hop) == RouteType.LOCAL;
    }

    private boolean isUnicast(int hop) {
        return hop != NextHops.NONE && hops.type(hop) == RouteType.UNICAST;
    }
}
