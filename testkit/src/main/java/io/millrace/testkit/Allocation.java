package io.millrace.testkit;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/// What code allocates on the heap once HotSpot has compiled it. Cold code may allocate what compiled code does not
/// (vectors, for one), and how long compiling takes depends on what else the machine does; so warm is not a number of
/// rounds.
public final class Allocation {

    private static final int QUIET_RUNS = 3;
    private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);

    /// Runs the work until it has allocated nothing three times in a row, at most for a minute. Returns the bytes
    /// that the last run allocated on this thread: 0, unless the work never became quiet.
    public static long bytesOnceWarm(Runnable work) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long giveUpNs = System.nanoTime() + WARM_UP_MAX.toNanos();
        int quietCount = 0;
        long allocatedBytes;
        do {
            long beforeBytes = threads.getCurrentThreadAllocatedBytes();
            work.run();
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - beforeBytes;
            quietCount = allocatedBytes == 0 ? quietCount + 1 : 0;
        } while (quietCount < QUIET_RUNS && System.nanoTime() < giveUpNs);
        return allocatedBytes;
    }

    private Allocation() {}
}
