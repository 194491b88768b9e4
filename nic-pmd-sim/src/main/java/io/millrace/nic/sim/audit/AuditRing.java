package io.millrace.nic.sim.audit;

import io.millrace.packet.memory.Check;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Audited packets on their way from a device to software: one producer, one consumer, [#UNITS_MAX] at a time. While
/// it is full the device audits nothing and counts what it skips.
public final class AuditRing {

    public static final int UNITS_MAX = 64;

    private final AuditUnit[] units = new AuditUnit[UNITS_MAX];
    private final int oneIn;
    private final SplittableRandom draw;
    private final AtomicLong putCount = new AtomicLong();
    private final AtomicLong takenCount = new AtomicLong();
    private volatile long skippedCount;

    /// @param oneIn of so many packets one is audited, as the seed decides
    public AuditRing(int oneIn, long seed) {
        Check.that(oneIn >= 1, "oneIn must be 1 or more", oneIn);
        this.oneIn = oneIn;
        this.draw = new SplittableRandom(seed);
        for (int i = 0; i < UNITS_MAX; i++) units[i] = new AuditUnit();
    }

    /// Device. The unit to be filled for the next packet, then to be [#put]; null: it is not audited.
    public AuditUnit next() {
        if (oneIn > 1 && draw.nextInt(oneIn) != 0) return null;
        long put = putCount.getPlain();
        if (put - takenCount.getAcquire() < UNITS_MAX) return units[(int) (put % UNITS_MAX)];
        skip();
        return null;
    }

    /// Device. A packet that was to be audited cannot be.
    public void skip() {
        skippedCount++;
    }

    /// Device. What [#next] gave is filled.
    public void put() {
        putCount.setRelease(putCount.getPlain() + 1);
    }

    /// Software. The oldest unit, or null; it is the device's again after [#take].
    public AuditUnit peek() {
        long taken = takenCount.getPlain();
        return taken < putCount.getAcquire() ? units[(int) (taken % UNITS_MAX)] : null;
    }

    /// Software.
    public void take() {
        takenCount.setRelease(takenCount.getPlain() + 1);
    }

    /// Any thread: packets on the ring so far.
    public long putCount()     { return putCount.getAcquire(); }
    /// Any thread: packets that were to be audited and found no room, or were too long.
    public long skippedCount() { return skippedCount; }
}
