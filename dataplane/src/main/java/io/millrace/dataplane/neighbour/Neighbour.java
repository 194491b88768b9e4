package io.millrace.dataplane.neighbour;

import io.millrace.packet.address.IpAddress;

/// One neighbour as `ip neigh` shows it.
///
/// @param mac          48 bits, meaningful where the state has one
/// @param state        of [NeighbourState]
/// @param isRouter     it said so (IPv6)
/// @param probeCount   questions since the last answer
/// @param waitingCount packets that wait for it
public record Neighbour(IpAddress address, int interfaceIndex, long mac, int state, boolean isRouter, int probeCount,
                        int waitingCount, long usedNs, long confirmedNs, long updatedNs) {

    public boolean hasMac() {
        return (state & NeighbourState.VALID) != 0;
    }
}
