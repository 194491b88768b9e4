package io.millrace.nic.sim.steer;

import io.millrace.flow.table.FlowHash;
import io.millrace.packet.parse.ParseRecords;

import java.util.Arrays;

/// Flows that are steered to the queue of the worker that owns them (accelerated RFS): exact flow keys, each with a
/// queue. Bounded; open addressing, at most half full; a key that is removed closes its gap.
///
/// The device's thread alone.
public final class SteeredFlows {

    public static final int NO_QUEUE = -1;

    private static final int WORDS = ParseRecords.KEY_WORDS;

    private final int entriesMax;
    private final FlowHash hash;
    private final long[] keys;
    private final int[] queues;
    private final int mask;
    private int count;

    /// @param seed of the hash, so that nobody can choose keys that collide
    public SteeredFlows(int entriesMax, long seed) {
        this.entriesMax = entriesMax;
        this.hash = new FlowHash(seed);
        int slots = Integer.highestOneBit(Math.max(1, entriesMax)) * 4;
        this.mask = slots - 1;
        this.keys = new long[WORDS * slots];
        this.queues = new int[slots];
        Arrays.fill(queues, NO_QUEUE);
    }

    public int count() {
        return count;
    }

    /// The queue of the flow whose key begins at `at`, or [#NO_QUEUE].
    public int queue(long[] words, int at) {
        return count == 0 ? NO_QUEUE : queues[find(words, at)];
    }

    /// Steers a flow; false if there is no room for another.
    boolean put(long[] key, int queue) {
        int slot = find(key, 0);
        if (queues[slot] == NO_QUEUE) {
            if (count == entriesMax) return false;
            System.arraycopy(key, 0, keys, WORDS * slot, WORDS);
            count++;
        }
        queues[slot] = queue;
        return true;
    }

    /// Forgets a flow; false if it is not there.
    boolean remove(long[] key) {
        int gap = find(key, 0);
        if (queues[gap] == NO_QUEUE) return false;
        queues[gap] = NO_QUEUE;
        count--;
        // What a search for would stop at the gap moves into it.
        for (int slot = gap + 1 & mask; queues[slot] != NO_QUEUE; slot = slot + 1 & mask) {
            int home = home(keys, WORDS * slot);
            if ((slot - home & mask) < (slot - gap & mask)) continue;
            System.arraycopy(keys, WORDS * slot, keys, WORDS * gap, WORDS);
            queues[gap] = queues[slot];
            queues[slot] = NO_QUEUE;
            gap = slot;
        }
        return true;
    }

    /// The slot of the key, or the free one where it would be.
    private int find(long[] words, int at) {
        int slot = home(words, at);
        while (queues[slot] != NO_QUEUE && !isKey(slot, words, at)) slot = slot + 1 & mask;
        return slot;
    }

    private boolean isKey(int slot, long[] words, int at) {
        for (int i = 0; i < WORDS; i++) {
            if (keys[WORDS * slot + i] != words[at + i]) return false;
        }
        return true;
    }

    private int home(long[] words, int at) {
        long selector = words[at + ParseRecords.PORTS_WORD] ^ Long.rotateLeft(words[at + ParseRecords.VLANS_WORD], 17);
        return (int) hash.of6(words[at], words[at + 1], words[at + 2], words[at + 3], selector) & mask;
    }
}
