package io.millrace.flow.table;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Finds directions by the hash of their key. Buckets of one cache line, eight entries each; a bucket that overflows
/// goes on in another.
///
/// ```
///   0  8 × u8 tag: the top byte of the hash, 0 is made 1; 0 is no entry
///   8  8 × i32 direction: slot × 2, + 1 for the reply
///  40  i32 the bucket that it goes on in + 1; 0 is none
/// ```
///
/// Grows by linear hashing: whenever entries reach three a bucket, the next bucket in turn is split in two. So growth
/// is a few lines of work at a time, and an entry's slot never changes. It does not shrink.
final class FlowIndex {

    static final int BUCKET_BYTES = 64;
    static final int ENTRIES_PER_BUCKET = 8;
    static final int NONE = -1;

    private static final int DIRECTIONS = 8;
    private static final int LAST_ENTRY = 4 * (ENTRIES_PER_BUCKET - 1);
    private static final int NEXT = 40;
    private static final int ENTRIES_PER_BUCKET_WANTED = 3;
    private static final int BUCKETS_FIRST = 64;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private final MemorySegment table;
    private final long bucketsAt;
    private final long linesAt;
    private final int bucketsMax;
    private final int overflowsMax;
    private int bucketCount = BUCKETS_FIRST;
    private int halfCount = BUCKETS_FIRST;    // the largest power of two ≤ bucketCount
    private int entryCount;
    private int overflowsUsed;
    private int freeOverflow;                 // the first of those given back, + 1
    private int freeOverflowCount;

    /// @param bucketsAt where its `spaceBytes` begin
    /// @param linesAt   where the directions begin
    FlowIndex(MemorySegment table, long bucketsAt, long linesAt, int directionsMax) {
        this.table = table;
        this.bucketsAt = bucketsAt;
        this.linesAt = linesAt;
        this.bucketsMax = bucketsFor(directionsMax);
        this.overflowsMax = bucketsMax;
    }

    static long spaceBytes(int directionsMax) {
        return 2L * bucketsFor(directionsMax) * BUCKET_BYTES;   // as many again to overflow into
    }

    private static int bucketsFor(int directionsMax) {
        int wanted = Math.max(BUCKETS_FIRST, directionsMax / ENTRIES_PER_BUCKET_WANTED);
        return Integer.highestOneBit(wanted - 1) * 2;
    }

    int bucketCount() { return bucketCount; }
    int entryCount()  { return entryCount; }

    /// How many buckets there are, for [#bucketOf]: the count, and above it the mask of the next power of two.
    long shape() {
        return bucketCount | (2L * halfCount - 1) << 32;
    }

    static int bucketOf(long hash, long shape) {
        int wideMask = (int) (shape >>> 32);
        int bucket = (int) hash & wideMask;
        return bucket < (int) shape ? bucket : bucket & wideMask >>> 1;
    }

    long bucketsAt() { return bucketsAt; }

    /// Eight times the hash's tag.
    static long pattern(long hash) {
        return tag(hash) * LOW_BITS;
    }

    private static long tag(long hash) {
        long tag = hash >>> 56;
        return tag == 0 ? 1 : tag;
    }

    /// The high bit of each byte that is equal in both; bits above the lowest may be wrong, so the key decides.
    static long matches(long tags, long pattern) {
        long difference = tags ^ pattern;
        return difference - LOW_BITS & ~difference & HIGH_BITS;
    }

    /// Where the direction of a match lies.
    static int directionAt(MemorySegment table, long bucketAt, long matches) {
        return Wire.hostI32(table, bucketAt + DIRECTIONS + (Long.numberOfTrailingZeros(matches) >>> 1 & LAST_ENTRY));
    }

    static int next(MemorySegment table, long bucketAt) {
        return Wire.hostI32(table, bucketAt + NEXT);
    }

    long overflowAt(int next) {
        return bucketsAt + (bucketsMax + (long) next - 1) * BUCKET_BYTES;
    }

    /// Adds an entry whose hash its line holds; false if there is no room for it.
    boolean add(long hash, int direction) {
        if (entryCount >= (long) bucketCount * ENTRIES_PER_BUCKET_WANTED && bucketCount < bucketsMax) split();
        if (!put(bucketAt(bucketOf(hash, shape())), hash, direction)) return false;
        entryCount++;
        return true;
    }

    void remove(long hash, int direction) {
        long before = NONE;
        long at = bucketAt(bucketOf(hash, shape()));
        while (true) {
            int place = placeOf(at, direction);
            if (place != NONE) {
                Wire.u8(table, at + place, 0);
                entryCount--;
                if (before != NONE) unlinkIfEmpty(before, at);
                return;
            }
            int next = next(table, at);
            assert next != 0 : "direction is not in the index";
            before = at;
            at = overflowAt(next);
        }
    }

    private int placeOf(long at, int direction) {
        for (int place = 0; place < ENTRIES_PER_BUCKET; place++) {
            if (Wire.u8(table, at + place) != 0 && Wire.hostI32(table, at + DIRECTIONS + 4 * place) == direction) {
                return place;
            }
        }
        return NONE;
    }

    private boolean put(long at, long hash, int direction) {
        while (true) {
            long free = matches(Wire.hostI64(table, at), 0);
            if (free != 0) {
                int place = Long.numberOfTrailingZeros(free) >>> 3;
                Wire.hostI32(table, at + DIRECTIONS + 4 * place, direction);
                Wire.u8(table, at + place, (int) tag(hash));
                return true;
            }
            int next = next(table, at);
            if (next == 0) {
                next = takeOverflow();
                if (next == 0) return false;
                Wire.hostI32(table, at + NEXT, next);
            }
            at = overflowAt(next);
        }
    }

    /// Splits the next bucket in turn, unless an overflow bucket could be missing for it.
    private void split() {
        int from = bucketCount - halfCount;
        long at = bucketAt(from);
        if (overflowsMax - overflowsUsed + freeOverflowCount < chainLength(at)) return;
        long toAt = bucketAt(bucketCount);
        bucketCount++;
        int before = halfCount;
        if (bucketCount == 2 * halfCount) halfCount = bucketCount;
        while (true) {
            for (int place = 0; place < ENTRIES_PER_BUCKET; place++) {
                if (Wire.u8(table, at + place) == 0) continue;
                int direction = Wire.hostI32(table, at + DIRECTIONS + 4 * place);
                long hash = Wire.hostI64(table, linesAt + (long) direction * FlowLine.DIRECTION_BYTES + FlowLine.HASH);
                if (((int) hash & before) == 0) continue;
                Wire.u8(table, at + place, 0);
                boolean isPut = put(toAt, hash, direction);
                assert isPut;
            }
            int next = next(table, at);
            if (next == 0) break;
            at = overflowAt(next);
        }
        compact(bucketAt(from));
    }

    private int chainLength(long at) {
        int length = 0;
        for (int next = next(table, at); next != 0; next = next(table, overflowAt(next))) length++;
        return length;
    }

    /// Gives back the overflow buckets that a split has emptied.
    private void compact(long firstAt) {
        long before = firstAt;
        for (int next = next(table, before); next != 0; next = next(table, before)) {
            long at = overflowAt(next);
            if (!unlinkIfEmpty(before, at)) before = at;
        }
    }

    private boolean unlinkIfEmpty(long before, long at) {
        if (Wire.hostI64(table, at) != 0) return false;
        int freed = next(table, before);
        Wire.hostI32(table, before + NEXT, next(table, at));
        Wire.hostI32(table, at + NEXT, freeOverflow);
        freeOverflow = freed;
        freeOverflowCount++;
        return true;
    }

    private int takeOverflow() {
        if (freeOverflow == 0) return overflowsUsed < overflowsMax ? ++overflowsUsed : 0;
        int taken = freeOverflow;
        long at = overflowAt(taken);
        freeOverflow = next(table, at);
        freeOverflowCount--;
        Wire.hostI32(table, at + NEXT, 0);
        return taken;
    }

    long bucketAt(int bucket) {
        return bucketsAt + (long) bucket * BUCKET_BYTES;
    }
}
