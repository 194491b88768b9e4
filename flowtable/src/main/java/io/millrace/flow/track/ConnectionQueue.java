package io.millrace.flow.track;

import io.millrace.packet.memory.Check;

import java.util.concurrent.atomic.AtomicLong;

/// Events on their way from the worker to one other thread: a ring of copies of entries. The worker copies and nothing
/// else; when the ring is full, events are counted and lost.
public final class ConnectionQueue {

    private static final EventKind[] KINDS = EventKind.values();

    private final int mask;
    private final Connections copies;
    private final byte[] kinds;
    private final long[] timesNs;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    /// @param capacity a power of two
    public ConnectionQueue(int capacity) {
        Check.that(Integer.bitCount(capacity) == 1, "capacity must be a power of two", capacity);
        this.mask = capacity - 1;
        this.copies = Connections.copies(capacity);
        this.kinds = new byte[capacity];
        this.timesNs = new long[capacity];
    }

    /// For the worker: see [Connections#copy].
    public void on(EventKind kind, int entry, long nowNs, Connections connections) {
        long at = written.getPlain();
        if (at - read.getAcquire() > mask) {
            lost.setRelease(lost.getPlain() + 1);
            return;
        }
        int place = (int) at & mask;
        connections.copy(entry, copies, place);
        kinds[place] = (byte) kind.ordinal();
        timesNs[place] = nowNs;
        written.setRelease(at + 1);
    }

    /// For the reader: the place of the next event, or -1. It can be read until [#done].
    public int next() {
        long at = read.getPlain();
        return at == written.getAcquire() ? -1 : (int) at & mask;
    }

    public EventKind kind(int place)  { return KINDS[kinds[place]]; }
    public long timeNs(int place)     { return timesNs[place]; }
    public Connections copies()       { return copies; }
    public long lostCount()           { return lost.getAcquire(); }

    /// The event that [#next] has given was read.
    public void done() {
        read.setRelease(read.getPlain() + 1);
    }
}
