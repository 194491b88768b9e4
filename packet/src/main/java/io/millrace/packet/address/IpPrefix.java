package io.millrace.packet.address;

import io.millrace.packet.memory.Check;

/// An address and how many of its leading bits count: a network (`192.0.2.0/24`), or an interface's address in its
/// network (`192.0.2.1/24`), which has bits set behind the length and so is not canonical.
public record IpPrefix(IpAddress address, int length) {

    public IpPrefix {
        Check.that(length >= 0 && length <= address.bits(),
            "prefix length must be 0.." + address.bits() + " for IPv" + address.family(), length);
    }

    /// Reads `ADDRESS/LENGTH`; an address alone has all its bits. Bits behind the length may be set.
    public static IpPrefix parse(String text) {
        int slashAt = text.indexOf('/');
        if (slashAt < 0) {
            IpAddress address = IpAddress.parse(text);
            return new IpPrefix(address, address.bits());
        }
        IpAddress address = IpAddress.parse(text.substring(0, slashAt));
        int length = length(text, slashAt + 1);
        if (length < 0 || length > address.bits()) {
            throw Addresses.refused("a prefix", text, slashAt + 1, "\"" + text.substring(slashAt + 1) + "\"",
                "a length 0.." + address.bits() + " without leading zeros, for IPv" + address.family());
        }
        return new IpPrefix(address, length);
    }

    /// Reads a network: as [#parse], but no bit behind the length may be set.
    public static IpPrefix parseNetwork(String text) {
        IpPrefix prefix = parse(text);
        if (!prefix.isCanonical()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a network: bits are set behind the length of "
                + prefix.length + "; the network is " + prefix.network());
        }
        return prefix;
    }

    /// -1 where the text is not a number in its plain form.
    private static int length(String text, int from) {
        int characterCount = text.length() - from;
        if (characterCount < 1 || characterCount > 3) return -1;
        if (characterCount > 1 && text.charAt(from) == '0') return -1;
        int value = 0;
        for (int at = from; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character < '0' || character > '9') return -1;
            value = value * 10 + character - '0';
        }
        return value;
    }

    /// True if no bit behind the length is set.
    public boolean isCanonical() {
        return address.equals(masked(address));
    }

    /// This prefix with the bits behind the length cleared.
    public IpPrefix network() {
        return new IpPrefix(masked(address), length);
    }

    public boolean contains(IpAddress other) {
        return other.family() == address.family() && masked(other).equals(masked(address));
    }

    /// Mask of the first 64 bits of an IPv6 address; 0 for IPv4.
    public long maskHigh() {
        return address.isIpv4() ? 0 : leadingOnes(Math.min(length, 64));
    }

    /// Mask of the last 64 bits of an IPv6 address, or of an IPv4 address.
    public long maskLow() {
        return address.isIpv4() ? leadingOnes(length) >>> 32 : leadingOnes(Math.max(length - 64, 0));
    }

    private IpAddress masked(IpAddress any) {
        return new IpAddress(any.family(), any.high() & maskHigh(), any.low() & maskLow());
    }

    private static long leadingOnes(int count) {
        return count == 0 ? 0 : -1L << 64 - count;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
