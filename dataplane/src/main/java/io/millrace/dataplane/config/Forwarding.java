package io.millrace.dataplane.config;

/// What becomes of a packet.
public enum Forwarding {
    /// It is routed by its IP addresses.
    ROUTER,
    /// It leaves unchanged by the other port of the pair: first and second port, third and fourth, …
    PATCH
}
