package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A set or map as packets look into it. Elements have numbers; beside each number lie its data, when it ends, and its
/// counters and limits. Keys lie in one of three tables, by their kind.
///
/// Sets that packets write are bounded: an element whose time is over makes room where it is met, and [#sweep] looks
/// for others. Nothing is allocated after construction.
public final class LookupSet {

    static final int NONE = -1;

    static final long NEVER = Long.MAX_VALUE;
    private static final int SWEEP_WHEN_FULL = 64;

    private final ElementSet definition;
    private final ElementTable exact;
    private final IntervalTable intervals;
    private final PrefixTable prefixes;
    private final int elementCount;
    private final int dataWords;
    private final int[] data;
    private final int[] kinds;
    private final long[] cells;
    private final List<Statement> templates;
    private final ConnectionLists lists;
    private final boolean countsConnections;
    private final long lifeNs;
    /// When each element ends; null where none ever does.
    private final long[] expiresNs;
    private final long[] livesNs;
    private int otherwise = NONE;
    private int sweepAt;

    LookupSet(ElementSet definition, ElementTable exact, IntervalTable intervals, PrefixTable prefixes,
              int elementCount, int dataWords, List<Statement> templates, ConnectionLists lists, boolean expires,
              long lifeNs) {
        this.definition = definition;
        this.exact = exact;
        this.intervals = intervals;
        this.prefixes = prefixes;
        this.elementCount = elementCount;
        this.dataWords = dataWords;
        this.data = new int[Math.multiplyExact(elementCount, dataWords)];
        this.templates = templates;
        this.kinds = new int[templates.size()];
        boolean countsAny = false;
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = Cells.kindOf(templates.get(i));
            countsAny |= kinds[i] == Cells.CONNECTIONS;
        }
        this.countsConnections = countsAny;
        this.lists = lists;
        if (countsConnections) lists.addSite();
        this.cells = new long[Math.multiplyExact(elementCount, kinds.length * Cells.CELL_WORDS)];
        this.lifeNs = lifeNs;
        this.expiresNs = expires ? new long[elementCount] : null;
        this.livesNs = expires ? new long[elementCount] : null;
        if (expires) Arrays.fill(expiresNs, NEVER);
    }

    /// The element that is found when no other is.
    void otherwise(int element) {
        otherwise = element;
    }

    /// Fills what lies beside an element's number. `elementLifeNs` 0: as long as the set says, or for ever.
    void describe(int element, int[] dataFrom, int dataAt, List<Statement> statements, long elementLifeNs,
                  long leftNs, long nowNs) {
        if (dataFrom != null) System.arraycopy(dataFrom, dataAt, data, element * dataWords, dataWords);
        for (int i = 0; i < kinds.length; i++) {
            Statement begins = i < statements.size() ? statements.get(i) : templates.get(i);
            Cells.begin(cells, cellAt(element, i), begins);
        }
        if (expiresNs == null) return;
        long life = elementLifeNs != 0 ? elementLifeNs : lifeNs;
        livesNs[element] = life;
        expiresNs[element] = life == 0 ? NEVER : nowNs + (leftNs != 0 ? leftNs : life);
    }

    private int cellAt(int element, int index) {
        return (element * kinds.length + index) * Cells.CELL_WORDS;
    }

    /// The number of the element that holds the key, or [#NONE].
    int find(int[] words, int at, long nowNs) {
        int element;
        if (exact != null) {
            element = exact.find(words, at);
        } else if (intervals != null) {
            element = intervals.find(words, at);
        } else {
            element = prefixes.find(words, at);
        }
        if (element != NONE && !isOver(element, nowNs)) return element;
        return otherwise;
    }

    private boolean isOver(int element, long nowNs) {
        return expiresNs != null && expiresNs[element] != NEVER && expiresNs[element] - nowNs <= 0;
    }

    /// Accounts a packet that met the element. False if what the element counts or limits says that the rule ends.
    boolean passes(int element, RulePacket packet) {
        for (int i = 0; i < kinds.length; i++) {
            int at = cellAt(element, i);
            boolean passes = kinds[i] == Cells.CONNECTIONS
                ? lists.passes(cells, at, packet.tracked(), packet.nowNs())
                : Cells.passes(kinds[i], cells, at, packet.lengthBytes(), packet.nowNs());
            if (!passes) return false;
        }
        return true;
    }

    int dataWords() {
        return dataWords;
    }

    int data(int element) {
        return data[element * dataWords];
    }

    void copyData(int element, int[] target, int at) {
        System.arraycopy(data, element * dataWords, target, at, dataWords);
    }

    /// Finds the element or adds it; `isRefreshing` begins its time anew. [#NONE] if there is no room.
    int put(int[] words, int at, int dataAt, long timeoutNs, boolean isRefreshing, long nowNs) {
        int element = exact.find(words, at);
        if (element != NONE && isOver(element, nowNs)) {
            remove(element);
            element = NONE;
        }
        if (element == NONE) {
            if (exact.count() == exact.capacity()) sweep(nowNs, SWEEP_WHEN_FULL);
            element = exact.insert(words, at);
            if (element == NONE) return NONE;
            describe(element, dataAt < 0 ? null : words, dataAt, List.of(), timeoutNs, 0, nowNs);
        } else if (isRefreshing && expiresNs != null) {
            long life = timeoutNs != 0 ? timeoutNs : livesNs[element];
            expiresNs[element] = life == 0 ? NEVER : nowNs + life;
        }
        return element;
    }

    void remove(int[] words, int at) {
        int element = exact.find(words, at);
        if (element != NONE) remove(element);
    }

    private void remove(int element) {
        exact.remove(element);
        if (!countsConnections) return;
        for (int i = 0; i < kinds.length; i++) {
            if (kinds[i] == Cells.CONNECTIONS) lists.clear(cells, cellAt(element, i));
        }
    }

    /// Frees elements whose time is over, or that count connections and have none left, of up to `elementsMax` that it
    /// looks at.
    public void sweep(long nowNs, int elementsMax) {
        if (expiresNs == null || exact == null) return;
        int steps = Math.min(elementsMax, exact.usedCount());
        for (int i = 0; i < steps; i++) {
            if (sweepAt >= exact.usedCount()) sweepAt = 0;
            int element = sweepAt++;
            if (exact.isLiving(element) && (isOver(element, nowNs) || isForgotten(element, nowNs))) remove(element);
        }
    }

    private boolean isForgotten(int element, long nowNs) {
        if (!countsConnections || !definition.isDynamic()) return false;
        for (int i = 0; i < kinds.length; i++) {
            boolean isDone = kinds[i] == Cells.CONNECTIONS && lists.isEmpty(cells, cellAt(element, i), nowNs);
            if (isDone) return true;
        }
        return false;
    }

    /// Elements that are, without the one that stands for all others; those whose time is over count until they are
    /// met.
    public int count() {
        return exact != null ? exact.count() : definition.elements().size();
    }

    /// Takes over what packets have made of the set's predecessor: elements that they added, and what was counted.
    void takeOver(LookupSet before, long nowNs) {
        if (exact != null && before.exact != null) {
            takeOverElements(before, nowNs);
        } else if (exact == null && before.exact == null) {
            takeOverByKey(before);
        }
    }

    /// Elements that packets neither add nor remove: what they counted, and when they end.
    private void takeOverByKey(LookupSet before) {
        boolean isCounted = Arrays.equals(kinds, before.kinds);
        Map<Value, Integer> old = new HashMap<>();
        List<Element> elements = before.definition.elements();
        for (int i = 0; i < elements.size(); i++) old.put(elements.get(i).key(), before.number(i));
        for (int i = 0; i < definition.elements().size(); i++) {
            Integer number = old.get(definition.elements().get(i).key());
            if (number == null) continue;
            if (isCounted) takeOverCells(before, number, number(i));
            if (expiresNs != null && before.expiresNs != null) expiresNs[number(i)] = before.expiresNs[number];
        }
    }

    /// The number of an element of the definition, in a set without exact keys.
    private int number(int index) {
        return definition.elements().get(index).key() instanceof Value.Everything ? otherwise : index;
    }

    private void takeOverElements(LookupSet before, long nowNs) {
        int[] key = new int[Words.MAX];
        for (int old = 0; old < before.exact.usedCount(); old++) {
            if (!before.exact.isLiving(old) || before.isOver(old, nowNs)) continue;
            before.exact.copyKey(old, key, 0);
            int element = exact.find(key, 0);
            if (element == NONE) {
                if (!definition.isDynamic()) continue;
                element = exact.insert(key, 0);
                if (element == NONE) return;
                describe(element, before.data, old * dataWords, List.of(), 0, 0, nowNs);
            }
            if (expiresNs != null && before.expiresNs != null) {
                expiresNs[element] = before.expiresNs[old];
                livesNs[element] = before.livesNs[old];
            }
            if (Arrays.equals(kinds, before.kinds)) takeOverCells(before, old, element);
        }
    }

    private void takeOverCells(LookupSet before, int old, int element) {
        for (int i = 0; i < kinds.length; i++) {
            int from = before.cellAt(old, i);
            if (kinds[i] == Cells.CONNECTIONS) {
                lists.takeOver(before.lists, before.cells, from, cells, cellAt(element, i));
            } else {
                Cells.takeOver(before.cells, from, cells, cellAt(element, i));
            }
        }
    }

    /// The set as it is now, for another thread to read. Copies what is used; null where packets change nothing in it.
    SetCopy copy(long nowNs) {
        if (kinds.length == 0 && expiresNs == null) return null;
        // The element for all others has the last number.
        int count = exact == null || otherwise != NONE ? elementCount : exact.usedCount();
        return new SetCopy(definition, exact == null ? null : exact.copy(), Arrays.copyOf(data, count * dataWords),
            dataWords, Arrays.copyOf(cells, count * kinds.length * Cells.CELL_WORDS), templates,
            expiresNs == null ? null : Arrays.copyOf(expiresNs, count),
            expiresNs == null ? null : Arrays.copyOf(livesNs, count), lifeNs, otherwise, nowNs);
    }

    /// True if what the other holds can be taken over: the same fields and data.
    boolean isLike(LookupSet other) {
        return definition.key().equals(other.definition.key()) && definition.data().equals(other.definition.data())
            && definition.objectKind() == other.definition.objectKind();
    }
}
