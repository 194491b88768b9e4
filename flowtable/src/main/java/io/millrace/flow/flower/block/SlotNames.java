package io.millrace.flow.flower.block;

import java.util.Arrays;
import java.util.BitSet;

/// Slots for filters in hardware, the smallest free one first, and how often each has been used: the generation.
final class SlotNames {

    private static final int SLOTS_MIN = 64;

    private final BitSet used = new BitSet();
    private int[] generations = new int[SLOTS_MIN];

    int take() {
        int slot = used.nextClearBit(0);
        used.set(slot);
        if (slot == generations.length) generations = Arrays.copyOf(generations, slot * 2);
        generations[slot]++;
        return slot;
    }

    int generation(int slot) {
        return generations[slot];
    }

    void release(int slot) {
        used.clear(slot);
    }
}
