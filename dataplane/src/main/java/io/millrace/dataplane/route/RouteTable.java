package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;

import java.lang.foreign.Arena;
import java.util.List;

/// The routes of Linux's local and main tables, IPv4 and IPv6, compiled into one lookup each. What is found is the
/// number of a next hop, see [#hops].
public final class RouteTable {

    public RouteTable(Arena arena, List<Interface> interfaces) {
        throw new UnsupportedOperationException();
    }

    /// The next hop for an IPv4 target, or [NextHops#NONE] where there is no route.
    public int lookup4(int target) {
        throw new UnsupportedOperationException();
    }

    /// The next hop for an IPv6 target, or [NextHops#NONE]. Link-local targets need [#linkLocal].
    public int lookup6(long high, long low) {
        throw new UnsupportedOperationException();
    }

    /// The next hop for IPv6 targets on the link of this interface (`fe80::/64`), or [NextHops#NONE] where the interface
    /// has no IPv6 address.
    public int linkLocal(int interfaceIndex) {
        throw new UnsupportedOperationException();
    }

    public NextHops hops() {
        throw new UnsupportedOperationException();
    }

    /// Addresses of all interfaces, to ask whose an address is and to choose sources.
    public LocalAddresses addresses() {
        throw new UnsupportedOperationException();
    }

    public RouteResult add(Route route) {
        throw new UnsupportedOperationException();
    }

    /// As [#add], and a route of the same prefix and metric goes.
    public RouteResult replace(Route route) {
        throw new UnsupportedOperationException();
    }

    /// Removes the first route that fits: same prefix and type, and interface, gateway and metric where given.
    public RouteResult remove(Route route) {
        throw new UnsupportedOperationException();
    }

    /// Takes other interfaces: derived routes are made anew, routes through interfaces that are gone go.
    public void interfaces(List<Interface> interfaces) {
        throw new UnsupportedOperationException();
    }

    /// Every route, derived ones too, ordered by family, prefix and metric.
    public List<Route> routes() {
        throw new UnsupportedOperationException();
    }
}
