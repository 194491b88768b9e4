package io.millrace.checksum;

import io.millrace.packet.header.Ipv4View;

/// Changes a checksum by what changed under it, equation 3 of RFC 1624: `~(~checksum + ~old + new)`. A checksum that
/// was wrong stays wrong by the same amount. Fields must lie on even bytes of the range that the checksum covers.
///
/// The result may be 0x0000, which IPv4, TCP and ICMP store as it is. For UDP use the `udp` forms: they leave 0 ("no
/// checksum") alone and store 0xFFFF where 0 would come out.
///
/// A changed address is a change of 32 or 128 bits under the checksum of TCP, UDP or ICMPv6 (through the pseudo header)
/// and, for IPv4, under the header's own.
public final class IncrementalUpdate {

    private static final int ALL_ONES = 0xffff;

    /// The difference between two values of a 16-bit field, as a sum to be added to what covers the field.
    public static long delta16(int from, int to) {
        return (ALL_ONES ^ from & ALL_ONES) + (to & ALL_ONES);
    }

    public static long delta32(int from, int to) {
        return sum32(~from) + sum32(to);
    }

    /// For an IPv6 address, each given as its two halves.
    public static long delta128(long fromHigh, long fromLow, long toHigh, long toLow) {
        return sum64(~fromHigh) + sum64(~fromLow) + sum64(toHigh) + sum64(toLow);
    }

    /// The checksum after the range under it changed by `delta`: a sum of the deltas above.
    public static int apply(int checksum, long delta) {
        return InternetChecksum.finish((ALL_ONES ^ checksum) + delta);
    }

    /// The UDP checksum after its range changed by `delta`.
    public static int applyUdp(int checksum, long delta) {
        return checksum == 0 ? 0 : InternetChecksum.finishNotZero((ALL_ONES ^ checksum) + delta);
    }

    public static int replace16(int checksum, int from, int to) {
        return apply(checksum, delta16(from, to));
    }

    public static int replace32(int checksum, int from, int to) {
        return apply(checksum, delta32(from, to));
    }

    public static int replace128(int checksum, long fromHigh, long fromLow, long toHigh, long toLow) {
        return apply(checksum, delta128(fromHigh, fromLow, toHigh, toLow));
    }

    public static int replaceUdp16(int checksum, int from, int to) {
        return applyUdp(checksum, delta16(from, to));
    }

    public static int replaceUdp32(int checksum, int from, int to) {
        return applyUdp(checksum, delta32(from, to));
    }

    public static int replaceUdp128(int checksum, long fromHigh, long fromLow, long toHigh, long toLow) {
        return applyUdp(checksum, delta128(fromHigh, fromLow, toHigh, toLow));
    }

    /// Lowers the TTL by one and updates the header checksum. The TTL must not be 0.
    public static void decrementTtl(Ipv4View ip) {
        int ttl = ip.ttl();
        assert ttl > 0;
        ip.ttl(ttl - 1);
        // The TTL is the high byte of its word, which fell by 0x100; so its complement, the checksum, rises by as much.
        int raised = ip.checksum() + 0x100;
        ip.checksum(raised < ALL_ONES ? raised : raised - ALL_ONES);
    }

    static long sum32(int value) {
        return (value >>> 16) + (value & ALL_ONES);
    }

    static long sum64(long value) {
        return (value >>> 32) + (value & 0xffff_ffffL);
    }

    private IncrementalUpdate() {}
}
