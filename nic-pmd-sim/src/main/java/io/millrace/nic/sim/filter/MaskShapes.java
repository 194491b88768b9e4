package io.millrace.nic.sim.filter;

import io.millrace.flow.flower.FlowerMatch;

import java.util.HashMap;
import java.util.Map;

/// The different masks of a device's filters, and how many filters have each.
final class MaskShapes {

    private final Map<Shape, Integer> counts = new HashMap<>();

    /// A match as its mask alone.
    private record Shape(FlowerMatch match) {

        @Override
        public boolean equals(Object object) {
            return object instanceof Shape other && match.hasShapeOf(other.match);
        }

        @Override
        public int hashCode() {
            return match.shapeHash();
        }
    }

    MaskShapes copy() {
        var copy = new MaskShapes();
        copy.counts.putAll(counts);
        return copy;
    }

    void add(FlowerMatch match) {
        counts.merge(new Shape(match), 1, Integer::sum);
    }

    void remove(FlowerMatch match) {
        counts.computeIfPresent(new Shape(match), (_, count) -> count == 1 ? null : count - 1);
    }

    int count() {
        return counts.size();
    }

    void clear() {
        counts.clear();
    }
}
