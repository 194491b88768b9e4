package io.millrace.dataplane.reassembly;

import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// How many fragments each IPv4 source has sent since some of its datagrams began to wait. A source has a record as
/// long as a queue uses it; a count without a queue tells nobody anything.
///
/// Outside the heap, 16 bytes a record: source, uses, count, next in its bucket or in the free list.
final class SourceCounts {

    private static final int NONE = FragmentQueues.NONE;
    private static final int RECORD_BYTES = 16;
    private static final int SOURCE = 0;
    private static final int USES = 4;
    private static final int COUNT = 8;
    private static final int NEXT = 12;

    private final MemorySegment memory;
    private final int[] buckets;
    private final int secret;
    private int free = NONE;
    private int untouched;

    /// @param capacity as many as there can be queues
    SourceCounts(Arena arena, int capacity, long secret) {
        this.memory = Reservation.of(arena, (long) capacity * RECORD_BYTES);
        this.buckets = new int[Integer.highestOneBit(capacity) * 2];
        Arrays.fill(buckets, NONE);
        this.secret = (int) (secret >>> 32);
    }

    /// The source's record, used once more.
    int use(int source) {
        int bucket = bucket(source);
        int record = buckets[bucket];
        while (record != NONE && i32(record, SOURCE) != source) record = i32(record, NEXT);
        if (record == NONE) {
            record = free == NONE ? untouched++ : free;
            if (record == free) free = i32(record, NEXT);
            i32(record, SOURCE, source);
            i32(record, USES, 0);
            i32(record, COUNT, 0);
            i32(record, NEXT, buckets[bucket]);
            buckets[bucket] = record;
        }
        i32(record, USES, i32(record, USES) + 1);
        return record;
    }

    /// Counts one more fragment; returns how many they are now.
    int count(int record) {
        int count = i32(record, COUNT) + 1;
        i32(record, COUNT, count);
        return count;
    }

    void release(int record) {
        int uses = i32(record, USES) - 1;
        i32(record, USES, uses);
        if (uses > 0) return;
        int bucket = bucket(i32(record, SOURCE));
        int next = i32(record, NEXT);
        int before = buckets[bucket];
        if (before == record) {
            buckets[bucket] = next;
        } else {
            while (i32(before, NEXT) != record) before = i32(before, NEXT);
            i32(before, NEXT, next);
        }
        i32(record, NEXT, free);
        free = record;
    }

    private int bucket(int source) {
        int mixed = (source ^ secret) * 0x9e3779b9;
        return (mixed ^ mixed >>> 16) & buckets.length - 1;
    }

    private int i32(int record, int field)             { return Wire.hostI32(memory, at(record) + field); }
    private void i32(int record, int field, int value) { Wire.hostI32(memory, at(record) + field, value); }

    private static long at(int record) {
        return (long) record * RECORD_BYTES;
    }
}
