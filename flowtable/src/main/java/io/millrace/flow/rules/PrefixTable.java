package io.millrace.flow.rules;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keys of several fields, each an interval: tuple space search. Intervals are cut into prefixes; entries that have the
/// same prefix lengths share one hash table, so that a lookup costs one probe for each combination of lengths that
/// occurs, however many elements there are. Where elements overlap the first one is found. Immutable.
final class PrefixTable {

    static final int NONE = -1;

    /// Entries that the intervals of a set may be cut into.
    private static final int ENTRY_MAX = 1 << 22;

    /// One field of an element: `low` to `high`, both included, in `words` registers.
    record Field(BigInteger low, BigInteger high, int words) {
    }

    private final int keyWords;
    private final int maskCount;
    private final int[] masks;
    private final ElementTable[] tables;
    /// The element of each entry, for each mask.
    private final int[][] elements;
    private final int[] masked;

    private PrefixTable(int keyWords, Map<Mask, List<Entry>> groups, int seed) {
        this.keyWords = keyWords;
        this.maskCount = groups.size();
        this.masks = new int[maskCount * keyWords];
        this.tables = new ElementTable[maskCount];
        this.elements = new int[maskCount][];
        this.masked = new int[keyWords];
        int number = 0;
        for (Map.Entry<Mask, List<Entry>> group : groups.entrySet()) {
            System.arraycopy(group.getKey().words, 0, masks, number * keyWords, keyWords);
            fill(number++, group.getValue(), seed);
        }
    }

    private void fill(int number, List<Entry> entries, int seed) {
        var table = new ElementTable(keyWords, entries.size(), seed);
        int[] found = new int[entries.size()];
        for (Entry entry : entries) {
            // Entries come in the order of their elements: the first of equal ones stays.
            if (table.find(entry.key, 0) == NONE) found[table.insert(entry.key, 0)] = entry.element;
        }
        tables[number] = table;
        elements[number] = found;
    }

    /// The first element that holds the key, or [#NONE].
    int find(int[] words, int at) {
        int best = Integer.MAX_VALUE;
        for (int number = 0; number < maskCount; number++) {
            for (int i = 0; i < keyWords; i++) masked[i] = words[at + i] & masks[number * keyWords + i];
            int entry = tables[number].find(masked, 0);
            if (entry != NONE) best = Math.min(best, elements[number][entry]);
        }
        return best == Integer.MAX_VALUE ? NONE : best;
    }

    private record Entry(int[] key, int element) {
    }

    /// An array of words that is equal to another of the same content.
    private static final class Mask {
        private final int[] words;

        Mask(int[] words) {
            this.words = words;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Mask mask && Arrays.equals(words, mask.words);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(words);
        }
    }

    /// Collects elements, in their order.
    static final class Builder {
        private final int keyWords;
        private final Map<Mask, List<Entry>> groups = new LinkedHashMap<>();
        private int entryCount;

        Builder(int keyWords) {
            this.keyWords = keyWords;
        }

        void add(int element, List<Field> fields) throws NotExecutable {
            add(element, fields, 0, new int[keyWords], new int[keyWords], 0);
        }

        private void add(int element, List<Field> fields, int index, int[] key, int[] mask, int at)
            throws NotExecutable {
            if (index == fields.size()) {
                if (++entryCount > ENTRY_MAX) {
                    throw new NotExecutable("intervals that are more than " + ENTRY_MAX + " combinations of prefixes");
                }
                groups.computeIfAbsent(new Mask(mask.clone()), _ -> new ArrayList<>())
                    .add(new Entry(key.clone(), element));
                return;
            }
            Field field = fields.get(index);
            int bits = 32 * field.words();
            BigInteger low = field.low();
            while (low.compareTo(field.high()) <= 0) {
                int hostBits = hostBits(low, field.high(), bits);
                BigInteger size = BigInteger.ONE.shiftLeft(hostBits);
                Words.of(low, field.words(), key, at);
                Words.of(BigInteger.ONE.shiftLeft(bits).subtract(size), field.words(), mask, at);
                add(element, fields, index + 1, key, mask, at + field.words());
                low = low.add(size);
            }
        }

        /// How many low bits the largest prefix has that begins at `low` and does not pass `high`.
        private static int hostBits(BigInteger low, BigInteger high, int bits) {
            int aligned = low.signum() == 0 ? bits : Math.min(bits, low.getLowestSetBit());
            int fitting = high.subtract(low).add(BigInteger.ONE).bitLength() - 1;
            return Math.min(aligned, fitting);
        }

        PrefixTable build(int seed) {
            return new PrefixTable(keyWords, groups, seed);
        }
    }
}
