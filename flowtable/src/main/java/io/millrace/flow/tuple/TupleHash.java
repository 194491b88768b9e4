package io.millrace.flow.tuple;

/// Mixes numbers into a hash by the high and low half of a 128-bit product, which every bit of the factors reaches.
final class TupleHash {

    /// The golden ratio in 64 bits, an odd number without a pattern.
    static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private static final long OTHER_ODD = 0xd6e8_feb8_6659_fd93L;

    static long mix(long state, long first, long second) {
        return fold(fold(state ^ first, ODD) ^ second, OTHER_ODD);
    }

    private static long fold(long value, long factor) {
        // A factor of 0 would forget everything that came before.
        long whole = value == 0 ? ODD : value;
        return Math.multiplyHigh(whole, factor) ^ whole * factor ^ Long.rotateLeft(whole, 29);
    }

    private TupleHash() {}
}
