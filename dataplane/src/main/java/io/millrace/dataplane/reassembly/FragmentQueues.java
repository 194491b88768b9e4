package io.millrace.dataplane.reassembly;

import io.millrace.packet.memory.Reservation;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The datagrams of which fragments wait: a table by [FragmentKey], and a list in the order in which they fall due. A
/// *queue* is the number of a record of two cache lines outside the heap.
///
/// ```
///   0 source 16   16 target 16   32 identification   36 user   40 scope
///  44 next in its bucket, or in the free list   48 due before   52 due after   56 due at, ns
///  64 first piece   68 last run   72 root of the runs   76 bytes from 0 to the highest end   80 bytes present
///  84 largest fragment   88 largest with DF   92 ECN u8   93 flags u8   94 ingress u16
///  96 packets   100 slots   104 source's record   108 source's count   112 .. 127 unused
/// ```
final class FragmentQueues {

    static final int NONE = -1;

    /// Flags: the fragment that begins at 0 has come, the one that ends the datagram has come.
    static final int FIRST_IN = 1;
    static final int LAST_IN = 2;

    private static final int RECORD_BYTES = 128;
    private static final int SOURCE_HIGH = 0;
    private static final int SOURCE_LOW = 8;
    private static final int TARGET_HIGH = 16;
    private static final int TARGET_LOW = 24;
    private static final int IDENTIFICATION = 32;
    private static final int USER = 36;
    private static final int SCOPE = 40;
    private static final int NEXT = 44;
    private static final int DUE_BEFORE = 48;
    private static final int DUE_AFTER = 52;
    private static final int DUE_NS = 56;
    private static final int FIRST_PIECE = 64;
    private static final int LAST_RUN = 68;
    private static final int ROOT = 72;
    private static final int LENGTH = 76;
    private static final int PRESENT = 80;
    private static final int BYTES_MAX = 84;
    private static final int DF_BYTES_MAX = 88;
    private static final int ECN = 92;
    private static final int FLAGS = 93;
    private static final int INGRESS = 94;
    private static final int PACKETS = 96;
    private static final int SLOTS = 100;
    private static final int SOURCE_RECORD = 104;
    private static final int SOURCE_COUNT = 108;

    private final MemorySegment memory;
    private final int[] buckets;
    private final long secret;
    private int free = NONE;
    private int untouched;      // records from here on have never been used
    private final int capacity;
    private int soonest = NONE;
    private int latest = NONE;
    private int count;
    private final FragmentKey removed = new FragmentKey();

    FragmentQueues(Arena arena, int capacity, long secret) {
        this.memory = Reservation.of(arena, (long) capacity * RECORD_BYTES);
        this.buckets = new int[Integer.highestOneBit(capacity) * 2];
        Arrays.fill(buckets, NONE);
        this.capacity = capacity;
        this.secret = secret;
    }

    int count()   { return count; }

    /// The queue that falls due first, or `NONE`.
    int soonest() { return soonest; }

    int find(FragmentKey key) {
        int queue = buckets[key.hash(secret) & buckets.length - 1];
        while (queue != NONE && !is(queue, key)) queue = i32(queue, NEXT);
        return queue;
    }

    private boolean is(int queue, FragmentKey key) {
        long at = at(queue);
        return Wire.hostI32(memory, at + IDENTIFICATION) == key.identification
            && Wire.hostI64(memory, at + SOURCE_LOW) == key.sourceLow
            && Wire.hostI64(memory, at + TARGET_LOW) == key.targetLow
            && Wire.hostI64(memory, at + SOURCE_HIGH) == key.sourceHigh
            && Wire.hostI64(memory, at + TARGET_HIGH) == key.targetHigh
            && Wire.hostI32(memory, at + USER) == key.user
            && Wire.hostI32(memory, at + SCOPE) == key.scope;
    }

    /// An empty queue for a key that has none; fewer than `capacity` are there.
    int create(FragmentKey key, long dueNs) {
        assert count < capacity : count;
        int queue = free == NONE ? untouched++ : free;
        if (queue == free) free = i32(queue, NEXT);
        long at = at(queue);
        Wire.hostI64(memory, at + SOURCE_HIGH, key.sourceHigh);
        Wire.hostI64(memory, at + SOURCE_LOW, key.sourceLow);
        Wire.hostI64(memory, at + TARGET_HIGH, key.targetHigh);
        Wire.hostI64(memory, at + TARGET_LOW, key.targetLow);
        Wire.hostI32(memory, at + IDENTIFICATION, key.identification);
        Wire.hostI32(memory, at + USER, key.user);
        Wire.hostI32(memory, at + SCOPE, key.scope);
        int bucket = key.hash(secret) & buckets.length - 1;
        i32(queue, NEXT, buckets[bucket]);
        buckets[bucket] = queue;
        i32(queue, SOURCE_RECORD, NONE);
        empty(queue);
        enlist(queue, dueNs);
        count++;
        return queue;
    }

    /// Forgets what came, not the key.
    void empty(int queue) {
        i32(queue, FIRST_PIECE, NONE);
        i32(queue, LAST_RUN, NONE);
        i32(queue, ROOT, NONE);
        i32(queue, LENGTH, 0);
        i32(queue, PRESENT, 0);
        i32(queue, BYTES_MAX, 0);
        i32(queue, DF_BYTES_MAX, 0);
        Wire.hostI32(memory, at(queue) + ECN, 0);
        i32(queue, PACKETS, 0);
        i32(queue, SLOTS, 0);
    }

    /// The queue falls due at another time than before.
    void renew(int queue, long dueNs) {
        delist(queue);
        enlist(queue, dueNs);
    }

    /// The search goes on at the end: it moves only where the timeout was changed to a shorter one.
    private void enlist(int queue, long dueNs) {
        int before = latest;
        while (before != NONE && dueNs(before) > dueNs) before = i32(before, DUE_BEFORE);
        int after = before == NONE ? soonest : i32(before, DUE_AFTER);
        Wire.hostI64(memory, at(queue) + DUE_NS, dueNs);
        i32(queue, DUE_BEFORE, before);
        i32(queue, DUE_AFTER, after);
        connect(before, queue);
        connect(queue, after);
    }

    private void delist(int queue) {
        connect(i32(queue, DUE_BEFORE), i32(queue, DUE_AFTER));
    }

    private void connect(int before, int after) {
        if (before == NONE) {
            soonest = after;
        } else {
            i32(before, DUE_AFTER, after);
        }
        if (after == NONE) {
            latest = before;
        } else {
            i32(after, DUE_BEFORE, before);
        }
    }

    /// Forgets the queue.
    void remove(int queue) {
        delist(queue);
        int bucket = hashOf(queue) & buckets.length - 1;
        int next = i32(queue, NEXT);
        int before = buckets[bucket];
        if (before == queue) {
            buckets[bucket] = next;
        } else {
            while (i32(before, NEXT) != queue) before = i32(before, NEXT);
            i32(before, NEXT, next);
        }
        i32(queue, NEXT, free);
        free = queue;
        count--;
    }

    private int hashOf(int queue) {
        long at = at(queue);
        removed.ipv6(Wire.hostI64(memory, at + SOURCE_HIGH), Wire.hostI64(memory, at + SOURCE_LOW),
            Wire.hostI64(memory, at + TARGET_HIGH), Wire.hostI64(memory, at + TARGET_LOW), i32(queue, IDENTIFICATION),
            i32(queue, SCOPE), i32(queue, USER));
        return removed.hash(secret);
    }

    long dueNs(int queue)                { return Wire.hostI64(memory, at(queue) + DUE_NS); }

    /// The piece with the lowest offset, or `NONE`.
    int firstPiece(int queue)            { return i32(queue, FIRST_PIECE); }
    void firstPiece(int queue, int value) { i32(queue, FIRST_PIECE, value); }

    /// The run with the highest offset, or `NONE`.
    int lastRun(int queue)               { return i32(queue, LAST_RUN); }
    void lastRun(int queue, int value)   { i32(queue, LAST_RUN, value); }

    int root(int queue)                  { return i32(queue, ROOT); }
    void root(int queue, int value)      { i32(queue, ROOT, value); }

    /// Bytes from 0 to the highest end that any fragment told of.
    int lengthBytes(int queue)           { return i32(queue, LENGTH); }
    void lengthBytes(int queue, int value) { i32(queue, LENGTH, value); }

    int presentBytes(int queue)          { return i32(queue, PRESENT); }
    void presentBytes(int queue, int value) { i32(queue, PRESENT, value); }

    int fragmentBytesMax(int queue)      { return i32(queue, BYTES_MAX); }
    void fragmentBytesMax(int queue, int value) { i32(queue, BYTES_MAX, value); }

    int dfBytesMax(int queue)            { return i32(queue, DF_BYTES_MAX); }
    void dfBytesMax(int queue, int value) { i32(queue, DF_BYTES_MAX, value); }

    /// Bit n set: a fragment with the ECN field n has come.
    int ecn(int queue)                   { return Wire.u8(memory, at(queue) + ECN); }
    void ecn(int queue, int value)       { Wire.u8(memory, at(queue) + ECN, value); }

    int flags(int queue)                 { return Wire.u8(memory, at(queue) + FLAGS); }
    void flags(int queue, int value)     { Wire.u8(memory, at(queue) + FLAGS, value); }

    /// The interface by which the latest fragment came.
    int ingress(int queue)               { return Wire.hostU16(memory, at(queue) + INGRESS); }
    void ingress(int queue, int value)   { Wire.hostU16(memory, at(queue) + INGRESS, value); }

    int packetCount(int queue)           { return i32(queue, PACKETS); }
    void packetCount(int queue, int value) { i32(queue, PACKETS, value); }

    int slotCount(int queue)             { return i32(queue, SLOTS); }
    void slotCount(int queue, int value) { i32(queue, SLOTS, value); }

    /// The record in [SourceCounts], or `NONE`, and what it counted when the latest fragment came.
    int sourceRecord(int queue)          { return i32(queue, SOURCE_RECORD); }
    void sourceRecord(int queue, int value) { i32(queue, SOURCE_RECORD, value); }

    int sourceCount(int queue)           { return i32(queue, SOURCE_COUNT); }
    void sourceCount(int queue, int value) { i32(queue, SOURCE_COUNT, value); }

    private int i32(int queue, int field)             { return Wire.hostI32(memory, at(queue) + field); }
    private void i32(int queue, int field, int value) { Wire.hostI32(memory, at(queue) + field, value); }

    private static long at(int queue) {
        return (long) queue * RECORD_BYTES;
    }
}
