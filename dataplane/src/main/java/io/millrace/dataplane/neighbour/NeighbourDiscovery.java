package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.util.List;

/// Neighbour Discovery as a Linux router does it (RFC 4861): answers solicitations, learns, asks.
public final class NeighbourDiscovery {

    public NeighbourDiscovery(PacketPool pool, Ledger ledger, List<Interface> interfaces, RouteTable routes,
                              NeighbourTable neighbours, Output output) {
        throw new UnsupportedOperationException();
    }

    /// True for the ICMPv6 types that belong here: 133 to 137.
    public static boolean covers(int icmpType) {
        return icmpType >= 133 && icmpType <= 137;
    }

    /// Handles a packet with IPv6 at `l3`, ICMPv6 at `l4` and its end at `end` of its metadata, and says how it ends; the
    /// caller releases it.
    public Verdict receive(int packet, int interfaceIndex, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
