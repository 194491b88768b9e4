package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerAction;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gives each action the number that `tc` shows: of its kind the smallest that is free, from 1, over all filters of a
/// dataplane.
public final class ActionIndexes {

    private final Map<String, BitSet> usedByKind = new HashMap<>();

    int[] take(List<FlowerAction> actions) {
        int[] taken = new int[actions.size()];
        for (int i = 0; i < taken.length; i++) {
            BitSet used = usedByKind.computeIfAbsent(actions.get(i).kind(), _ -> new BitSet());
            taken[i] = used.nextClearBit(1);
            used.set(taken[i]);
        }
        return taken;
    }

    void release(List<FlowerAction> actions, int[] taken) {
        for (int i = 0; i < taken.length; i++) usedByKind.get(actions.get(i).kind()).clear(taken[i]);
    }
}
