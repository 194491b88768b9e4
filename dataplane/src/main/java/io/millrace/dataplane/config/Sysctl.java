package io.millrace.dataplane.config;

/// The settings of the whole router, by Linux's names, units and defaults (6.18). The one default that differs is
/// forwarding, which `forwarding: router` turns on. Settings of one interface are [InterfaceSysctl]s.
public enum Sysctl {

    IP_FORWARD("net.ipv4.ip_forward", 0, 1, 1),
    IP_DEFAULT_TTL("net.ipv4.ip_default_ttl", 1, 255, 64),
    HOP_LIMIT("net.ipv6.conf.all.hop_limit", 1, 255, 64),

    /// Milliseconds between two errors to one target; 0 is no limit.
    ICMP_RATELIMIT("net.ipv4.icmp_ratelimit", 0, Integer.MAX_VALUE, 1000),
    /// Bit n set: type n is limited.
    ICMP_RATEMASK("net.ipv4.icmp_ratemask", 0, 0xffff_ffffL, 0x1818),
    ICMP_MSGS_PER_SEC("net.ipv4.icmp_msgs_per_sec", 0, Integer.MAX_VALUE, 1000),
    ICMP_MSGS_BURST("net.ipv4.icmp_msgs_burst", 0, Integer.MAX_VALUE, 50),
    ICMP_ECHO_IGNORE_ALL("net.ipv4.icmp_echo_ignore_all", 0, 1, 0),
    ICMP_ECHO_IGNORE_BROADCASTS("net.ipv4.icmp_echo_ignore_broadcasts", 0, 1, 1),

    ICMPV6_RATELIMIT("net.ipv6.icmp.ratelimit", 0, Integer.MAX_VALUE, 100),
    ICMPV6_ECHO_IGNORE_ALL("net.ipv6.icmp.echo_ignore_all", 0, 1, 0),
    ICMPV6_ECHO_IGNORE_MULTICAST("net.ipv6.icmp.echo_ignore_multicast", 0, 1, 0),

    IPV4_BASE_REACHABLE_TIME_MS("net.ipv4.neigh.default.base_reachable_time_ms", 1, Integer.MAX_VALUE, 30_000),
    /// Seconds.
    IPV4_DELAY_FIRST_PROBE_TIME("net.ipv4.neigh.default.delay_first_probe_time", 0, 86_400, 5),
    IPV4_RETRANS_TIME_MS("net.ipv4.neigh.default.retrans_time_ms", 1, Integer.MAX_VALUE, 1000),
    IPV4_MCAST_SOLICIT("net.ipv4.neigh.default.mcast_solicit", 0, 1000, 3),
    IPV4_UCAST_SOLICIT("net.ipv4.neigh.default.ucast_solicit", 0, 1000, 3),
    /// Packets that wait for one neighbour.
    IPV4_UNRES_QLEN("net.ipv4.neigh.default.unres_qlen", 0, 100_000, 101),
    /// Seconds.
    IPV4_GC_STALE_TIME("net.ipv4.neigh.default.gc_stale_time", 0, 86_400, 60),

    IPV6_BASE_REACHABLE_TIME_MS("net.ipv6.neigh.default.base_reachable_time_ms", 1, Integer.MAX_VALUE, 30_000),
    IPV6_DELAY_FIRST_PROBE_TIME("net.ipv6.neigh.default.delay_first_probe_time", 0, 86_400, 5),
    IPV6_RETRANS_TIME_MS("net.ipv6.neigh.default.retrans_time_ms", 1, Integer.MAX_VALUE, 1000),
    IPV6_MCAST_SOLICIT("net.ipv6.neigh.default.mcast_solicit", 0, 1000, 3),
    IPV6_UCAST_SOLICIT("net.ipv6.neigh.default.ucast_solicit", 0, 1000, 3),
    IPV6_UNRES_QLEN("net.ipv6.neigh.default.unres_qlen", 0, 100_000, 101),
    IPV6_GC_STALE_TIME("net.ipv6.neigh.default.gc_stale_time", 0, 86_400, 60),

    /// Seconds for which the fragments of a datagram wait for each other.
    IPFRAG_TIME("net.ipv4.ipfrag_time", 0, 86_400, 30),
    /// Bytes of fragments that wait.
    IPFRAG_HIGH_THRESH("net.ipv4.ipfrag_high_thresh", 0, Integer.MAX_VALUE, 4 << 20),
    IPFRAG_MAX_DIST("net.ipv4.ipfrag_max_dist", 0, Integer.MAX_VALUE, 64),
    /// Seconds.
    FRAG6_TIMEOUT("net.netfilter.nf_conntrack_frag6_timeout", 0, 86_400, 60),
    FRAG6_HIGH_THRESH("net.netfilter.nf_conntrack_frag6_high_thresh", 0, Integer.MAX_VALUE, 4 << 20),

    /// Millrace's own: also refuse the martians of RFC 1812 §5.3.7 that Linux forwards (0/8, 240/4, …).
    DROP_MARTIANS("net.millrace.drop_martians", 0, 1, 0);

    /// The one setting that is a list: ICMPv6 types that are limited, such as `0-1,3-127`. See [TypeMask].
    public static final String ICMPV6_RATEMASK = "net.ipv6.icmp.ratemask";

    private final String fullName;
    private final long min;
    private final long max;
    private final long usual;

    Sysctl(String fullName, long min, long max, long usual) {
        this.fullName = fullName;
        this.min = min;
        this.max = max;
        this.usual = usual;
    }

    public String fullName() { return fullName; }
    public long min()        { return min; }
    public long max()        { return max; }
    /// The value where none is given.
    public long usual()      { return usual; }
}
