package io.millrace.dataplane.route;

import io.millrace.dataplane.iface.Interface;

import java.util.List;

/// The addresses of all interfaces as arrays of numbers: to ask, per packet and without allocation, whose an address is
/// and which one to send from. IPv6 addresses are named by their number here, 0 to [#count6] − 1.
public final class LocalAddresses {

    public static final int NONE = -1;

    LocalAddresses(List<Interface> interfaces) {
        throw new UnsupportedOperationException();
    }

    public int count6() {
        throw new UnsupportedOperationException();
    }

    public long high(int address) {
        throw new UnsupportedOperationException();
    }

    public long low(int address) {
        throw new UnsupportedOperationException();
    }

    /// True if the interface itself has this IPv6 address.
    public boolean owns6(int interfaceIndex, long high, long low) {
        throw new UnsupportedOperationException();
    }

    /// True if packets to this multicast address are taken on the interface: all nodes, all routers, solicited nodes of
    /// its own addresses.
    public boolean isJoined6(int interfaceIndex, long high, long low) {
        throw new UnsupportedOperationException();
    }

    /// The address an IPv4 packet leaves the interface with when a neighbour is asked for (`inet_select_addr`): of the
    /// subnet that holds `target`, else the first; else one of another interface; 0 if there is none.
    public int source4(int interfaceIndex, int target) {
        throw new UnsupportedOperationException();
    }

    /// The link-local address of the interface, or `NONE`.
    public int linkLocal6(int interfaceIndex) {
        throw new UnsupportedOperationException();
    }

    /// Number of the address to send from (RFC 6724 §5, rules 1, 2, 5, 6 and 8), or `NONE`.
    public int source6(int interfaceIndex, long targetHigh, long targetLow) {
        throw new UnsupportedOperationException();
    }
}
