package io.millrace.dataplane.icmp;

import io.millrace.packet.memory.Check;

/// Linux's settings of ICMP and ICMPv6, by the names of their sysctls.
///
/// @param ratelimitMs             `net.ipv4.icmp_ratelimit`: milliseconds between two errors to one target
/// @param ratemask                `net.ipv4.icmp_ratemask`: bit n set, type n is limited
/// @param messagesPerSecond       `net.ipv4.icmp_msgs_per_sec`: limited messages of both families, in all
/// @param messagesBurst           `net.ipv4.icmp_msgs_burst`
/// @param ignoresEcho             `net.ipv4.icmp_echo_ignore_all`
/// @param ignoresBroadcastEcho    `net.ipv4.icmp_echo_ignore_broadcasts`
/// @param defaultTtl              `net.ipv4.ip_default_ttl`
/// @param ratelimitV6Ms           `net.ipv6.icmp.ratelimit`
/// @param ratemaskV6              `net.ipv6.icmp.ratemask`
/// @param ignoresEchoV6           `net.ipv6.icmp.echo_ignore_all`
/// @param ignoresMulticastEchoV6  `net.ipv6.icmp.echo_ignore_multicast`
/// @param hopLimit                `net.ipv6.conf.all.hop_limit`
public record IcmpSettings(int ratelimitMs, int ratemask, int messagesPerSecond, int messagesBurst,
                           boolean ignoresEcho, boolean ignoresBroadcastEcho, int defaultTtl,
                           int ratelimitV6Ms, TypeSet ratemaskV6,
                           boolean ignoresEchoV6, boolean ignoresMulticastEchoV6, int hopLimit) {

    /// What Linux 6.18 starts with.
    public static final IcmpSettings LINUX = new IcmpSettings(1000, 0x1818, 1000, 50, false, true, 64,
        100, TypeSet.ICMPV6_ERRORS, false, false, 64);

    public IcmpSettings {
        Check.that(ratelimitMs >= 0, "icmp_ratelimit must not be negative", ratelimitMs);
        Check.that(messagesPerSecond >= 0, "icmp_msgs_per_sec must not be negative", messagesPerSecond);
        Check.that(messagesBurst >= 0, "icmp_msgs_burst must not be negative", messagesBurst);
        Check.that(defaultTtl >= 1 && defaultTtl <= 255, "ip_default_ttl must be 1 to 255", defaultTtl);
        Check.that(ratelimitV6Ms >= 0, "icmp.ratelimit must not be negative", ratelimitV6Ms);
        Check.that(hopLimit >= 1 && hopLimit <= 255, "hop_limit must be 1 to 255", hopLimit);
    }
}
