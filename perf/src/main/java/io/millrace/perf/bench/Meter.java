package io.millrace.perf.bench;

import com.sun.management.ThreadMXBean;
import net.openhft.affinity.Affinity;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntSupplier;

/// Runs a turn of work over and over on this thread and says how fast it was and what it allocated.
///
/// A turn returns how many packets it handled. Turns run in blocks, so that the clock is read thousands of packets
/// apart.
final class Meter {

    private static final int TURNS_PER_BLOCK = 256;
    private static final double WARM_UP_WINDOW_SECONDS = 0.2;
    private static final double WARM_UP_SECONDS_MAX = 20;

    private final IntSupplier turn;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// What one measurement found.
    record Reading(double mpps, double allocatedBytesPerPacket) {}

    Meter(IntSupplier turn) {
        this.turn = turn;
    }

    /// Works until the rate is steady, at most twenty seconds; returns the seconds it took.
    double warmUp() {
        var steadiness = new Steadiness();
        long startNs = System.nanoTime();
        double seconds;
        do {
            Reading window = measure(WARM_UP_WINDOW_SECONDS);
            seconds = (System.nanoTime() - startNs) / 1e9;
            if (steadiness.isSteadyAfter(window.mpps())) break;
        } while (seconds < WARM_UP_SECONDS_MAX);
        return seconds;
    }

    Reading measure(double seconds) {
        long packetCount = 0;
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        long startNs = System.nanoTime();
        long untilNs = startNs + (long) (seconds * 1e9);
        long nowNs;
        do {
            packetCount += block();
            nowNs = System.nanoTime();
        } while (nowNs < untilNs);
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - beforeBytes;
        return new Reading(packetCount * 1e3 / (nowNs - startNs), (double) allocatedBytes / packetCount);
    }

    /// Measures over windows that are short beside what a scheduler gives, so that other programs do not count: the rate
    /// of the median window, and the most that any window allocated.
    Reading medianOfWindows(int windowCount, double windowSeconds) {
        double[] mpps = new double[windowCount];
        double allocated = 0;
        for (int window = 0; window < windowCount; window++) {
            Reading reading = measure(windowSeconds);
            mpps[window] = reading.mpps();
            allocated = Math.max(allocated, reading.allocatedBytesPerPacket());
        }
        return new Reading(median(mpps), allocated);
    }

    /// Puts this thread on the last processor allowed: the first is where everything else runs.
    static void pin() {
        BitSet allowed = Affinity.getAffinity();
        if (!allowed.isEmpty()) Affinity.setAffinity(allowed.length() - 1);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// A method of its own, so that HotSpot compiles it as one and not on the stack of the loop above.
    private int block() {
        int packetCount = 0;
        for (int i = 0; i < TURNS_PER_BLOCK; i++) {
            packetCount += turn.getAsInt();
        }
        return packetCount;
    }
}
