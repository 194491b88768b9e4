package io.millrace.dataplane.config;

/// What a route does with the packets that it matches.
public enum RouteType {
    UNICAST,
    /// Dropped, and the sender told: host unreachable.
    UNREACHABLE,
    /// Dropped in silence.
    BLACKHOLE,
    /// Dropped, and the sender told: administratively prohibited.
    PROHIBIT
}
