package io.millrace.dataplane.neighbour;

import java.util.Arrays;

/// One deadline per number, at most: a binary heap that also knows where each number stands. Equal deadlines come in
/// the order of their numbers. Setting and taking cost log₂ of how many run; nothing is allocated.
final class NeighbourTimers {

    private static final int ABSENT = -1;

    private final long[] deadlineNs;   // by number
    private final int[] position;      // by number: where it stands in the heap, or ABSENT
    private final int[] heap;
    private int count;

    NeighbourTimers(int numberCount) {
        deadlineNs = new long[numberCount];
        position = new int[numberCount];
        heap = new int[numberCount];
        Arrays.fill(position, ABSENT);
    }

    /// The earliest deadline, or `Long.MAX_VALUE`.
    long nextNs() {
        return count == 0 ? Long.MAX_VALUE : deadlineNs[heap[0]];
    }

    /// The number with the earliest deadline; its timer no longer runs.
    int take() {
        int number = heap[0];
        cancel(number);
        return number;
    }

    boolean isRunning(int number) {
        return position[number] != ABSENT;
    }

    long deadlineNs(int number) {
        return deadlineNs[number];
    }

    /// Starts the number's timer, or moves its deadline.
    void set(int number, long atNs) {
        if (position[number] == ABSENT) {
            position[number] = count;
            heap[count++] = number;
        }
        deadlineNs[number] = atNs;
        rise(position[number]);
        sink(position[number]);
    }

    void cancel(int number) {
        int hole = position[number];
        if (hole == ABSENT) return;
        position[number] = ABSENT;
        int moved = heap[--count];
        if (moved == number) return;
        place(moved, hole);
        rise(hole);
        sink(position[moved]);
    }

    private void rise(int from) {
        int at = from;
        int number = heap[at];
        while (at > 0 && isBefore(number, heap[(at - 1) / 2])) {
            place(heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }
        place(number, at);
    }

    private void sink(int from) {
        int at = from;
        int number = heap[at];
        while (2 * at + 1 < count) {
            int child = 2 * at + 1;
            if (child + 1 < count && isBefore(heap[child + 1], heap[child])) child++;
            if (!isBefore(heap[child], number)) break;
            place(heap[child], at);
            at = child;
        }
        place(number, at);
    }

    private void place(int number, int at) {
        heap[at] = number;
        position[number] = at;
    }

    private boolean isBefore(int number, int other) {
        if (deadlineNs[number] != deadlineNs[other]) return deadlineNs[number] < deadlineNs[other];
        return number < other;
    }
}
