package io.millrace.dataplane.worker;

import io.millrace.nic.system.PollSet;
import org.agrona.concurrent.IdleStrategy;

/// Idles by sleeping in `poll` until a packet comes, once there was none for 200 µs; before, it spins. So a worker
/// under load never sleeps, and one without takes next to nothing of its processor.
///
/// It wakes up a hundred times a second all the same: time passes for timers, and somebody may want it to stop.
final class SleepOnPorts implements IdleStrategy {

    private static final long AWAKE_NS = 200_000;
    private static final int SLEEP_MS_MAX = 10;

    private final Clock clock;
    private final PollSet wires;
    private long idleSinceNs;   // 0 while there is work

    SleepOnPorts(Clock clock, int[] descriptors) {
        this.clock = clock;
        this.wires = new PollSet(descriptors);
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        long nowNs = clock.nowNs();
        if (idleSinceNs == 0) {
            idleSinceNs = nowNs;
        } else if (nowNs - idleSinceNs >= AWAKE_NS) {
            wires.await(SLEEP_MS_MAX);
        } else {
            Thread.onSpinWait();
        }
    }

    @Override
    public void reset() {
        idleSinceNs = 0;
    }

    @Override
    public String alias() {
        return "poll";
    }
}
