package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerField;
import io.millrace.flow.flower.FlowerMatch;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The filters of one priority that look at the same bits: a hash table of exact keys, off the heap. Cells lie in a row
/// that is at most half full; a filter is found within a few cells of where its key's hash points.
///
/// ```
///  +0 i32 number of the filter + 1, 0 in a free cell    +4 i32 hash    +8 the words of the key that the mask looks at
/// ```
///
/// Filters with ranges of ports are tried in the order in which they were added, as Linux does, unless they name
/// their place.
///
/// Grows by doubling; a change moves at most every cell once. Memory that was outgrown is freed by the collector.
final class MaskTable {

    private static final int RULE = 0;
    private static final int HASH = 4;
    private static final int KEY = 8;
    private static final int CELLS_MIN = 16;
    static final int NONE = -1;

    private final FlowerMatch shape;
    private final long place;
    private final int[] wordIndexes;
    private final long[] wordMasks;
    private final long cellBytes;
    private final long[] wanted;
    private final List<FlowerRule> ranged = new ArrayList<>();
    private FlowerRule[] rangedInOrder = new FlowerRule[0];
    private final boolean hasRange;
    private MemorySegment cells;
    private int cellCount;
    private int ruleCount;

    /// For filters with the mask of `shape`.
    ///
    /// @param place among other shapes: lower numbers come first
    MaskTable(FlowerMatch shape, long place) {
        this.shape = shape;
        this.place = place;
        this.hasRange = shape.hasRange();
        int[] used = new int[FlowerField.WORDS];
        int usedCount = 0;
        for (int word = 0; word < FlowerField.WORDS; word++) {
            if (shape.mask(word) != 0) used[usedCount++] = word;
        }
        this.wordIndexes = Arrays.copyOf(used, usedCount);
        this.wordMasks = new long[usedCount];
        for (int i = 0; i < usedCount; i++) wordMasks[i] = shape.mask(used[i]);
        this.cellBytes = KEY + usedCount * 8L;
        this.wanted = new long[usedCount];
        begin(CELLS_MIN);
    }

    private void begin(int count) {
        cellCount = count;
        cells = Arena.ofAuto().allocate(cellBytes * count, 8);
    }

    long place() {
        return place;
    }

    boolean isFor(FlowerMatch match) {
        return shape.hasShapeOf(match);
    }

    boolean isEmpty() {
        return ruleCount == 0;
    }

    /// The number of the filter that matches the packet, or [#NONE].
    int find(PacketKey key) {
        for (int i = 0; i < wanted.length; i++) wanted[i] = key.word(wordIndexes[i]) & wordMasks[i];
        return hasRange ? findRanged(key) : findWanted();
    }

    private int findWanted() {
        int hash = hash();
        int mask = cellCount - 1;
        for (int cell = hash & mask; ; cell = cell + 1 & mask) {
            long at = cell * cellBytes;
            int rule = Wire.hostI32(cells, at + RULE) - 1;
            if (rule == NONE) return NONE;
            if (Wire.hostI32(cells, at + HASH) == hash && isWanted(at + KEY)) return rule;
        }
    }

    private boolean isWanted(long keyAt) {
        for (int i = 0; i < wanted.length; i++) {
            if (Wire.hostI64(cells, keyAt + i * 8L) != wanted[i]) return false;
        }
        return true;
    }

    private int findRanged(PacketKey key) {
        for (FlowerRule rule : rangedInOrder) {
            if (rule.hasPorts(key.sourcePort(), key.targetPort()) && isWanted(rule.match())) return rule.number();
        }
        return NONE;
    }

    private boolean isWanted(FlowerMatch match) {
        for (int i = 0; i < wanted.length; i++) {
            if (match.value(wordIndexes[i]) != wanted[i]) return false;
        }
        return true;
    }

    /// Spreads the wanted words over all bits; the low ones choose the cell.
    private int hash() {
        long hash = 0;
        for (long word : wanted) {
            hash = (hash ^ word) * 0x9e37_79b9_7f4a_7c15L;
            hash ^= hash >>> 32;
        }
        return (int) (hash * 0xd6e8_feb8_6659_fd93L >>> 32);
    }

    private void want(FlowerMatch match) {
        for (int i = 0; i < wanted.length; i++) wanted[i] = match.value(wordIndexes[i]);
    }

    /// Adds a filter; none with its key is there.
    void add(FlowerRule rule) {
        ruleCount++;
        if (hasRange) {
            ranged.add(placeOf(rule), rule);
            rangedChanged();
            return;
        }
        if (ruleCount * 2 > cellCount) grow();
        want(rule.match());
        place(hash(), rule.number());
    }

    private int placeOf(FlowerRule added) {
        int at = ranged.size();
        while (at > 0 && ranged.get(at - 1).place().filter() > added.place().filter()) at--;
        return at;
    }

    /// Puts a filter in the place of another: in the order of filters with ranges, where that stood.
    void replace(FlowerRule old, FlowerRule rule) {
        if (hasRange) {
            ranged.set(ranged.indexOf(old), rule);
            rangedChanged();
        } else {
            remove(old);
            add(rule);
        }
    }

    void remove(FlowerRule rule) {
        ruleCount--;
        if (hasRange) {
            ranged.remove(rule);
            rangedChanged();
            return;
        }
        want(rule.match());
        int mask = cellCount - 1;
        int cell = hash() & mask;
        while (Wire.hostI32(cells, cell * cellBytes + RULE) - 1 != rule.number()) cell = cell + 1 & mask;
        close(cell, mask);
    }

    private void rangedChanged() {
        rangedInOrder = ranged.toArray(FlowerRule[]::new);
    }

    /// Frees a cell: moves those behind it that would no longer be found.
    private void close(int freed, int mask) {
        int hole = freed;
        for (int cell = hole + 1 & mask; ; cell = cell + 1 & mask) {
            long at = cell * cellBytes;
            if (Wire.hostI32(cells, at + RULE) == 0) break;
            int home = Wire.hostI32(cells, at + HASH) & mask;
            boolean mayMove = (cell - home & mask) >= (cell - hole & mask);
            if (mayMove) {
                Wire.copy(cells, at, cells, hole * cellBytes, cellBytes);
                hole = cell;
            }
        }
        Wire.hostI32(cells, hole * cellBytes + RULE, 0);
    }

    private void grow() {
        MemorySegment old = cells;
        int oldCount = cellCount;
        begin(oldCount * 2);
        for (int cell = 0; cell < oldCount; cell++) {
            long at = cell * cellBytes;
            if (Wire.hostI32(old, at + RULE) == 0) continue;
            long to = free(Wire.hostI32(old, at + HASH)) * cellBytes;
            Wire.copy(old, at, cells, to, cellBytes);
        }
    }

    private void place(int hash, int rule) {
        long at = free(hash) * cellBytes;
        Wire.hostI32(cells, at + RULE, rule + 1);
        Wire.hostI32(cells, at + HASH, hash);
        for (int i = 0; i < wanted.length; i++) Wire.hostI64(cells, at + KEY + i * 8L, wanted[i]);
    }

    private long free(int hash) {
        int mask = cellCount - 1;
        int cell = hash & mask;
        while (Wire.hostI32(cells, cell * cellBytes + RULE) != 0) cell = cell + 1 & mask;
        return cell;
    }
}
