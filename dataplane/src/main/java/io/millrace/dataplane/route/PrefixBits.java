package io.millrace.dataplane.route;

/// Bits of addresses that are held as two `long`s, the first bit in front. An IPv4 address is the first 32 of them.
final class PrefixBits {

    static long maskHigh(int length) {
        return length == 0 ? 0 : length >= 64 ? -1L : -1L << 64 - length;
    }

    static long maskLow(int length) {
        return length <= 64 ? 0 : -1L << 128 - length;
    }

    /// The eight bits behind the first `depth`, a multiple of 8.
    static int octet(long high, long low, int depth) {
        long half = depth < 64 ? high : low;
        return (int) (half >>> 56 - depth) & 0xff;   // the shift counts modulo 64
    }

    /// How many leading bits two addresses share.
    static int sharedCount(long high, long low, long otherHigh, long otherLow) {
        if (high != otherHigh) return Long.numberOfLeadingZeros(high ^ otherHigh);
        return 64 + Long.numberOfLeadingZeros(low ^ otherLow);
    }

    private PrefixBits() {}
}
