package io.millrace.perf.bench;

import io.millrace.dataplane.worker.Clock;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// The time that the thread which reads it has had a processor, from the wall clock's time on: what other processes do
/// meanwhile does not count. A reading takes about half a microsecond.
final class ThreadClock implements Clock {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long beginNs = System.currentTimeMillis() * 1_000_000 - threads.getCurrentThreadCpuTime();

    @Override
    public long nowNs() {
        return beginNs + threads.getCurrentThreadCpuTime();
    }
}
