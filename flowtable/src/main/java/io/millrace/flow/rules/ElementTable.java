package io.millrace.flow.rules;

import io.millrace.packet.memory.Check;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/// Keys of one width, found by hash: open addressing with linear probing, at most half full. Elements have numbers,
/// which stay as long as they live; one that was removed gives its number to the next. Nothing is allocated after
/// construction.
final class ElementTable {

    static final int NONE = -1;

    static final int CAPACITY_MAX = 1 << 26;

    private final int keyWords;
    private final int capacity;
    private final int seed;
    /// Element + 1 of each place, 0 where there is none.
    private final int[] places;
    private final int[] keys;
    private final int[] nextFree;
    private int free = NONE;
    private int used;
    private int count;

    ElementTable(int keyWords, int capacity, int seed) {
        Check.that(capacity <= CAPACITY_MAX, "a set has at most 2^26 elements", capacity);
        this.keyWords = keyWords;
        this.capacity = Math.max(1, capacity);
        this.seed = seed;
        this.places = new int[Integer.highestOneBit(this.capacity) * 4];
        this.keys = new int[Math.multiplyExact(this.capacity, keyWords)];
        this.nextFree = new int[this.capacity];
        Arrays.fill(nextFree, NONE);
    }

    int capacity() { return capacity; }
    int count()    { return count; }

    /// Numbers that were ever given, living or not.
    int usedCount() { return used; }

    int find(int[] words, int at) {
        int mask = places.length - 1;
        int place = KeyHash.of(words, at, keyWords, seed) & mask;
        while (places[place] != 0) {
            int element = places[place] - 1;
            if (isKey(element, words, at)) return element;
            place = place + 1 & mask;
        }
        return NONE;
    }

    private boolean isKey(int element, int[] words, int at) {
        int keyAt = element * keyWords;
        for (int i = 0; i < keyWords; i++) {
            if (keys[keyAt + i] != words[at + i]) return false;
        }
        return true;
    }

    /// Adds a key that is not there. [#NONE] if the table is full.
    int insert(int[] words, int at) {
        int element = take();
        if (element == NONE) return NONE;
        System.arraycopy(words, at, keys, element * keyWords, keyWords);
        int mask = places.length - 1;
        int place = homeOf(element);
        while (places[place] != 0) place = place + 1 & mask;
        places[place] = element + 1;
        count++;
        return element;
    }

    private int take() {
        if (free != NONE) {
            int element = free;
            free = nextFree[element];
            nextFree[element] = NONE;
            return element;
        }
        return used < capacity ? used++ : NONE;
    }

    void remove(int element) {
        int mask = places.length - 1;
        int hole = homeOf(element);
        while (places[hole] != element + 1) hole = hole + 1 & mask;
        places[hole] = 0;
        // What probed past the hole moves back.
        for (int place = hole + 1 & mask; places[place] != 0; place = place + 1 & mask) {
            int home = homeOf(places[place] - 1);
            if ((place - home & mask) < (place - hole & mask)) continue;
            places[hole] = places[place];
            places[place] = 0;
            hole = place;
        }
        nextFree[element] = free;
        free = element;
        count--;
    }

    private int homeOf(int element) {
        return KeyHash.of(keys, element * keyWords, keyWords, seed) & places.length - 1;
    }

    /// True if the number is that of a living element; for walks, not per packet.
    boolean isLiving(int element) {
        return element < used && find(keys, element * keyWords) == element;
    }

    /// The keys of a table at one moment.
    ///
    /// @param used     elements whose numbers were ever given
    /// @param nextFree by element, the one that is free after it
    record KeyCopy(int keyWords, int used, int[] keys, int[] nextFree, int free) {

        /// Living elements by the words of their keys.
        Map<IntBuffer, Integer> living() {
            var isFree = new BitSet(used);
            for (int element = free; element != NONE; element = nextFree[element]) isFree.set(element);
            var living = new LinkedHashMap<IntBuffer, Integer>();
            for (int element = isFree.nextClearBit(0); element < used; element = isFree.nextClearBit(element + 1)) {
                int from = element * keyWords;
                living.put(IntBuffer.wrap(Arrays.copyOfRange(keys, from, from + keyWords)), element);
            }
            return living;
        }
    }

    KeyCopy copy() {
        return new KeyCopy(keyWords, used, Arrays.copyOf(keys, used * keyWords), Arrays.copyOf(nextFree, used), free);
    }

    void copyKey(int element, int[] target, int at) {
        System.arraycopy(keys, element * keyWords, target, at, keyWords);
    }
}
