package io.millrace.simulation.journal;

import java.util.ArrayList;
import java.util.List;

/// The last events of a run, put into words only where somebody reads them.
public final class EventLog {

    private static final double NS_PER_MS = 1e6;

    private record Event(long nowNs, String kind, Object subject, Object more) {}

    private final Event[] events;
    private final long startNs;
    private long count;

    /// @param eventsMax how many are remembered
    public EventLog(long startNs, int eventsMax) {
        this.events = new Event[eventsMax];
        this.startNs = startNs;
    }

    /// @param subject whose text is asked for later; it must not change
    public void add(long nowNs, String kind, Object subject, Object more) {
        events[(int) (count++ % events.length)] = new Event(nowNs, kind, subject, more);
    }

    public long count() {
        return count;
    }

    /// Oldest first, a line each: milliseconds since the start, kind, subject.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        for (long i = Math.max(0, count - events.length); i < count; i++) {
            Event event = events[(int) (i % events.length)];
            lines.add(String.format("%12.4f ms  %-8s %s%s", (event.nowNs - startNs) / NS_PER_MS, event.kind,
                event.subject, event.more == null ? "" : "  " + event.more));
        }
        return lines;
    }
}
