package io.millrace.nic.sim.steer;

import io.millrace.flow.table.FlowHash;
import io.millrace.packet.parse.ParseRecords;

import java.util.Arrays;

/// Exact flow keys, each with a number: the queue that a flow is steered to (accelerated RFS), the entry of a flow that
/// is on its way into the device. Bounded; open addressing, at most half full; a key that is removed closes its gap.
///
/// The device's thread alone.
public final class KeyTable {

    public static final int NONE = -1;

    private static final int WORDS = ParseRecords.KEY_WORDS;

    private final int entriesMax;
    private final FlowHash hash;
    private final long[] keys;
    private final int[] values;
    private final int mask;
    private int count;

    /// @param seed of the hash, so that nobody can choose keys that collide
    public KeyTable(int entriesMax, long seed) {
        this.entriesMax = entriesMax;
        this.hash = new FlowHash(seed);
        int slots = Integer.highestOneBit(Math.max(1, entriesMax)) * 4;
        this.mask = slots - 1;
        this.keys = new long[WORDS * slots];
        this.values = new int[slots];
        Arrays.fill(values, NONE);
    }

    public int count() {
        return count;
    }

    /// The number of the flow whose key begins at `at`, or [#NONE].
    public int value(long[] words, int at) {
        return count == 0 ? NONE : values[find(words, at)];
    }

    /// Gives a flow a number of 0 or more, in place of the one it has; false if there is no room for another.
    public boolean put(long[] key, int value) {
        int slot = find(key, 0);
        if (values[slot] == NONE) {
            if (count == entriesMax) return false;
            System.arraycopy(key, 0, keys, WORDS * slot, WORDS);
            count++;
        }
        values[slot] = value;
        return true;
    }

    /// Forgets a flow; false if it is not there.
    public boolean remove(long[] key) {
        int gap = find(key, 0);
        if (values[gap] == NONE) return false;
        values[gap] = NONE;
        count--;
        // What a search for would stop at the gap moves into it.
        for (int slot = gap + 1 & mask; values[slot] != NONE; slot = slot + 1 & mask) {
            int home = home(keys, WORDS * slot);
            if ((slot - home & mask) < (slot - gap & mask)) continue;
            System.arraycopy(keys, WORDS * slot, keys, WORDS * gap, WORDS);
            values[gap] = values[slot];
            values[slot] = NONE;
            gap = slot;
        }
        return true;
    }

    /// The slot of the key, or the free one where it would be.
    private int find(long[] words, int at) {
        int slot = home(words, at);
        while (values[slot] != NONE && !isKey(slot, words, at)) slot = slot + 1 & mask;
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
