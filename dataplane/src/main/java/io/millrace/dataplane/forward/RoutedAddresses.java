package io.millrace.dataplane.forward;

import io.millrace.dataplane.options.OwnAddresses;
import io.millrace.dataplane.route.LocalAddresses;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;

/// Answers what ICMP and IP options ask about this host's addresses from the routing table.
public final class RoutedAddresses implements OwnAddresses {

    private final RouteTable routes;
    private final NextHops hops;

    public RoutedAddresses(RouteTable routes) {
        this.routes = routes;
        this.hops = routes.hops();
    }
}
