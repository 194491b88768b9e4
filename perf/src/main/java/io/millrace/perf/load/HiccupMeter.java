package io.millrace.perf.load;

import net.openhft.affinity.Affinity;
import org.HdrHistogram.Histogram;

/// Gaps between two looks at the clock of a thread that does nothing else, on a processor of its own: what a machine
/// does to anyone's latency. Begins when made.
final class HiccupMeter {

    private final Histogram gaps = new Histogram(1, LatencyRow.NS_MAX, 3);
    private final Thread thread;
    private volatile boolean isOver;

    HiccupMeter(int processor) {
        thread = new Thread(() -> {
            Affinity.setAffinity(processor);
            spin();
        }, "hiccups");
        thread.setDaemon(true);
        thread.start();
    }

    private void spin() {
        long lastNs = System.nanoTime();
        while (!isOver) {
            long nowNs = System.nanoTime();
            gaps.recordValue(Math.min(nowNs - lastNs, LatencyRow.NS_MAX));
            lastNs = nowNs;
        }
    }

    /// What was measured; it is over then.
    Histogram end() {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while hiccups were measured", e);
        }
        return gaps;
    }
}
