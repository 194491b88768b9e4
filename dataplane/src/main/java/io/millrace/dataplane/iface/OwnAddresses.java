package io.millrace.dataplane.iface;

/// What this host knows about its own addresses and the way to others. Answered from the routing table; asked about
/// packets that this host answers or completes, never about those that only pass.
///
/// IPv4 addresses are as a header holds them; IPv6 addresses are two halves.
public interface OwnAddresses {

    /// True if the address is one of this host's.
    boolean owns4(int address);

    /// True if the address is one of this host's. A link-local one counts on its own interface only.
    boolean owns6(long high, long low, int interfaceIndex);

    /// The address from which this host speaks to `target`; 0 if there is no unicast route to it: none at all, one of
    /// another type, or one of this host's own addresses.
    int source4(int target);

    /// The MTU of the route to `target`.
    int mtuBytes4(int target);

    /// Puts the address from which this host speaks to the target into `source` (high, low), one of that interface if
    /// any fits (RFC 6724). False if there is no unicast route to the target; the interface decides for a link-local
    /// one.
    boolean source6(long targetHigh, long targetLow, int interfaceIndex, long[] source);
}
