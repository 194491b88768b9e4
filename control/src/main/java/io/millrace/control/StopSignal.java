package io.millrace.control;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C and `kill` ask the run to end, and wait until it has written its captures and its report.
final class StopSignal {

    /// A run that takes longer to end is lost: whoever asked twice, or shuts the machine down, will not wait.
    private static final int WAIT_SECONDS = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean isRequested;   // written by the shutdown hook

    static StopSignal install() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::await, "stop"));
        return signal;
    }

    private void await() {
        isRequested = true;
        try {
            done.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isRequested() {
        return isRequested;
    }

    /// Nothing is left to be written.
    void done() {
        done.countDown();
    }
}
