package io.millrace.dataplane.neighbour;

/// The MAC addresses that multicast goes to (RFC 1112 §6.4, RFC 2464 §7).
public final class MulticastMac {

    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final long IPV4 = 0x0100_5e00_0000L;
    private static final long IPV4_BITS = 0x7f_ffff;
    private static final long IPV6 = 0x3333_0000_0000L;
    private static final long IPV6_BITS = 0xffff_ffffL;

    /// @param low the address, or the last 64 bits of an IPv6 one
    static long of(int family, long low) {
        return family == 4 ? IPV4 | low & IPV4_BITS : ofIpv6(low);
    }

    public static long ofIpv6(long low) {
        return IPV6 | low & IPV6_BITS;
    }

    private MulticastMac() {}
}
