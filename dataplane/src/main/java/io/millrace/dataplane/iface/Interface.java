package io.millrace.dataplane.iface;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

import java.util.List;

/// A place where frames arrive and leave: a port, a VLAN or a PPPoE session on one, with its addresses.
/// Immutable; a change of the configuration makes new ones.
///
/// @param index      number, from 0; the same for the life of the process
/// @param name       as configured: `lan`, `lan.10`
/// @param portIndex  the port under it
/// @param outerTag   outermost VLAN tag as TPID × 65,536 + VLAN id, 0 for none
/// @param innerTag   second tag likewise
/// @param mac        48 bits
/// @param mtuBytes   longest IP packet that leaves unfragmented
/// @param addresses  with their prefix lengths; the first of a family is its primary one. The IPv6 link-local address
///                   is among them
/// @param settings   what `net.ipv4.conf` and `net.ipv6.conf` say for it
/// @param session    of PPPoE, 0 where there is none
/// @param peerMac    of the session's other end, else 0
public record Interface(int index, String name, int portIndex, int outerTag, int innerTag, long mac, int mtuBytes,
                        List<IpPrefix> addresses, InterfaceSettings settings, int session, long peerMac) {

    public static final int MTU_BYTES_MIN_IPV4 = 68;     // RFC 791
    public static final int MTU_BYTES_MIN_IPV6 = 1280;   // RFC 8200

    /// One without PPPoE.
    public Interface(int index, String name, int portIndex, int outerTag, int innerTag, long mac, int mtuBytes,
                     List<IpPrefix> addresses, InterfaceSettings settings) {
        this(index, name, portIndex, outerTag, innerTag, mac, mtuBytes, addresses, settings, 0, 0);
    }

    public Interface {
        Check.that(index >= 0, "index must not be negative", index);
        Check.that(mtuBytes >= MTU_BYTES_MIN_IPV4, "mtuBytes must be 68 or more", mtuBytes);
        Check.that(innerTag == 0 || outerTag != 0, "an inner tag needs an outer one");
        Check.that(session == 0 || peerMac != 0, "a session needs a peer", session);
        addresses = List.copyOf(addresses);
    }

    /// True for a PPPoE session: a link with one other end, which has no neighbours to be asked for.
    public boolean isPointToPoint() {
        return session != 0;
    }

    /// VLAN tags a frame of this interface carries: 0, 1 or 2.
    public int tagCount() {
        if (innerTag != 0) return 2;
        return outerTag != 0 ? 1 : 0;
    }

    /// Bytes of the Ethernet header and its tags.
    public int linkHeaderBytes() {
        return 14 + 4 * tagCount();
    }

    public boolean owns(IpAddress address) {
        for (IpPrefix own : addresses) {
            if (own.address().equals(address)) return true;
        }
        return false;
    }
}
