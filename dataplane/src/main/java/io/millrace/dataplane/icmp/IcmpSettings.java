package io.millrace.dataplane.icmp;

import io.millrace.dataplane.config.Sysctl;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.TypeMask;

/// Linux's settings of ICMP and ICMPv6, by the names of their sysctls. [SysctlConfig] has checked their ranges.
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
                           int ratelimitV6Ms, TypeMask ratemaskV6,
                           boolean ignoresEchoV6, boolean ignoresMulticastEchoV6, int hopLimit) {

    /// What Linux 6.18 starts with.
    public static final IcmpSettings LINUX = of(SysctlConfig.LINUX);

    public static IcmpSettings of(SysctlConfig sysctls) {
        return new IcmpSettings((int) sysctls.value(Sysctl.ICMP_RATELIMIT), (int) sysctls.value(Sysctl.ICMP_RATEMASK),
            (int) sysctls.value(Sysctl.ICMP_MSGS_PER_SEC), (int) sysctls.value(Sysctl.ICMP_MSGS_BURST),
            sysctls.value(Sysctl.ICMP_ECHO_IGNORE_ALL) != 0, sysctls.value(Sysctl.ICMP_ECHO_IGNORE_BROADCASTS) != 0,
            (int) sysctls.value(Sysctl.IP_DEFAULT_TTL),
            (int) sysctls.value(Sysctl.ICMPV6_RATELIMIT), sysctls.icmpv6RateMask(),
            sysctls.value(Sysctl.ICMPV6_ECHO_IGNORE_ALL) != 0, sysctls.value(Sysctl.ICMPV6_ECHO_IGNORE_MULTICAST) != 0,
            (int) sysctls.value(Sysctl.HOP_LIMIT));
    }
}
