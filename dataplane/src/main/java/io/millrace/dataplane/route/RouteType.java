package io.millrace.dataplane.route;

/// What a route does with a packet, by Linux's names. `ANYCAST` is the subnet-router address of IPv6 (RFC 4291 §2.6.1):
/// delivered here, never used as a source.
public enum RouteType {

    UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, UNREACHABLE, BLACKHOLE, PROHIBIT;

    private static final RouteType[] ALL = values();

    static RouteType of(int ordinal) {
        return ALL[ordinal];
    }

    /// True if packets of this route are handed to this host alone.
    public boolean isHere() {
        return this == LOCAL || this == ANYCAST;
    }

    /// True for the types that refuse a packet, each in its own way.
    public boolean isRefusal() {
        return this == UNREACHABLE || this == BLACKHOLE || this == PROHIBIT;
    }

    /// As `ip route` writes it.
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
