package io.millrace.dataplane.config;

import io.millrace.packet.memory.Check;

/// What is merged and cut at a port, by the names that `ethtool -k` and `/sys/class/net` give it.
///
/// @param merges           `gro`: packets that came together are merged to super-packets before they are routed
/// @param cutsLate         `gso`: super-packets go to the port as they are where it can cut them; else they are cut here
/// @param mergesUdp        `rx-udp-gro-forwarding`: UDP datagrams are merged too
/// @param flushTimeoutNs   `gro-flush-timeout`: how long packets are held past the poll that brought them
public record OffloadConfig(boolean merges, boolean cutsLate, boolean mergesUdp, long flushTimeoutNs) {

    public static final OffloadConfig USUAL = new OffloadConfig(false, true, false, 0);

    /// A held packet must not wait longer than people would look for it.
    public static final long FLUSH_TIMEOUT_NS_MAX = 1_000_000_000L;

    public OffloadConfig {
        Check.that(flushTimeoutNs >= 0 && flushTimeoutNs <= FLUSH_TIMEOUT_NS_MAX,
            "gro-flush-timeout must be 0 to 1 s", flushTimeoutNs);
    }
}
