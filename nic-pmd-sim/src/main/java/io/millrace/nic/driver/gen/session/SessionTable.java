package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The connections of one end, off the heap: a cache line each, found by addresses and ports through chains behind
/// hashed heads, and queued by deadline behind one head for each timeout class. An entry's number stays the same while
/// it lives.
///
/// ```
///   0 i64 local, remote address         8 i32 local, remote port     12 u8 flags       13 u8 timer class
///  14 u8 tries                         15 u8 repaired
///  16 i32 next sequence to send        20 i32 oldest not acknowledged
///  24 i32 next sequence expected       28 i32 end of what is to be sent
///  32 i32 end of what is expected      36 i32 size of the response, or turn of the dialogue
///  40 i32 next in chain                44 i32 timer: before          48 i32 timer: behind
///  52 i32 request size, or dialogue   56 i64 deadline, ns; the time of opening lies in a table of its own
/// ```
///
/// All entries of a class have one timeout, so that a queue in the order of arming is in the order of deadlines.
final class SessionTable {

    static final int NONE = -1;
    static final int CLASSES = 11;
    /// The entry waits for nothing.
    static final int UNARMED = 0xff;

    private static final int ENTRY_BYTES = 64;
    private static final int ADDRESSES = 0;
    private static final int PORTS = 8;
    private static final int FLAGS = 12;
    private static final int TIMER = 13;
    private static final int TRIES = 14;
    private static final int REPAIRED = 15;
    private static final int SEND_NEXT = 16;
    private static final int UNACKNOWLEDGED = 20;
    private static final int RECEIVE_NEXT = 24;
    private static final int SEND_END = 28;
    private static final int RECEIVE_END = 32;
    private static final int RESPONSE_BYTES = 36;
    private static final int CHAIN = 40;
    private static final int BEFORE = 44;
    private static final int BEHIND = 48;
    private static final int REQUEST_BYTES = 52;
    private static final int DEADLINE_NS = 56;

    private final MemorySegment entries;
    private final MemorySegment heads;       // i32 each
    private final MemorySegment openedNs;    // i64 each
    private final int headMask;
    private final int capacity;
    private final int[] firstArmed = new int[CLASSES];
    private final int[] lastArmed = new int[CLASSES];
    private int count;
    private int freeHead;

    SessionTable(Arena arena, int capacity) {
        this.capacity = capacity;
        int headCount = Integer.highestOneBit(Math.max(2, capacity) - 1) << 1;
        this.headMask = headCount - 1;
        this.entries = arena.allocate((long) capacity * ENTRY_BYTES, ENTRY_BYTES);
        this.heads = arena.allocate((long) headCount * Integer.BYTES, ENTRY_BYTES);
        this.openedNs = arena.allocate((long) capacity * Long.BYTES, ENTRY_BYTES);
        clear();
    }

    /// Forgets every entry.
    void clear() {
        heads.fill((byte) 0xff);
        for (int i = 0; i < capacity; i++) Wire.hostI32(entries, at(i) + CHAIN, i + 1 == capacity ? NONE : i + 1);
        for (int i = 0; i < CLASSES; i++) {
            firstArmed[i] = NONE;
            lastArmed[i] = NONE;
        }
        count = 0;
        freeHead = 0;
    }

    int count()      { return count; }
    boolean isFull() { return count == capacity; }

    static long addresses(int local, int remote) {
        return (long) local << 32 | Integer.toUnsignedLong(remote);
    }

    int find(long addresses, int ports) {
        int entry = Wire.hostI32(heads, headAt(addresses, ports));
        while (entry != NONE) {
            long at = at(entry);
            if (Wire.hostI64(entries, at + ADDRESSES) == addresses && Wire.hostI32(entries, at + PORTS) == ports) break;
            entry = Wire.hostI32(entries, at + CHAIN);
        }
        return entry;
    }

    /// A new entry, all zero but its key. The table must not be full.
    int add(long addresses, int ports, long nowNs) {
        int entry = freeHead;
        long at = at(entry);
        freeHead = Wire.hostI32(entries, at + CHAIN);
        for (int i = 0; i < ENTRY_BYTES; i += Long.BYTES) Wire.hostI64(entries, at + i, 0);
        long headAt = headAt(addresses, ports);
        Wire.hostI64(entries, at + ADDRESSES, addresses);
        Wire.hostI32(entries, at + PORTS, ports);
        Wire.hostI32(entries, at + CHAIN, Wire.hostI32(heads, headAt));
        Wire.u8(entries, at + TIMER, UNARMED);
        Wire.hostI32(heads, headAt, entry);
        Wire.hostI64(openedNs, (long) entry * Long.BYTES, nowNs);
        count++;
        return entry;
    }

    void remove(int entry) {
        disarm(entry);
        long at = at(entry);
        long headAt = headAt(Wire.hostI64(entries, at + ADDRESSES), Wire.hostI32(entries, at + PORTS));
        int behind = Wire.hostI32(entries, at + CHAIN);
        int each = Wire.hostI32(heads, headAt);
        if (each == entry) {
            Wire.hostI32(heads, headAt, behind);
        } else {
            while (Wire.hostI32(entries, at(each) + CHAIN) != entry) each = Wire.hostI32(entries, at(each) + CHAIN);
            Wire.hostI32(entries, at(each) + CHAIN, behind);
        }
        Wire.hostI32(entries, at + CHAIN, count == capacity ? NONE : freeHead);
        freeHead = entry;
        count--;
    }

    /// Puts the entry at the end of a class, whose timeout `deadlineNs` is from now.
    void arm(int entry, int timerClass, long deadlineNs) {
        disarm(entry);
        long at = at(entry);
        int last = lastArmed[timerClass];
        Wire.u8(entries, at + TIMER, timerClass);
        Wire.hostI64(entries, at + DEADLINE_NS, deadlineNs);
        Wire.hostI32(entries, at + BEFORE, last);
        Wire.hostI32(entries, at + BEHIND, NONE);
        if (last == NONE) firstArmed[timerClass] = entry;
        else Wire.hostI32(entries, at(last) + BEHIND, entry);
        lastArmed[timerClass] = entry;
    }

    void disarm(int entry) {
        long at = at(entry);
        int timerClass = Wire.u8(entries, at + TIMER);
        if (timerClass == UNARMED) return;
        int before = Wire.hostI32(entries, at + BEFORE);
        int behind = Wire.hostI32(entries, at + BEHIND);
        if (before == NONE) firstArmed[timerClass] = behind;
        else Wire.hostI32(entries, at(before) + BEHIND, behind);
        if (behind == NONE) lastArmed[timerClass] = before;
        else Wire.hostI32(entries, at(behind) + BEFORE, before);
        Wire.u8(entries, at + TIMER, UNARMED);
    }

    /// The entry of a class whose deadline has come first, or `NONE`.
    int due(int timerClass, long nowNs) {
        int entry = firstArmed[timerClass];
        if (entry == NONE) return NONE;
        return Wire.hostI64(entries, at(entry) + DEADLINE_NS) <= nowNs ? entry : NONE;
    }

    /// When something is due first, or [io.millrace.nic.port.TimedPort#NEVER].
    long earliestNs() {
        long earliestNs = Long.MAX_VALUE;
        for (int i = 0; i < CLASSES; i++) {
            if (firstArmed[i] == NONE) continue;
            earliestNs = Math.min(earliestNs, Wire.hostI64(entries, at(firstArmed[i]) + DEADLINE_NS));
        }
        return earliestNs;
    }

    long addresses(int entry)              { return Wire.hostI64(entries, at(entry) + ADDRESSES); }
    /// Something was sent again in this session.
    void markRepaired(int entry)           { Wire.u8(entries, at(entry) + REPAIRED, 1); }
    boolean isRepaired(int entry)          { return Wire.u8(entries, at(entry) + REPAIRED) != 0; }
    int timerClass(int entry)              { return Wire.u8(entries, at(entry) + TIMER); }
    int ports(int entry)                   { return Wire.hostI32(entries, at(entry) + PORTS); }
    long openedNs(int entry)               { return Wire.hostI64(openedNs, (long) entry * Long.BYTES); }
    int flags(int entry)                   { return Wire.u8(entries, at(entry) + FLAGS); }
    void flags(int entry, int value)       { Wire.u8(entries, at(entry) + FLAGS, value); }
    int tries(int entry)                   { return Wire.u8(entries, at(entry) + TRIES); }
    void tries(int entry, int value)       { Wire.u8(entries, at(entry) + TRIES, value); }
    int sendNext(int entry)                { return Wire.hostI32(entries, at(entry) + SEND_NEXT); }
    void sendNext(int entry, int value)    { Wire.hostI32(entries, at(entry) + SEND_NEXT, value); }
    int unacknowledged(int entry)          { return Wire.hostI32(entries, at(entry) + UNACKNOWLEDGED); }
    void unacknowledged(int entry, int value) { Wire.hostI32(entries, at(entry) + UNACKNOWLEDGED, value); }
    int receiveNext(int entry)             { return Wire.hostI32(entries, at(entry) + RECEIVE_NEXT); }
    void receiveNext(int entry, int value) { Wire.hostI32(entries, at(entry) + RECEIVE_NEXT, value); }
    int sendEnd(int entry)                 { return Wire.hostI32(entries, at(entry) + SEND_END); }
    void sendEnd(int entry, int value)     { Wire.hostI32(entries, at(entry) + SEND_END, value); }
    int receiveEnd(int entry)              { return Wire.hostI32(entries, at(entry) + RECEIVE_END); }
    void receiveEnd(int entry, int value)  { Wire.hostI32(entries, at(entry) + RECEIVE_END, value); }
    int responseBytes(int entry)           { return Wire.hostI32(entries, at(entry) + RESPONSE_BYTES); }
    void responseBytes(int entry, int value) { Wire.hostI32(entries, at(entry) + RESPONSE_BYTES, value); }
    int requestBytes(int entry)            { return Wire.hostI32(entries, at(entry) + REQUEST_BYTES); }
    void requestBytes(int entry, int value) { Wire.hostI32(entries, at(entry) + REQUEST_BYTES, value); }

    private long headAt(long addresses, int ports) {
        long mixed = (addresses ^ ports * 0x9e37_79b9_7f4a_7c15L) * 0xbf58_476d_1ce4_e5b9L;
        return (long) ((int) (mixed >>> 32) & headMask) * Integer.BYTES;
    }

    private static long at(int entry) {
        return (long) entry * ENTRY_BYTES;
    }
}
