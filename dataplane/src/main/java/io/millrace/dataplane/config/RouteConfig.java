package io.millrace.dataplane.config;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

import java.util.Optional;

/// A route to a network.
///
/// @param via    next hop; absent if the targets are on the link themselves
/// @param port   interface to leave by; if absent, the one on whose link the next hop lies
/// @param metric among routes to one network the least is used; 0 to 2³² − 1
public record RouteConfig(IpPrefix to, RouteType type, Optional<IpAddress> via, Optional<String> port, long metric) {

    public static final long METRIC_MAX = 0xffff_ffffL;

    public RouteConfig {
        Check.that(to.isCanonical(), "a route leads to a network: no bit behind the length may be set");
        Check.that(metric >= 0 && metric <= METRIC_MAX, "metric must be 0..4294967295", metric);
        boolean hasTarget = via.isPresent() || port.isPresent();
        Check.that(hasTarget == (type == RouteType.UNICAST), "a unicast route, and no other, has via, port or both");
        Check.that(via.isEmpty() || via.get().family() == to.address().family(), "via must be of the family of to");
    }

    /// True for a unicast route whose targets lie on the link of its port.
    public boolean isOnLink() {
        return type == RouteType.UNICAST && via.isEmpty();
    }
}
