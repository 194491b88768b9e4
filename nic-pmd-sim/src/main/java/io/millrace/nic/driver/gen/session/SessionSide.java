package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Check;

/// The clients, or the servers, of a profile's sessions: hosts of consecutive IPv4 addresses behind one MAC address.
///
/// @param port         name of the port that their packets are received from; empty where the profile leaves it open
/// @param mac          their own
/// @param gateway      where their frames are addressed to
/// @param firstAddress of the clients; of the servers, the first that clients connect to
/// @param firstPort    the clients' first; of the servers, the one that clients connect to
/// @param lastPort     the clients' last; of the servers, the one they listen on, which differs where it is translated
public record SessionSide(String port, long mac, long gateway, int firstAddress, int addressCount, int firstPort,
                          int lastPort) {

    private static final int PORT_MAX = 65_535;

    public SessionSide {
        Check.that(addressCount >= 1, "addresses must be 1 or more", addressCount);
        Check.that(firstPort >= 1 && firstPort <= PORT_MAX, "ports are 1 to 65535", firstPort);
        Check.that(lastPort >= 1 && lastPort <= PORT_MAX, "ports are 1 to 65535", lastPort);
    }

    SessionSide atPort(String other) {
        return port.isEmpty() ? movedTo(other) : this;
    }

    SessionSide movedTo(String other) {
        return new SessionSide(other, mac, gateway, firstAddress, addressCount, firstPort, lastPort);
    }
}
