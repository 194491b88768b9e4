package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerMatch;
import io.millrace.flow.flower.FlowerPlace;
import io.millrace.flow.flower.FlowerShape;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The filters of one priority: one protocol, handles from 1, no key twice, and their order. A mask shape has its place
/// from its first filter to its last.
final class PriorityEntries {

    /// Handles up to here are looked up for the smallest that is free; higher ones are only those that were given.
    private static final int HANDLES_MAX = 1 << 22;

    private final int protocol;
    private final Map<Integer, FlowerEntry> byHandle = new LinkedHashMap<>();
    private final Map<Key, FlowerEntry> byKey = new HashMap<>();
    private final Map<FlowerShape, ShapePlace> shapes = new HashMap<>();
    private final BitSet handles = new BitSet();
    private long nextPlace;

    /// A match as Linux tells it from others: by what it looks at and finds there.
    private record Key(FlowerMatch match) {

        @Override
        public boolean equals(Object object) {
            return object instanceof Key other && match.hasKeyOf(other.match);
        }

        @Override
        public int hashCode() {
            return match.keyHash();
        }
    }

    private record ShapePlace(long place, int filterCount) {}

    PriorityEntries(int protocol) {
        this.protocol = protocol;
    }

    int protocol() {
        return protocol;
    }

    Collection<FlowerEntry> all() {
        return byHandle.values();
    }

    FlowerEntry get(int handle) {
        return byHandle.get(handle);
    }

    FlowerEntry withKeyOf(FlowerMatch match) {
        return byKey.get(new Key(match));
    }

    int freeHandle() {
        return handles.nextClearBit(1);
    }

    /// Where a filter is to stand that replaces `old`, or none.
    FlowerPlace place(FlowerMatch match, FlowerEntry old) {
        if (old != null) return old.place();
        ShapePlace shape = shapes.get(new FlowerShape(match));
        return new FlowerPlace(shape == null ? nextPlace : shape.place(), nextPlace);
    }

    /// Puts the filter where the one of its handle was, or behind all others.
    void put(FlowerEntry entry) {
        int handle = entry.filter().handle();
        FlowerEntry old = byHandle.put(handle, entry);
        if (old != null) forget(old);
        byKey.put(new Key(entry.filter().match()), entry);
        shapes.merge(new FlowerShape(entry.filter().match()), new ShapePlace(entry.place().shape(), 1),
            (known, _) -> new ShapePlace(known.place(), known.filterCount() + 1));
        nextPlace = Math.max(nextPlace, entry.place().filter() + 1);
        if (handle > 0 && handle < HANDLES_MAX) handles.set(handle);
    }

    private void forget(FlowerEntry entry) {
        byKey.remove(new Key(entry.filter().match()));
        shapes.computeIfPresent(new FlowerShape(entry.filter().match()),
            (_, shape) -> shape.filterCount() == 1 ? null : new ShapePlace(shape.place(), shape.filterCount() - 1));
    }

    void remove(FlowerEntry entry) {
        int handle = entry.filter().handle();
        byHandle.remove(handle);
        forget(entry);
        if (handle > 0 && handle < HANDLES_MAX) handles.clear(handle);
    }
}
