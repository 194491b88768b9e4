package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.route.NextHops;

/// Finds the neighbour that a packet goes to: the gateway of its next hop, noted there once found, or its own target on
/// the link.
public final class NextHopNeighbours {

    public NextHopNeighbours(NextHops hops, NeighbourTable neighbours) {
        throw new UnsupportedOperationException();
    }

    /// The neighbour for an IPv4 packet, or [NeighbourTable#NONE] if the table is full.
    public int neighbour4(int hop, int target, long nowNs) {
        throw new UnsupportedOperationException();
    }

    public int neighbour6(int hop, long targetHigh, long targetLow, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
