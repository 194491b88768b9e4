package io.millrace.dataplane.neighbour;

import io.millrace.packet.memory.Check;

import java.util.Arrays;
import java.util.random.RandomGenerator;

import static io.millrace.dataplane.neighbour.NeighbourState.FAILED;
import static io.millrace.dataplane.neighbour.NeighbourState.NOARP;
import static io.millrace.dataplane.neighbour.NeighbourState.PERMANENT;
import static io.millrace.dataplane.neighbour.NeighbourState.TIMED;

/// Which entries of a [NeighbourTable] exist: found by a keyed hash of family, interface and address, taken from a free
/// list, thrown out by Linux's rules when there are too many (`neigh_alloc`, `neigh_forced_gc`, `neigh_periodic_work`).
///
/// Each family has a limit of its own. Entries that may be thrown out stand in a list by age.
final class NeighbourStore {

    static final int NONE = NeighbourTable.NONE;

    private static final long FORCED_AGE_NS = 5_000_000_000L;   // Linux: 5 * HZ, of a change and between two rounds
    private static final long LONG_AGO_NS = Long.MIN_VALUE / 2;

    private final NeighbourEntries entries;
    private final int[] buckets;
    private final long hashKey;
    private final int[] oldest = {NONE, NONE};
    private final int[] youngest = {NONE, NONE};
    private final int[] listedCount = new int[2];
    private final long[] lastForcedNs = {LONG_AGO_NS, LONG_AGO_NS};
    private final long[] hopelessUntilNs = {LONG_AGO_NS, LONG_AGO_NS};   // nothing can be thrown out before
    private int firstFree;
    private int count;

    NeighbourStore(NeighbourEntries entries, RandomGenerator random) {
        this.entries = entries;
        this.buckets = new int[Math.max(2, Integer.highestOneBit(entries.entryCount()) * 2)];
        this.hashKey = random.nextLong() | 1;   // whoever fills the table from the link must not choose the bucket
        Arrays.fill(buckets, NONE);
        for (int entry = entries.entryCount() - 1; entry >= 0; entry--) {
            entries.following(entry, entry + 1 < entries.entryCount() ? entry + 1 : NONE);
        }
    }

    static int familyIndex(int family) {
        return family == 4 ? 0 : 1;
    }

    int count() {
        return count;
    }

    /// Entries of the family that may be thrown out.
    int listedCount(int familyIndex) {
        return listedCount[familyIndex];
    }

    int find(int family, int interfaceIndex, long high, long low) {
        int entry = buckets[bucket(family, interfaceIndex, high, low)];
        while (entry != NONE && !entries.hasKey(entry, family, interfaceIndex, high, low)) {
            entry = entries.following(entry);
        }
        return entry;
    }

    /// A new entry, all 0 but its key, or `NONE` if there is no memory for it. It is not listed yet.
    int add(int family, int interfaceIndex, long high, long low) {
        assert find(family, interfaceIndex, high, low) == NONE;
        if (firstFree == NONE) return NONE;
        int entry = firstFree;
        firstFree = entries.following(entry);
        entries.clear(entry);
        entries.key(entry, family, interfaceIndex, high, low);
        int bucket = bucket(family, interfaceIndex, high, low);
        entries.following(entry, buckets[bucket]);
        buckets[bucket] = entry;
        count++;
        return entry;
    }

    void remove(int entry) {
        Check.that(entries.holds(entry) == 0, "a next hop still leads to the neighbour", entry);
        if ((entries.state(entry) & PERMANENT) == 0) unlist(entry);
        int bucket = bucket(entries.family(entry), entries.interfaceIndex(entry), entries.high(entry),
            entries.low(entry));
        if (buckets[bucket] == entry) {
            buckets[bucket] = entries.following(entry);
        } else {
            int before = buckets[bucket];
            while (entries.following(before) != entry) before = entries.following(before);
            entries.following(before, entries.following(entry));
        }
        entries.clear(entry);   // family 0 says that it is free
        entries.following(entry, firstFree);
        firstFree = entry;
        count--;
    }

    /// From now on the entry may be thrown out.
    void list(int entry) {
        int family = familyIndex(entries.family(entry));
        entries.older(entry, youngest[family]);
        entries.younger(entry, NONE);
        if (youngest[family] == NONE) {
            oldest[family] = entry;
        } else {
            entries.younger(youngest[family], entry);
        }
        youngest[family] = entry;
        listedCount[family]++;
        hope(entry);
    }

    void unlist(int entry) {
        int family = familyIndex(entries.family(entry));
        int older = entries.older(entry);
        int younger = entries.younger(entry);
        if (older == NONE) oldest[family] = younger; else entries.younger(older, younger);
        if (younger == NONE) youngest[family] = older; else entries.older(younger, older);
        listedCount[family]--;
    }

    /// Keeps the entry from being thrown out until as many releases.
    void hold(int entry) {
        entries.holds(entry, entries.holds(entry) + 1);
    }

    void release(int entry) {
        assert entries.holds(entry) > 0 : entry;
        entries.holds(entry, entries.holds(entry) - 1);
        hope(entry);
    }

    /// The entry may have become one that can be thrown out.
    void hope(int entry) {
        hopelessUntilNs[familyIndex(entries.family(entry))] = LONG_AGO_NS;
    }

    /// True if one more listed entry of the family may be added; throws others out for it if the limits ask for that.
    boolean makeRoom(int familyIndex, NeighbourSettings settings, long nowNs) {
        int listed = listedCount[familyIndex];
        boolean isOver = listed >= settings.gcThreshold3();
        boolean isMany = listed >= settings.gcThreshold2() && nowNs > lastForcedNs[familyIndex] + FORCED_AGE_NS;
        if (!isOver && !isMany) return true;
        return force(familyIndex, listed + 1 - settings.gcThreshold2(), nowNs) > 0 || !isOver;
    }

    private int force(int familyIndex, int wantedCount, long nowNs) {
        lastForcedNs[familyIndex] = nowNs;
        if (nowNs < hopelessUntilNs[familyIndex]) return 0;   // else each packet of a scan would walk the whole list
        long hopelessUntil = Long.MAX_VALUE;
        int removedCount = 0;
        int entry = oldest[familyIndex];
        while (entry != NONE && removedCount < wantedCount) {
            int younger = entries.younger(entry);
            int state = entries.state(entry);
            if (entries.holds(entry) == 0 && (state & TIMED) == 0) {
                long oldNs = entries.updatedNs(entry) + FORCED_AGE_NS;
                if (state == FAILED || state == NOARP || nowNs > oldNs) {
                    remove(entry);
                    removedCount++;
                } else {
                    hopelessUntil = Math.min(hopelessUntil, oldNs + 1);
                }
            }
            entry = younger;
        }
        if (removedCount == 0) hopelessUntilNs[familyIndex] = hopelessUntil;
        return removedCount;
    }

    /// Throws out what has failed or has not been used for long, if there are many.
    void collect(int familyIndex, NeighbourSettings settings, long nowNs) {
        if (listedCount[familyIndex] < settings.gcThreshold1()) return;
        int entry = oldest[familyIndex];
        while (entry != NONE) {
            int younger = entries.younger(entry);
            int state = entries.state(entry);
            if (entries.holds(entry) == 0 && (state & TIMED) == 0) {
                long usedNs = Math.max(entries.usedNs(entry), entries.confirmedNs(entry));
                if (state == FAILED || nowNs >= usedNs + settings.gcStaleNs()) remove(entry);
            }
            entry = younger;
        }
    }

    private int bucket(int family, int interfaceIndex, long high, long low) {
        long mixed = (high ^ (long) interfaceIndex << 3 ^ family) * hashKey;
        mixed = ((mixed ^ mixed >>> 32) + low) * hashKey;
        return (int) (mixed >>> 33) & buckets.length - 1;
    }
}
