package io.millrace.dataplane.icmp;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What is remembered of the hosts that errors were sent to: a bounded table off the heap, as Linux's `inet_peer`
/// cache.
///
/// ```
///  entry: 0 i64 address, high   8 i64 address, low   16 i64 last time, ms   24 i32 tokens, ms   28 u16 redirects
/// ```
///
/// An address has four entries that it may lie in. Where all are taken, the one not used for longest makes room: the
/// host that is forgotten starts anew with a full bucket, so that the limit for all hosts together is what holds
/// against a flood of made-up sources. A *peer* is the number of an entry. Belongs to one worker.
final class PeerTable {

    /// Linux starts to throw entries away at about this many (`inet_peer_threshold`).
    static final int PEER_COUNT = 65_536;

    private static final int ENTRY_BYTES = 32;
    private static final int WAYS = 4;
    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final int LAST_MS = 16;
    private static final int TOKENS_MS = 24;
    private static final int REDIRECTS = 28;

    /// High half of the key of an IPv4 address. As IPv6 it would be multicast, and nobody answers that.
    private static final long IPV4 = -1L;

    /// A host not heard of counts as heard of so long ago: its bucket is full.
    private static final int NEW_AGE_MS = 60_000;
    private static final long NEVER_MS = Long.MIN_VALUE;

    private final MemorySegment memory;
    private final int setMask;
    private final long key;

    /// `peerCount` is a power of two, at least 4. The key makes it hard to find addresses that meet in one set.
    PeerTable(Arena arena, int peerCount, long key) {
        Check.that(peerCount >= WAYS, "peerCount must be 4 or more", peerCount);
        Check.that(Integer.bitCount(peerCount) == 1, "peerCount must be a power of two", peerCount);
        this.memory = arena.allocate((long) peerCount * ENTRY_BYTES, 64);
        this.setMask = peerCount / WAYS - 1;
        this.key = key;
        for (int peer = 0; peer < peerCount; peer++) {
            Wire.hostI64(memory, at(peer) + LAST_MS, NEVER_MS);
        }
    }

    int find4(int address, long nowMs) {
        return find(IPV4, Integer.toUnsignedLong(address), nowMs);
    }

    int find6(long high, long low, long nowMs) {
        return find(high, low, nowMs);
    }

    private int find(long high, long low, long nowMs) {
        int first = setOf(high, low) * WAYS;
        int oldest = first;
        for (int peer = first; peer < first + WAYS; peer++) {
            if (lastMs(peer) == NEVER_MS) {
                oldest = peer;
                break;   // a set fills from its front
            }
            long at = at(peer);
            if (Wire.hostI64(memory, at + LOW) == low && Wire.hostI64(memory, at + HIGH) == high) return peer;
            if (lastMs(peer) < lastMs(oldest)) oldest = peer;
        }
        Wire.hostI64(memory, at(oldest) + HIGH, high);
        Wire.hostI64(memory, at(oldest) + LOW, low);
        lastMs(oldest, nowMs - NEW_AGE_MS);
        tokensMs(oldest, 0);
        redirects(oldest, 0);
        return oldest;
    }

    private int setOf(long high, long low) {
        long mixed = (high ^ key) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 32 ^ low) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 29) * 0x94d049bb133111ebL;
        return (int) (mixed >>> 32) & setMask;
    }

    long lastMs(int peer)               { return Wire.hostI64(memory, at(peer) + LAST_MS); }
    void lastMs(int peer, long value)   { Wire.hostI64(memory, at(peer) + LAST_MS, value); }

    int tokensMs(int peer)              { return Wire.hostI32(memory, at(peer) + TOKENS_MS); }
    void tokensMs(int peer, int value)  { Wire.hostI32(memory, at(peer) + TOKENS_MS, value); }

    int redirects(int peer)             { return Wire.hostU16(memory, at(peer) + REDIRECTS); }
    void redirects(int peer, int value) { Wire.hostU16(memory, at(peer) + REDIRECTS, value); }

    private static long at(int peer) {
        return (long) peer * ENTRY_BYTES;
    }
}
