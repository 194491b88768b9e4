package io.millrace.dataplane.route;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

/// One route, as `ip route` shows it.
///
/// @param to              a network, no bit set behind its length
/// @param interfaceIndex  where packets leave, or [#NO_INTERFACE] for the types that refuse, and where the gateway's
///                        address tells
/// @param via             the gateway, or `null` where targets are on the link. An IPv4 route may have an IPv6 gateway
///                        (RFC 8950)
/// @param metric          the lowest of equal prefixes counts; unsigned
/// @param source          preferred source address of packets made here, or `null`
/// @param isDerived       made of an interface's address (`proto kernel`)
public record Route(IpPrefix to, RouteType type, int interfaceIndex, IpAddress via, int metric, IpAddress source,
                    boolean isDerived) {

    public static final int NO_INTERFACE = -1;

    /// What `ip -6 route add` gives a route without a metric; IPv4's is 0.
    public static final int METRIC_IPV6 = 1024;
    static final int METRIC_DERIVED_IPV6 = 256;

    public Route {
        Check.that(to.isCanonical(), "bits are set behind the length of " + to);
        Check.that(interfaceIndex >= NO_INTERFACE, "interfaceIndex must not be negative", interfaceIndex);
    }

    /// A route that an operator adds: through a gateway, or on the link where `via` is `null`.
    public static Route unicast(IpPrefix to, int interfaceIndex, IpAddress via) {
        return new Route(to, RouteType.UNICAST, interfaceIndex, via, metricOf(to), null, false);
    }

    /// A route of a type that refuses.
    public static Route refusing(IpPrefix to, RouteType type) {
        Check.that(type.isRefusal(), "type " + type + " does not refuse");
        return new Route(to, type, NO_INTERFACE, null, metricOf(to), null, false);
    }

    public Route withMetric(int value) {
        return new Route(to, type, interfaceIndex, via, value, source, isDerived);
    }

    public Route withSource(IpAddress value) {
        return new Route(to, type, interfaceIndex, via, metric, value, isDerived);
    }

    private static int metricOf(IpPrefix to) {
        return to.address().isIpv4() ? 0 : METRIC_IPV6;
    }
}
