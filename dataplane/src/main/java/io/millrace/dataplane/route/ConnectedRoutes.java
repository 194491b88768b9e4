package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.List;

/// The routes that Linux makes by itself of the addresses of an interface that is up (`fib_add_ifaddr`, `addrconf`).
///
/// | of | table local | table main |
/// |---|---|---|
/// | IPv4 address | local /32; broadcast: the last of a subnet up to /30 | the subnet, unless it is a /32 |
/// | IPv6 address | local /128; anycast: the first of a subnet up to /126 | the subnet |
/// | IPv6 interface | multicast ff00::/8 | fe80::/64 by its link-local address |
///
/// The first address of an IPv4 subnet is an address like others (Linux 5.14 and later). A secondary address (same
/// subnet, same length as an earlier one) adds its local route alone.
final class ConnectedRoutes {

    private static final IpPrefix IPV6_MULTICAST = IpPrefix.parse("ff00::/8");
    private static final int BROADCAST_LENGTH_MAX = 30;   // RFC 3021: a /31 has none
    private static final int ANYCAST_LENGTH_MAX = 126;    // RFC 6164

    static List<Route> of(List<Interface> interfaces) {
        List<Route> routes = new ArrayList<>();
        for (Interface each : interfaces) {
            addIpv4(each, routes);
            addIpv6(each, routes);
        }
        return routes;
    }

    private static void addIpv4(Interface owner, List<Route> routes) {
        List<IpPrefix> primaries = new ArrayList<>();
        for (IpPrefix each : owner.addresses()) {
            if (!each.address().isIpv4()) continue;
            IpPrefix primary = primaries.stream().filter(earlier -> earlier.network().equals(each.network()))
                .findFirst().orElse(each);
            IpAddress source = primary.address();
            routes.add(derived(new IpPrefix(each.address(), 32), RouteType.LOCAL, owner, 0, source));
            if (primary != each) continue;
            primaries.add(each);
            IpPrefix subnet = each.network();
            if (subnet.address().isUnspecified()) continue;
            if (each.length() < 32) routes.add(derived(subnet, RouteType.UNICAST, owner, 0, source));
            if (each.length() <= BROADCAST_LENGTH_MAX) {
                int last = subnet.address().ipv4() | (int) (0xffff_ffffL >>> each.length());
                routes.add(derived(new IpPrefix(IpAddress.ofIpv4(last), 32), RouteType.BROADCAST, owner, 0, source));
            }
        }
    }

    private static void addIpv6(Interface owner, List<Route> routes) {
        boolean hasIpv6 = false;
        for (IpPrefix each : owner.addresses()) {
            if (!each.address().isIpv6()) continue;
            hasIpv6 = true;
            IpPrefix subnet = each.network();
            routes.add(derived(new IpPrefix(each.address(), 128), RouteType.LOCAL, owner, 0, null));
            addOnce(routes, derived(subnet, RouteType.UNICAST, owner, Route.METRIC_DERIVED_IPV6, null));
            boolean hasAnycast = each.length() <= ANYCAST_LENGTH_MAX && !subnet.address().isUnspecified()
                && !owner.owns(subnet.address());
            if (hasAnycast && owner.settings().forwardsIpv6()) {
                addOnce(routes, derived(new IpPrefix(subnet.address(), 128), RouteType.ANYCAST, owner, 0, null));
            }
        }
        if (hasIpv6) {
            routes.add(derived(IPV6_MULTICAST, RouteType.MULTICAST, owner, Route.METRIC_DERIVED_IPV6, null));
        }
    }

    /// Two addresses of one subnet make its routes once.
    private static void addOnce(List<Route> routes, Route route) {
        if (!routes.contains(route)) routes.add(route);
    }

    private static Route derived(IpPrefix to, RouteType type, Interface owner, int metric, IpAddress source) {
        return new Route(to, type, owner.index(), null, metric, source, true);
    }

    private ConnectedRoutes() {}
}
