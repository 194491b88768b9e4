package io.millrace.flow.rules;

import java.util.ArrayList;
import java.util.List;

/// Intervals of one-field keys that do not overlap, found by bisection. Immutable.
final class IntervalTable {

    static final int NONE = -1;

    /// Both ends are included; most significant word first.
    record Interval(int[] low, int[] high, int element) {
    }

    private final int keyWords;
    private final int[] lows;
    private final int[] highs;
    private final int[] elements;

    IntervalTable(int keyWords, List<Interval> intervals) throws NotExecutable {
        this.keyWords = keyWords;
        List<Interval> sorted = new ArrayList<>(intervals);
        sorted.sort((a, b) -> compare(a.low(), 0, b.low(), 0, keyWords));
        lows = new int[sorted.size() * keyWords];
        highs = new int[sorted.size() * keyWords];
        elements = new int[sorted.size()];
        for (int i = 0; i < sorted.size(); i++) {
            Interval interval = sorted.get(i);
            boolean overlaps = i > 0 && compare(sorted.get(i - 1).high(), 0, interval.low(), 0, keyWords) >= 0;
            if (overlaps) throw new NotExecutable("elements that overlap");
            System.arraycopy(interval.low(), 0, lows, i * keyWords, keyWords);
            System.arraycopy(interval.high(), 0, highs, i * keyWords, keyWords);
            elements[i] = interval.element();
        }
    }

    static int compare(int[] left, int leftAt, int[] right, int rightAt, int words) {
        for (int i = 0; i < words; i++) {
            int order = Integer.compareUnsigned(left[leftAt + i], right[rightAt + i]);
            if (order != 0) return order;
        }
        return 0;
    }

    /// The element whose interval holds the key, or [#NONE].
    int find(int[] words, int at) {
        int from = 0;
        int to = elements.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if (compare(lows, middle * keyWords, words, at, keyWords) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        boolean isIn = from > 0 && compare(words, at, highs, (from - 1) * keyWords, keyWords) <= 0;
        return isIn ? elements[from - 1] : NONE;
    }
}
