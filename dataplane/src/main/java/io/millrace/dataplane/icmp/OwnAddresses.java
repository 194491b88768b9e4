package io.millrace.dataplane.icmp;

/// What ICMP asks about this host's addresses and routes. Answered from the routing table; asked for packets that are
/// about to be answered, never for those that only pass.
public interface OwnAddresses {

    /// True if the address is one of this host's.
    boolean owns4(int address);

    /// True if the address is one of this host's; a link-local one counts on its own interface only.
    boolean owns6(long high, long low, int interfaceIndex);

    /// The address from which this host speaks to `target`; 0 if there is no unicast route to it.
    int source4(int target);

    /// Puts the address from which this host speaks to the target into `source` (high, low). False if there is no unicast
    /// route to it. `interfaceIndex` decides for a link-local target.
    boolean source6(long targetHigh, long targetLow, int interfaceIndex, long[] source);

    /// Length of the prefix of the route to the target, 0 to 128.
    int prefixBits6(long targetHigh, long targetLow, int interfaceIndex);
}
