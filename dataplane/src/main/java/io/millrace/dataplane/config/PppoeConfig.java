package io.millrace.dataplane.config;

import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

import java.util.List;
import java.util.OptionalInt;

/// A PPPoE session that someone else has set up (RFC 2516), as an interface: point to point, so everything beyond it is
/// sent to the peer.
///
/// @param link     a port or a VLAN
/// @param session  1 to 65,534
/// @param peer     MAC address of the other end
/// @param mtuBytes if absent, that of `link` less 8
public record PppoeConfig(String name, String link, int session, long peer, OptionalInt mtuBytes,
                          List<IpPrefix> addresses) implements LinkConfig {

    public static final int SESSION_MIN = 1;
    public static final int SESSION_MAX = 0xfffe;   // RFC 2516 §4: 0 and 0xffff are no sessions

    /// The PPPoE header and the PPP protocol behind it.
    public static final int HEADER_BYTES = 8;

    public PppoeConfig {
        InterfaceRules.checkName(name);
        Check.that(session >= SESSION_MIN && session <= SESSION_MAX, "session must be 1..65534", session);
        InterfaceRules.checkMac(peer);
        mtuBytes.ifPresent(InterfaceRules::checkMtu);
        addresses = List.copyOf(addresses);
    }

    @Override
    public PppoeConfig withMtu(int changed) {
        return new PppoeConfig(name, link, session, peer, OptionalInt.of(changed), addresses);
    }

    @Override
    public PppoeConfig withAddresses(List<IpPrefix> changed) {
        return new PppoeConfig(name, link, session, peer, mtuBytes, changed);
    }
}
