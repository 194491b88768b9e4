package io.millrace.flow;

/// What becomes of packets to an address, by the names of `ip route` and of nft's `fib`. `NONE`: there is no route.
public enum RouteKind {

    NONE, UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, UNREACHABLE, BLACKHOLE, PROHIBIT;

    /// True if packets of this route go on to another host.
    public boolean isOnward() {
        return this == UNICAST;
    }
}
