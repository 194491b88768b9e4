package io.millrace.packet.address;

import io.millrace.packet.memory.Check;

/// An IPv4 or IPv6 address. An IPv4 address lies in the low 32 bits of `low`, the rest is 0.
///
/// Ordered by family, then as unsigned numbers.
///
/// @param family 4 or 6
/// @param high   the first eight bytes of an IPv6 address; 0 for IPv4
/// @param low    the last eight bytes of an IPv6 address, or the IPv4 address
public record IpAddress(int family, long high, long low) implements Comparable<IpAddress> {

    public IpAddress {
        Check.that(family == 4 || family == 6, "family must be 4 or 6", family);
        Check.that(family == 6 || high == 0 && low >>> 32 == 0, "an IPv4 address has 32 bits");
    }

    public static IpAddress ofIpv4(int address) {
        return new IpAddress(4, 0, Integer.toUnsignedLong(address));
    }

    public static IpAddress ofIpv6(long high, long low) {
        return new IpAddress(6, high, low);
    }

    /// Reads an IPv4 or IPv6 address, see [Addresses]. Text with a `:` is meant as IPv6.
    public static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? Addresses.parseIpv6(text) : ofIpv4(Addresses.parseIpv4(text));
    }

    public boolean isIpv4() { return family == 4; }
    public boolean isIpv6() { return family == 6; }

    /// 32 or 128.
    public int bits()       { return isIpv4() ? 32 : 128; }

    /// The IPv4 address as the header holds it.
    public int ipv4() {
        Check.that(isIpv4(), "only an IPv4 address has this form");
        return (int) low;
    }

    /// `0.0.0.0` or `::`.
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    /// `127.0.0.0/8` or `::1`.
    public boolean isLoopback() {
        return isIpv4() ? low >>> 24 == 127 : high == 0 && low == 1;
    }

    /// `224.0.0.0/4` or `ff00::/8`.
    public boolean isMulticast() {
        return isIpv4() ? low >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /// `169.254.0.0/16` or `fe80::/10`.
    public boolean isLinkLocal() {
        return isIpv4() ? low >>> 16 == 0xa9fe : high >>> 54 == 0x3fa;
    }

    @Override
    public int compareTo(IpAddress other) {
        if (family != other.family) return Integer.compare(family, other.family);
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return isIpv4() ? Addresses.ipv4((int) low) : Addresses.ipv6(high, low);
    }
}
