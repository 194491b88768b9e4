package io.millrace.dataplane.neighbour;

/// Told about each packet whose neighbour did not answer, before it is dropped as `NEIGHBOUR_UNRESOLVED`.
@FunctionalInterface
public interface Unresolved {

    /// Sends the ICMP error (host unreachable, address unreachable) that the packet deserves. The packet stays the
    /// table's; it is as it was handed in, its TTL already counted down if it was forwarded.
    void unresolved(int packet, long nowNs);
}
