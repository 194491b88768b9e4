package io.millrace.flow.tuple;

/// Mixes numbers into a hash by the finalising steps of SplitMix64 (Steele, Lea, Flood 2014; constants of Stafford's
/// variant 13): every bit of what goes in reaches every bit of what comes out.
final class TupleHash {

    /// The golden ratio in 64 bits, an odd number without a pattern.
    static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private static final long FIRST = 0xbf58_476d_1ce4_e5b9L;
    private static final long SECOND = 0x94d0_49bb_1331_11ebL;

    static long mix(long state, long first, long second) {
        return stir(stir(state ^ first) + ODD ^ second);
    }

    static long mix(long state, long first, long second, long third) {
        return stir(mix(state, first, second) + ODD ^ third);
    }

    static long mix(long state, long value) {
        return stir(state ^ value);
    }

    private static long stir(long value) {
        long once = (value ^ value >>> 30) * FIRST;
        long twice = (once ^ once >>> 27) * SECOND;
        return twice ^ twice >>> 31;
    }

    private TupleHash() {}
}
