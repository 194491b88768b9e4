package io.millrace.dataplane.neighbour;

/// Asks the link for a neighbour's MAC address: [Arp] and [NeighbourDiscovery].
@FunctionalInterface
interface Solicitor {

    /// Sends one question.
    ///
    /// @param entry          the neighbour asked for
    /// @param isUnicast      to its last known MAC address, else to all that may be it
    /// @param waitingPacket  the last packet that waits for it, or `NONE`; its source address is preferred as sender
    /// @param causeNs        the time the question is written with
    void solicit(int entry, boolean isUnicast, int waitingPacket, long causeNs, long nowNs);
}
