package io.millrace.dataplane.neighbour;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The memory of a [NeighbourTable]: two cache lines an entry, of which a packet that is forwarded touches the first.
///
/// ```
///   0 u8 state   1 u8 flags   2 u8 link header bytes   3 u8 family   4 i32 interface index
///   8 i64 address high        16 i64 address low (an IPv4 address in its low 32 bits)
///  24 24 bytes: the link header, at their end          48 .. 63 reserved
///
///  64 i64 confirmed, ns   72 i64 used, ns   80 i64 updated, ns   88 i32 probes sent   92 i32 next in hash or free list
///  96 i32 first waiting packet  100 i32 last  104 i32 their bytes  108 i32 holds  112 i32 older  116 i32 younger
/// ```
///
/// The link header is what stands in front of IP: target and source MAC, up to two tags, and an EtherType of 0 that is
/// filled in per packet. Its bytes are in network order, everything else in the machine's.
final class NeighbourEntries {

    static final int ENTRY_BYTES = 128;

    /// Room for the longest link header.
    static final int HEADER_AREA_BYTES = 24;

    static final int UNTAGGED_BYTES = 14;

    static final int IS_ROUTER = 1;

    private static final int STATE = 0;
    private static final int FLAGS = 1;
    private static final int HEADER_BYTES = 2;
    private static final int FAMILY = 3;
    private static final int INTERFACE = 4;
    private static final int HIGH = 8;
    private static final int LOW = 16;
    private static final int HEADER_AREA = 24;
    private static final int CONFIRMED = 64;
    private static final int USED = 72;
    private static final int UPDATED = 80;
    private static final int PROBES = 88;
    private static final int FOLLOWING = 92;
    private static final int FIRST_WAITING = 96;
    private static final int LAST_WAITING = 100;
    private static final int WAITING_BYTES = 104;
    private static final int HOLDS = 108;
    private static final int OLDER = 112;
    private static final int YOUNGER = 116;

    private final MemorySegment memory;
    private final int entryCount;

    NeighbourEntries(Arena arena, int entryCount) {
        this.entryCount = entryCount;
        this.memory = arena.allocate((long) entryCount * ENTRY_BYTES, 64);
    }

    int entryCount() {
        return entryCount;
    }

    /// The entry is all 0: free, or about to be given a key.
    void clear(int entry) {
        for (int i = 0; i < ENTRY_BYTES; i += 8) Wire.hostI64(memory, at(entry) + i, 0);
    }

    void key(int entry, int family, int interfaceIndex, long high, long low) {
        Wire.u8(memory, at(entry) + FAMILY, family);
        Wire.hostI32(memory, at(entry) + INTERFACE, interfaceIndex);
        Wire.hostI64(memory, at(entry) + HIGH, high);
        Wire.hostI64(memory, at(entry) + LOW, low);
    }

    boolean hasKey(int entry, int family, int interfaceIndex, long high, long low) {
        return low(entry) == low && high(entry) == high && interfaceIndex(entry) == interfaceIndex
            && family(entry) == family;
    }

    MemorySegment memory() {
        return memory;
    }

    static int state(MemorySegment memory, int entry)       { return Wire.u8(memory, at(entry) + STATE); }
    static int headerBytes(MemorySegment memory, int entry) { return Wire.u8(memory, at(entry) + HEADER_BYTES); }

    int state(int entry)           { return state(memory, entry); }
    int flags(int entry)           { return Wire.u8(memory, at(entry) + FLAGS); }
    int headerBytes(int entry)     { return headerBytes(memory, entry); }
    int family(int entry)          { return Wire.u8(memory, at(entry) + FAMILY); }
    int interfaceIndex(int entry)  { return Wire.hostI32(memory, at(entry) + INTERFACE); }
    long high(int entry)           { return Wire.hostI64(memory, at(entry) + HIGH); }
    long low(int entry)            { return Wire.hostI64(memory, at(entry) + LOW); }
    long confirmedNs(int entry)    { return Wire.hostI64(memory, at(entry) + CONFIRMED); }
    long usedNs(int entry)         { return Wire.hostI64(memory, at(entry) + USED); }
    long updatedNs(int entry)      { return Wire.hostI64(memory, at(entry) + UPDATED); }
    int probes(int entry)          { return Wire.hostI32(memory, at(entry) + PROBES); }
    int following(int entry)       { return Wire.hostI32(memory, at(entry) + FOLLOWING); }
    int firstWaiting(int entry)    { return Wire.hostI32(memory, at(entry) + FIRST_WAITING); }
    int lastWaiting(int entry)     { return Wire.hostI32(memory, at(entry) + LAST_WAITING); }
    int waitingBytes(int entry)    { return Wire.hostI32(memory, at(entry) + WAITING_BYTES); }
    int holds(int entry)           { return Wire.hostI32(memory, at(entry) + HOLDS); }
    int older(int entry)           { return Wire.hostI32(memory, at(entry) + OLDER); }
    int younger(int entry)         { return Wire.hostI32(memory, at(entry) + YOUNGER); }

    void state(int entry, int value)         { Wire.u8(memory, at(entry) + STATE, value); }
    void flags(int entry, int value)         { Wire.u8(memory, at(entry) + FLAGS, value); }
    void confirmedNs(int entry, long value)  { Wire.hostI64(memory, at(entry) + CONFIRMED, value); }
    void usedNs(int entry, long value)       { Wire.hostI64(memory, at(entry) + USED, value); }
    void updatedNs(int entry, long value)    { Wire.hostI64(memory, at(entry) + UPDATED, value); }
    void probes(int entry, int value)        { Wire.hostI32(memory, at(entry) + PROBES, value); }
    void following(int entry, int value)     { Wire.hostI32(memory, at(entry) + FOLLOWING, value); }
    void firstWaiting(int entry, int packet) { Wire.hostI32(memory, at(entry) + FIRST_WAITING, packet); }
    void lastWaiting(int entry, int packet)  { Wire.hostI32(memory, at(entry) + LAST_WAITING, packet); }
    void waitingBytes(int entry, int value)  { Wire.hostI32(memory, at(entry) + WAITING_BYTES, value); }
    void holds(int entry, int value)         { Wire.hostI32(memory, at(entry) + HOLDS, value); }
    void older(int entry, int value)         { Wire.hostI32(memory, at(entry) + OLDER, value); }
    void younger(int entry, int value)       { Wire.hostI32(memory, at(entry) + YOUNGER, value); }

    /// The neighbour's MAC address.
    long mac(int entry) {
        return Wire.u48(memory, headerAt(entry));
    }

    void mac(int entry, long value) {
        Wire.u48(memory, headerAt(entry), value);
    }

    /// Lays the link header out.
    void link(int entry, int headerBytes, long sourceMac, int outerTag, int innerTag, long mac) {
        Wire.u8(memory, at(entry) + HEADER_BYTES, headerBytes);
        mac(entry, mac);
        long sourceAt = headerAt(entry) + 6;
        Wire.u48(memory, sourceAt, sourceMac);
        if (outerTag != 0) Wire.i32(memory, sourceAt + 6, outerTag);
        if (innerTag != 0) Wire.i32(memory, sourceAt + 10, innerTag);
        Wire.u16(memory, headerEnd(entry) - 2, 0);
    }

    private long headerAt(int entry) {
        return headerEnd(entry) - headerBytes(entry);
    }

    static long headerEnd(int entry) {
        return at(entry) + HEADER_AREA + HEADER_AREA_BYTES;
    }

    private static long at(int entry) {
        return (long) entry * ENTRY_BYTES;
    }
}
