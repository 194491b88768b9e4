package io.millrace.flow.nat;

import io.millrace.flow.tuple.Tuple;

/// Chooses an address of a range for a connection, by a hash of who speaks to whom, as Linux does
/// (`find_best_ips_proto`): without state, so that a client keeps its address. Words are hashed as a little-endian
/// machine holds them.
final class AddressChoice {

    private static final int IPV4_WORDS = 1;
    private static final int IPV6_WORDS = 4;
    private static final long U32 = 0xffff_ffffL;

    private long high;
    private long low;

    /// Puts an address of the range into that side of the tuple. The range is one of addresses.
    void choose(Tuple tuple, NatRange range, NatSide side, int zone) {
        if (range.isOneAddress()) {
            high = range.minHigh();
            low = range.minLow();
        } else {
            spread(tuple, range, zone);
        }
        if (side == NatSide.SOURCE) {
            tuple.source(high, low);
        } else {
            tuple.target(high, low);
        }
    }

    private void spread(Tuple tuple, NatRange range, int zone) {
        int words = tuple.family() == 4 ? IPV4_WORDS : IPV6_WORDS;
        boolean isPersistent = range.has(NatRange.PERSISTENT);
        int initial = isPersistent ? 0 : swap(word(tuple.targetHigh(), tuple.targetLow(), words, words - 1)) ^ zone;
        int hash = JenkinsHash.ofFour(hashed(tuple, words, 0), hashed(tuple, words, 1), hashed(tuple, words, 2),
            hashed(tuple, words, 3), initial);
        long targetHigh = tuple.targetHigh();
        long targetLow = tuple.targetLow();
        boolean isWhole = false;
        high = 0;
        low = 0;
        for (int i = 0; i < words; i++) {
            int min = isWhole ? 0 : word(range.minHigh(), range.minLow(), words, i);
            int max = word(range.maxHigh(), range.maxLow(), words, i);
            int distance = isWhole ? -1 : max - min + 1;
            int chosen = min + (int) ((hash & U32) * (distance & U32) >>> 32);
            append(chosen);
            // Once below the maximum, every value of the words behind is in the range.
            if (chosen != max) isWhole = true;
            if (!isPersistent) hash ^= swap(word(targetHigh, targetLow, words, i));
        }
    }

    private void append(int word) {
        high = high << 32 | low >>> 32;
        low = low << 32 | word & U32;
    }

    private static int hashed(Tuple tuple, int words, int number) {
        return number < words ? swap(word(tuple.sourceHigh(), tuple.sourceLow(), words, number)) : 0;
    }

    /// The word of an address of that many words, most significant first.
    private static int word(long high, long low, int words, int number) {
        int fromEnd = words - 1 - number;
        long half = fromEnd >= 2 ? high : low;
        return (int) ((fromEnd & 1) == 0 ? half : half >>> 32);
    }

    private static int swap(int word) {
        return Integer.reverseBytes(word);
    }
}
