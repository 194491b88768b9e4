package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.util.List;

/// ARP as Linux does it (RFC 826, RFC 5227): answers requests, learns, asks.
public final class Arp {

    public Arp(PacketPool pool, Ledger ledger, List<Interface> interfaces, RouteTable routes,
               NeighbourTable neighbours, Output output) {
        throw new UnsupportedOperationException();
    }

    /// Handles an ARP packet whose first byte lies at `l3` of its metadata, and says how it ends; the caller releases it.
    public Verdict receive(int packet, int interfaceIndex, long nowNs) {
        throw new UnsupportedOperationException();
    }
}
