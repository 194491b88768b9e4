package io.millrace.nic.driver.gen.random;

/// The SplitMix64 generator (Steele, Lea and Flood, 2014): one addition and three multiplications a number, the same
/// numbers for the same seed on every machine. Not for secrets.
public final class SeededRandom {

    private static final long GAMMA = 0x9e37_79b9_7f4a_7c15L;

    private long state;

    public SeededRandom(long seed) {
        this.state = seed;
    }

    public long next() {
        state += GAMMA;
        return mix(state);
    }

    /// From 0 to `bound` − 1; the bias of the upper half of a product is at most `bound` / 2^63.
    public long below(long bound) {
        return Math.multiplyHigh(next() >>> 1, bound << 1);
    }

    /// True with a probability of `share` / 2^32.
    public boolean isHit(long share) {
        return next() >>> 32 < share;
    }

    /// A probability from 0 to 1 as [#isHit] takes it.
    public static long share(double probability) {
        return Math.round(probability * 0x1p32);
    }

    /// The number that belongs to `index` in the sequence of a seed, without going through those before it.
    public static long at(long seed, long index) {
        return mix(seed + (index + 1) * GAMMA);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
