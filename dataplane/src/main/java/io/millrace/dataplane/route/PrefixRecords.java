package io.millrace.dataplane.route;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The prefixes of one [PrefixTable]: a hash of (bits, length) to value, off heap.
///
/// ```
///  0 i64 high   8 i64 low   16 i32 value   20 i32 length   24 i32 next in the hash   28 i32 next in the bucket
/// ```
///
/// Linear hashing (Litwin 1980): each added prefix splits one bucket, so no single call pays for growth. Numbers of
/// records do not change while the prefix is in the table; the trie links them through [#next].
final class PrefixRecords {

    static final int NONE = Slab.NONE;

    /// More than four times today's table of the Internet's core.
    static final int RECORDS_MAX = 1 << 22;
    private static final int RECORD_BYTES = 32;
    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final int VALUE = 16;
    private static final int LENGTH = 20;
    private static final int HASH_NEXT = 24;
    private static final int NEXT = 28;
    private static final int FIRST_SHIFT = 10;   // buckets of the first part of heads; each later one doubles the sum

    private final Slab slab;
    private final MemorySegment memory;
    private int[][] heads = new int[1][];
    private int levelMask = (1 << FIRST_SHIFT) - 1;   // of the buckets that are not split yet in this round
    private int splitCount;                           // buckets of this round that are

    PrefixRecords(Arena arena, int recordsMax) {
        this.slab = new Slab(arena, RECORD_BYTES, recordsMax);
        this.memory = slab.memory();
        this.heads[0] = emptyHeads(1 << FIRST_SHIFT);
    }

    int count()               { return slab.usedCount(); }
    int leftCount()           { return slab.leftCount(); }
    long high(int record)     { return Wire.hostI64(memory, at(record) + HIGH); }
    long low(int record)      { return Wire.hostI64(memory, at(record) + LOW); }
    int value(int record)     { return Wire.hostI32(memory, at(record) + VALUE); }
    int length(int record)    { return Wire.hostI32(memory, at(record) + LENGTH); }
    /// The record behind this one in the trie's bucket, or `NONE`.
    int next(int record)      { return Wire.hostI32(memory, at(record) + NEXT); }

    void value(int record, int value) { Wire.hostI32(memory, at(record) + VALUE, value); }
    void next(int record, int next)   { Wire.hostI32(memory, at(record) + NEXT, next); }

    /// For lookups: the value of the first record from this one on (or of none, `NONE`)
    /// whose prefix holds the address, else `otherwise`.
    static int valueOf(MemorySegment memory, int firstRecord, long high, long low, int otherwise) {
        int record = firstRecord;
        while (record >= 0) {
            long at = at(record);
            int length = Wire.hostI32(memory, at + LENGTH);
            long differHigh = (Wire.hostI64(memory, at + HIGH) ^ high) & PrefixBits.maskHigh(length);
            long differLow = (Wire.hostI64(memory, at + LOW) ^ low) & PrefixBits.maskLow(length);
            if ((differHigh | differLow) == 0) return Wire.hostI32(memory, at + VALUE);
            record = Wire.hostI32(memory, at + NEXT);
        }
        return otherwise;
    }

    MemorySegment memory() {
        return memory;
    }

    private static long at(int record) {
        return (long) record * RECORD_BYTES;
    }

    int find(long high, long low, int length) {
        int record = head(bucket(hash(high, low, length)));
        while (record != NONE) {
            if (high(record) == high && low(record) == low && length(record) == length) return record;
            record = hashNext(record);
        }
        return NONE;
    }

    /// Adds a prefix that is not there yet.
    int add(long high, long low, int length, int value) {
        assert find(high, low, length) == NONE;
        int record = slab.allocate();
        Wire.hostI64(memory, at(record) + HIGH, high);
        Wire.hostI64(memory, at(record) + LOW, low);
        Wire.hostI32(memory, at(record) + LENGTH, length);
        value(record, value);
        next(record, NONE);
        int bucket = bucket(hash(high, low, length));
        hashNext(record, head(bucket));
        head(bucket, record);
        if (count() > levelMask + splitCount) split();
        return record;
    }

    void remove(int record) {
        int bucket = bucket(hash(record));
        if (head(bucket) == record) {
            head(bucket, hashNext(record));
        } else {
            int before = head(bucket);
            while (hashNext(before) != record) before = hashNext(before);
            hashNext(before, hashNext(record));
        }
        slab.free(record);
    }

    /// Deals the next bucket's records out to it and a new one at the end.
    private void split() {
        int lower = splitCount;
        int upper = splitCount + levelMask + 1;
        int part = part(upper);
        if (part == heads.length) {
            heads = Arrays.copyOf(heads, part + 1);
            heads[part] = emptyHeads(levelMask + 1);
        }
        int record = head(lower);
        head(lower, NONE);
        while (record != NONE) {
            int following = hashNext(record);
            int bucket = (hash(record) & levelMask + 1) == 0 ? lower : upper;
            hashNext(record, head(bucket));
            head(bucket, record);
            record = following;
        }
        if (++splitCount > levelMask) {
            levelMask = levelMask << 1 | 1;
            splitCount = 0;
        }
    }

    private int bucket(int hash) {
        int bucket = hash & levelMask;
        return bucket < splitCount ? hash & (levelMask << 1 | 1) : bucket;
    }

    private static int part(int bucket) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(bucket >>> FIRST_SHIFT);
    }

    private static int indexInPart(int bucket) {
        int part = part(bucket);
        return part == 0 ? bucket : bucket - (1 << FIRST_SHIFT + part - 1);
    }

    private int head(int bucket)              { return heads[part(bucket)][indexInPart(bucket)]; }
    private void head(int bucket, int record) { heads[part(bucket)][indexInPart(bucket)] = record; }

    private int hashNext(int record)            { return Wire.hostI32(memory, at(record) + HASH_NEXT); }
    private void hashNext(int record, int next) { Wire.hostI32(memory, at(record) + HASH_NEXT, next); }

    private int hash(int record) {
        return hash(high(record), low(record), length(record));
    }

    private static int hash(long high, long low, int length) {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xC2B2AE3D27D4EB4FL + length;
        mixed = (mixed ^ mixed >>> 32) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }

    private static int[] emptyHeads(int count) {
        int[] empty = new int[count];
        Arrays.fill(empty, NONE);
        return empty;
    }
}
