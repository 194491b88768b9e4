package io.millrace.dataplane.output;

/// Takes packets from the slow path. Every packet given belongs to the output, which sends it or drops it with a
/// verdict; who makes a packet counts its origin first.
///
/// A packet given here has its network header at `l3` in its metadata ([io.millrace.packet.memory.PacketMeta#l3]), with
/// at least 22 bytes in front of it inside the slot, where the output writes Ethernet and VLAN headers; `dataAt` is
/// moved to fit. `receiveNs` is the time it is written with: that of the packet which caused it, or the clock.
public interface Output {

    /// Routes an IPv4 or IPv6 packet of this host's own making by its target address and sends it. A link-local
    /// target is on the interface that `ingress` names.
    void route(int packet, long nowNs);

    /// As [#route], a packet that says something about the one at hand, or refuses it: it belongs to the same
    /// connection.
    default void relate(int packet, long nowNs) {
        route(packet, nowNs);
    }

    /// As [#toNeighbour], a packet that this host has just made.
    default void ownToNeighbour(int packet, int neighbour, long nowNs) {
        toNeighbour(packet, neighbour, nowNs);
    }

    /// Sends an IPv4 or IPv6 packet whose next hop is known to be the neighbour of that number; it waits if the
    /// neighbour's address is not known yet.
    void toNeighbour(int packet, int neighbour, long nowNs);

    /// Sends whatever lies at `l3` with this EtherType to this MAC address on this interface: ARP, ND, multicast.
    void toMac(int packet, int interfaceIndex, long targetMac, int etherType, long nowNs);
}
