package io.millrace.dataplane.reassembly;

import io.millrace.packet.memory.Check;

/// What Linux's sysctls say about fragments of one family: `net.ipv4.ipfrag_*`, `net.netfilter.nf_conntrack_frag6_*`.
/// (`low_thresh` has had no effect since Linux 4.17.)
///
/// @param timeoutNs       how long after its first fragment a datagram must be complete
/// @param highThreshBytes fragments are refused while those that wait use more than this; 0 refuses all. A fragment
///                        counts as [io.millrace.packet.memory.PacketMemory#CHUNK_BYTES] for each of its slots
/// @param distanceMax     fragments of other datagrams of its source that may come between two fragments of one; 0 is
///                        any number
public record ReassemblySettings(long timeoutNs, long highThreshBytes, int distanceMax) {

    public static final ReassemblySettings LINUX_IPV4 = new ReassemblySettings(30_000_000_000L, 4 << 20, 64);
    public static final ReassemblySettings LINUX_IPV6 = new ReassemblySettings(60_000_000_000L, 4 << 20, 0);

    public ReassemblySettings {
        Check.that(timeoutNs >= 0, "timeoutNs must not be negative", timeoutNs);
        Check.that(highThreshBytes >= 0, "highThreshBytes must not be negative", highThreshBytes);
        Check.that(distanceMax >= 0, "distanceMax must not be negative", distanceMax);
    }
}
