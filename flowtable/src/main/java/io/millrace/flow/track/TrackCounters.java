package io.millrace.flow.track;

/// One worker's counters of connection tracking. Written by the worker, read by anybody.
public final class TrackCounters {

    private static final TrackCounter[] ALL = TrackCounter.values();

    private final long[] counts = new long[ALL.length];

    public long get(TrackCounter counter) {
        return counts[counter.ordinal()];
    }

    public void add(TrackCounter counter, long count) {
        counts[counter.ordinal()] += count;
    }

    void count(TrackCounter counter) {
        counts[counter.ordinal()]++;
    }

    /// As a line of `conntrack -S`: `cpu=0   found=0 invalid=1 …`.
    public String text(int worker) {
        StringBuilder text = new StringBuilder("cpu=").append(worker).append("   \t");
        for (TrackCounter counter : ALL) {
            text.append(counter.text()).append('=').append(get(counter)).append(' ');
        }
        return text.toString();
    }
}
