package io.millrace.dataplane.neighbour;

/// How much a message about a neighbour may change (Linux: `NEIGH_UPDATE_F_…`), and that it names no MAC address.
final class NeighbourUpdate {

    /// No MAC address came with the message.
    static final long NO_MAC = -1;

    /// Another MAC address replaces the known one.
    static final int OVERRIDE = 1;
    /// Another MAC address does not replace the known one, but puts it in doubt.
    static final int WEAK_OVERRIDE = 2;
    /// The message says whether the neighbour is a router.
    static final int TELLS_ROUTER = 4;
    static final int ROUTER = 8;
    /// An operator's will: permanent entries change too.
    static final int ADMIN = 16;

    private NeighbourUpdate() {}
}
