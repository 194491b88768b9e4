package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.route.NextHops;

/// Finds the neighbour that a packet goes to: the gateway of its next hop, noted there once found, or its own target on
/// the link. A noted neighbour is held until its next hop goes.
public final class NextHopNeighbours {

    private final NextHops hops;
    private final NeighbourTable neighbours;

    public NextHopNeighbours(NextHops hops, NeighbourTable neighbours) {
        this.hops = hops;
        this.neighbours = neighbours;
        hops.onForgotten(neighbours::release);
    }

    /// The neighbour for an IPv4 packet, or [NeighbourTable#NONE] if the table is full. The next hop is a unicast one.
    public int neighbour4(int hop, int target, long nowNs) {
        int noted = hops.neighbour(hop);
        if (noted != NextHops.NONE) return noted;
        if (hops.gatewayFamily(hop) != 0) return gateway(hop, nowNs);
        return neighbours.resolve4(hops.egress(hop), target, nowNs);
    }

    public int neighbour6(int hop, long targetHigh, long targetLow, long nowNs) {
        int noted = hops.neighbour(hop);
        if (noted != NextHops.NONE) return noted;
        if (hops.gatewayFamily(hop) != 0) return gateway(hop, nowNs);
        return neighbours.resolve6(hops.egress(hop), targetHigh, targetLow, nowNs);
    }

    private int gateway(int hop, long nowNs) {
        int entry = hops.gatewayFamily(hop) == 4
            ? neighbours.resolve4(hops.egress(hop), hops.gateway4(hop), nowNs)
            : neighbours.resolve6(hops.egress(hop), hops.gatewayHigh(hop), hops.gatewayLow(hop), nowNs);
        if (entry != NeighbourTable.NONE) {
            neighbours.hold(entry);
            hops.neighbour(hop, entry);
        }
        return entry;
    }
}
