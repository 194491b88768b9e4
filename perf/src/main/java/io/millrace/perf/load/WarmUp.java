package io.millrace.perf.load;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;

/// Runs trials until what a packet costs is steady and the JIT has little left to do, at most for half a minute.
///
/// @param seconds  it took
/// @param until    when measuring began
/// @param isSteady false if time ran out first
/// @param jitMs    that the JIT compiled in all
record WarmUp(double seconds, Instant until, boolean isSteady, long jitMs) {

    private static final long WINDOW_NS = 300_000_000;
    private static final int WINDOWS = 4;
    private static final double SPREAD_MAX = 0.10;
    private static final long JIT_MS_MAX = 15;
    private static final double SECONDS_MAX = 30;

    static WarmUp run(TrialRunner runner, double share) {
        CompilationMXBean jit = ManagementFactory.getCompilationMXBean();
        double[] last = new double[WINDOWS];
        long startNs = System.nanoTime();
        long jitStartMs = jit.getTotalCompilationTime();
        double seconds;
        boolean isReady;
        int count = 0;
        do {
            long beforeMs = jit.getTotalCompilationTime();
            runner.run(share, WINDOW_NS);
            last[count++ % WINDOWS] = runner.busyNsPerPacket();
            boolean isQuiet = jit.getTotalCompilationTime() - beforeMs <= JIT_MS_MAX;
            seconds = (System.nanoTime() - startNs) / 1e9;
            isReady = count >= WINDOWS && isQuiet && isSteady(last);
        } while (!isReady && seconds < SECONDS_MAX);
        return new WarmUp(seconds, Instant.now(), isReady, jit.getTotalCompilationTime() - jitStartMs);
    }

    private static boolean isSteady(double[] costs) {
        double min = Double.MAX_VALUE;
        double max = 0;
        for (double cost : costs) {
            min = Math.min(min, cost);
            max = Math.max(max, cost);
        }
        return max <= min * (1 + SPREAD_MAX);
    }
}
