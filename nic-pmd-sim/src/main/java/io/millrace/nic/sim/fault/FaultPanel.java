package io.millrace.nic.sim.fault;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// The faults of a device that runs, as an operator sets them: shares drawn from a seed, and single ones beside them.
///
/// Set by any thread; seen by the device from its next question on.
public final class FaultPanel implements NicFaults {

    private static final int PORTS_MAX = 256;
    private static final int QUEUES_MAX = 128;

    private volatile SeededFaults seeded;   // null: none
    private final AtomicLongArray downUntilNs = new AtomicLongArray(PORTS_MAX);
    private final AtomicLongArray stuckUntilNs = new AtomicLongArray(PORTS_MAX * QUEUES_MAX);
    private final AtomicLong stuckAtAllUntilNs = new AtomicLong();
    private final AtomicBoolean isToReset = new AtomicBoolean();

    /// The device errs so from now on, and draws from this seed.
    public void set(FaultShares shares, long seed) {
        seeded = shares.isNone() ? null : new SeededFaults(shares, seed);
    }

    public FaultShares shares() {
        SeededFaults now = seeded;
        return now == null ? FaultShares.NONE : now.shares();
    }

    /// No faults any more: what was set and what is under way.
    public void clear() {
        seeded = null;
        for (int i = 0; i < PORTS_MAX; i++) downUntilNs.set(i, 0);
        for (int i = 0; i < stuckUntilNs.length(); i++) stuckUntilNs.set(i, 0);
        isToReset.set(false);
    }

    /// The firmware begins anew at the device's next turn.
    public void resetFirmware() {
        isToReset.set(true);
    }

    /// The wire of a port is disconnected until then.
    public void disconnect(int port, long untilNs) {
        downUntilNs.set(port, untilNs);
    }

    /// The queue is stuck until then, unless it is reset.
    public void stick(int port, int queue, long untilNs) {
        stuckUntilNs.set(place(port, queue), untilNs);
        stuckAtAllUntilNs.accumulateAndGet(untilNs, Math::max);
    }

    private static int place(int port, int queue) {
        return port * QUEUES_MAX + queue;
    }

    @Override
    public long completionDelayNs() {
        SeededFaults now = seeded;
        return now == null ? 0 : now.completionDelayNs();
    }

    @Override
    public boolean losesCompletion() {
        SeededFaults now = seeded;
        return now != null && now.losesCompletion();
    }

    @Override
    public boolean duplicatesCompletion() {
        SeededFaults now = seeded;
        return now != null && now.duplicatesCompletion();
    }

    @Override
    public boolean lies() {
        SeededFaults now = seeded;
        return now != null && now.lies();
    }

    @Override
    public int checksumError() {
        SeededFaults now = seeded;
        return now == null ? 0 : now.checksumError();
    }

    @Override
    public boolean isFullEarly() {
        SeededFaults now = seeded;
        return now != null && now.isFullEarly();
    }

    @Override
    public boolean losesEntry() {
        SeededFaults now = seeded;
        return now != null && now.losesEntry();
    }

    @Override
    public long counterError() {
        SeededFaults now = seeded;
        return now == null ? 0 : now.counterError();
    }

    @Override
    public boolean isStuck(int port, int queue, long nowNs) {
        boolean isStuckOnce = stuckAtAllUntilNs.get() > nowNs && stuckUntilNs.get(place(port, queue)) > nowNs;
        SeededFaults now = seeded;
        return isStuckOnce || now != null && now.isStuck(port, queue, nowNs);
    }

    @Override
    public void queueReset(int port, int queue, long nowNs) {
        stuckUntilNs.set(place(port, queue), 0);
        SeededFaults now = seeded;
        if (now != null) now.queueReset(port, queue, nowNs);
    }

    @Override
    public boolean isLinkDown(int port, long nowNs) {
        SeededFaults now = seeded;
        return downUntilNs.get(port) > nowNs || now != null && now.isLinkDown(port, nowNs);
    }

    @Override
    public boolean resetsFirmware(long nowNs) {
        SeededFaults now = seeded;
        boolean isPeriodic = now != null && now.resetsFirmware(nowNs);
        return isToReset.get() && isToReset.compareAndSet(true, false) || isPeriodic;
    }
}
