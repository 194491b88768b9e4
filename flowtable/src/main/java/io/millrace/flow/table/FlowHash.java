package io.millrace.flow.table;

/// The hash of a flow's key, keyed by seeds so that nobody can choose packets that collide. One or three
/// multiplications of 64 by 64 bits whose halves are folded.
///
/// The low bits choose a bucket, the top byte is the tag in it.
public final class FlowHash {

    private final long first;
    private final long second;
    private final long third;

    public FlowHash(long seed) {
        this.first = mix(seed);
        this.second = mix(seed + 0x9E37_79B9_7F4A_7C15L) | 1;
        this.third = mix(seed - 0x9E37_79B9_7F4A_7C15L);
    }

    long first()  { return first; }
    long second() { return second; }
    long third()  { return third; }

    public long of4(long addresses, long selector) {
        return of4(first, second, addresses, selector);
    }

    public long of6(long sourceHigh, long sourceLow, long targetHigh, long targetLow, long selector) {
        return of6(first, second, third, sourceHigh, sourceLow, targetHigh, targetLow, selector);
    }

    /// With the seeds in the caller's locals.
    public static long of4(long first, long second, long addresses, long selector) {
        return fold(addresses ^ first, selector ^ second);
    }

    public static long of6(long first, long second, long third, long sourceHigh, long sourceLow, long targetHigh,
                           long targetLow, long selector) {
        long source = fold(sourceHigh ^ second, sourceLow ^ third);
        long target = fold(targetHigh ^ third, targetLow ^ first);
        return fold(source ^ Long.rotateLeft(target, 32) ^ first, selector ^ target ^ second);
    }

    private static long fold(long left, long right) {
        return left * right ^ Math.unsignedMultiplyHigh(left, right);
    }

    /// Every bit of the seed reaches every bit of the result (the finisher of MurmurHash3).
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return mixed ^ mixed >>> 33;
    }
}
