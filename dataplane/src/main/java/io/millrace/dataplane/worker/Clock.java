package io.millrace.dataplane.worker;

/// Where a worker gets its time from, once a turn: nanoseconds since 1970.
public interface Clock {

    long nowNs();

    /// The machine's clock: starts at the wall clock's time and never runs backwards.
    static Clock system() {
        long offsetNs = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
        return () -> System.nanoTime() + offsetNs;
    }
}
