package io.millrace.flow.flower.block;

import io.millrace.flow.flower.FlowerMatch;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The filters of one priority: one protocol, handles from 1, no key twice.
final class PriorityEntries {

    /// Handles up to here are looked up for the smallest that is free; higher ones are only those that were given.
    private static final int HANDLES_MAX = 1 << 22;

    private final int protocol;
    private final Map<Integer, FlowerEntry> byHandle = new LinkedHashMap<>();
    private final Map<Key, FlowerEntry> byKey = new HashMap<>();
    private final BitSet handles = new BitSet();

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

    /// Puts the filter where the one of its handle was, or behind all others.
    void put(FlowerEntry entry) {
        int handle = entry.filter().handle();
        FlowerEntry old = byHandle.put(handle, entry);
        if (old != null) byKey.remove(new Key(old.filter().match()));
        byKey.put(new Key(entry.filter().match()), entry);
        if (handle > 0 && handle < HANDLES_MAX) handles.set(handle);
    }

    void remove(FlowerEntry entry) {
        int handle = entry.filter().handle();
        byHandle.remove(handle);
        byKey.remove(new Key(entry.filter().match()));
        if (handle > 0 && handle < HANDLES_MAX) handles.clear(handle);
    }
}
