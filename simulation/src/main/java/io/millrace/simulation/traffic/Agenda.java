package io.millrace.simulation.traffic;

import java.util.PriorityQueue;

/// What the hosts will do, by time; of what falls on one moment, the first noted comes first.
public final class Agenda {

    public static final long NEVER = Long.MAX_VALUE;

    /// Something to do.
    public interface Action {
        void act(long nowNs);
    }

    private record Entry(long atNs, long place, Action action) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(place, other.place);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long place;

    public void at(long atNs, Action action) {
        entries.add(new Entry(atNs, place++, action));
    }

    public long nextNs() {
        return entries.isEmpty() ? NEVER : entries.peek().atNs();
    }

    /// Does what is due, at most `actionsMax` of it; returns how much.
    public int run(long nowNs, int actionsMax) {
        int count = 0;
        while (count < actionsMax && nextNs() <= nowNs) {
            entries.poll().action().act(nowNs);
            count++;
        }
        return count;
    }
}
