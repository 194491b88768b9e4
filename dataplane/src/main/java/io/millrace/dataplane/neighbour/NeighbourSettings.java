package io.millrace.dataplane.neighbour;

import io.millrace.packet.memory.Check;

/// `net.ipv4.neigh.default` or `net.ipv6.neigh.default`, by Linux's names and with its meanings.
///
/// @param baseReachableNs     `base_reachable_time_ms`: half to one and a half of it is how long an answer is trusted
/// @param delayFirstProbeNs   `delay_first_probe_time`: how long a stale neighbour in use may still confirm itself
/// @param retransmitNs        `retrans_time_ms`: between two questions
/// @param gcStaleNs           `gc_stale_time`: how long an unused one is kept at least
/// @param lockNs              `locktime`: for how long the first of two answers wins (ARP)
/// @param multicastProbeCount `mcast_solicit`
/// @param unicastProbeCount   `ucast_solicit`
/// @param queueBytesMax       `unres_qlen_bytes`: slots that packets waiting for one neighbour may take, in bytes
/// @param gcThreshold1        `gc_thresh1`: below so many entries nothing is thrown out
/// @param gcThreshold2        `gc_thresh2`: above it, every five seconds room is made
/// @param gcThreshold3        `gc_thresh3`: never more than so many, permanent ones not counted
public record NeighbourSettings(long baseReachableNs, long delayFirstProbeNs, long retransmitNs, long gcStaleNs,
                                long lockNs, int multicastProbeCount, int unicastProbeCount, int queueBytesMax,
                                int gcThreshold1, int gcThreshold2, int gcThreshold3) {

    private static final long SECOND_NS = 1_000_000_000L;

    public static final NeighbourSettings IPV4 = new NeighbourSettings(30 * SECOND_NS, 5 * SECOND_NS, SECOND_NS,
        60 * SECOND_NS, SECOND_NS, 3, 3, 212_992, 128, 512, 1024);

    public static final NeighbourSettings IPV6 = new NeighbourSettings(30 * SECOND_NS, 5 * SECOND_NS, SECOND_NS,
        60 * SECOND_NS, 0, 3, 3, 212_992, 128, 512, 1024);

    public NeighbourSettings {
        Check.that(baseReachableNs > 1, "base_reachable_time_ms must be positive", baseReachableNs);
        Check.that(delayFirstProbeNs >= 0, "delay_first_probe_time must not be negative", delayFirstProbeNs);
        Check.that(retransmitNs > 0, "retrans_time_ms must be positive", retransmitNs);
        Check.that(gcStaleNs >= 0, "gc_stale_time must not be negative", gcStaleNs);
        Check.that(lockNs >= 0, "locktime must not be negative", lockNs);
        Check.that(multicastProbeCount >= 0, "mcast_solicit must not be negative", multicastProbeCount);
        Check.that(unicastProbeCount >= 0, "ucast_solicit must not be negative", unicastProbeCount);
        Check.that(queueBytesMax >= 0, "unres_qlen_bytes must not be negative", queueBytesMax);
        Check.that(gcThreshold3 >= 1, "gc_thresh3 must be positive", gcThreshold3);
    }
}
