package io.millrace.flow.track;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The heads of a hash table's chains, off heap, kept as one more than they are, so that memory of zeros is empty; the
/// links lie in the entries. As many as asked for, brought to a power of two.
final class Chains {

    static final int NONE = -1;
    private static final int BUCKETS_MAX = 1 << 28;

    private final MemorySegment heads;
    private final int mask;

    Chains(Arena arena, int bucketCount) {
        Check.that(bucketCount > 0 && bucketCount <= BUCKETS_MAX, "bucketCount must be 1 to 2^28", bucketCount);
        int count = Math.max(1, Integer.highestOneBit(bucketCount * 2 - 1));
        this.mask = count - 1;
        this.heads = Reservation.of(arena, (long) count * Integer.BYTES);
    }

    int bucketCount()           { return mask + 1; }
    int bucket(int hash)        { return hash & mask; }
    int head(int bucket)        { return Wire.hostI32(heads, (long) bucket * Integer.BYTES) - 1; }
    void head(int bucket, int value) { Wire.hostI32(heads, (long) bucket * Integer.BYTES, value + 1); }
}
