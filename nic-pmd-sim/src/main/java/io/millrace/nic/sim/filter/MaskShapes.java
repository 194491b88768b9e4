package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.FlowerShape;

import java.util.HashMap;
import java.util.Map;

/// The different masks of a device's filters, and how many filters have each.
final class MaskShapes {

    private final Map<FlowerShape, Integer> counts = new HashMap<>();

    MaskShapes copy() {
        var copy = new MaskShapes();
        copy.counts.putAll(counts);
        return copy;
    }

    void add(FlowerMatch match) {
        counts.merge(new FlowerShape(match), 1, Integer::sum);
    }

    void remove(FlowerMatch match) {
        counts.computeIfPresent(new FlowerShape(match), (_, count) -> count == 1 ? null : count - 1);
    }

    int count() {
        return counts.size();
    }

    void clear() {
        counts.clear();
    }
}
