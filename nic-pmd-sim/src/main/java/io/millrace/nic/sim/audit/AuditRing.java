package io.millrace.nic.sim.audit;

import io.millrace.nic.sim.filter.FilterLog;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Audited work on its way from a device to software: one producer, one consumer, [#UNITS_MAX] pieces at a time. The
/// device may have several in hand and finish them in any order; software sees them in the order in which they were
/// begun. While it is full the device audits nothing; what it skips is counted, by reason.
///
/// Takes 16 MB of its arena.
public final class AuditRing {

    public static final int UNITS_MAX = 64;

    private final AuditUnit[] units = new AuditUnit[UNITS_MAX];
    private final int oneIn;
    private final SplittableRandom draw;
    private final AtomicLong putCount = new AtomicLong();
    private final AtomicLong takenCount = new AtomicLong();
    private final AtomicLongArray skippedCounts = new AtomicLongArray(AuditSkip.COUNT);
    private long begunCount;
    private volatile long comparedCount;
    private FilterLog filters;   // null of a device without

    /// @param packets of the device
    /// @param oneIn   of so many pieces of work one is audited, as the seed decides
    public AuditRing(Arena arena, PacketMemory packets, int oneIn, long seed) {
        Check.that(oneIn >= 1, "oneIn must be 1 or more", oneIn);
        this.oneIn = oneIn;
        this.draw = new SplittableRandom(seed);
        for (int i = 0; i < UNITS_MAX; i++) units[i] = new AuditUnit(arena, packets);
    }

    /// Those of the device whose work this is; before it begins.
    public void filters(FilterLog log) {
        filters = log;
    }

    FilterLog filters() {
        return filters;
    }

    /// Device. The unit to be filled for the next piece of work, then to be [#put] or withdrawn; null: it is not
    /// audited.
    public AuditUnit next() {
        if (oneIn > 1 && draw.nextInt(oneIn) != 0) return null;
        if (begunCount - takenCount.getAcquire() == UNITS_MAX) {
            count(AuditSkip.RING_FULL);
            return null;
        }
        AuditUnit unit = units[(int) (begunCount++ % UNITS_MAX)];
        unit.isReady = false;
        return unit;
    }

    /// Device. What [#next] gave is not audited after all.
    public void withdraw(AuditUnit unit, AuditSkip why) {
        count(why);
        unit.work = AuditWork.NONE;
        put(unit);
    }

    private void count(AuditSkip why) {
        skippedCounts.setRelease(why.ordinal(), skippedCounts.getPlain(why.ordinal()) + 1);
    }

    /// Device. What [#next] gave is filled.
    public void put(AuditUnit unit) {
        unit.isReady = true;
        long put = putCount.getPlain();
        while (put < begunCount && units[(int) (put % UNITS_MAX)].isReady) put++;
        putCount.setRelease(put);
    }

    /// Software. The oldest unit, or null; it is the device's again after [#take].
    AuditUnit peek() {
        long taken = takenCount.getPlain();
        return taken < putCount.getAcquire() ? units[(int) (taken % UNITS_MAX)] : null;
    }

    /// Software. The unit that [#peek] gave was compared.
    void compared() {
        comparedCount++;
    }

    /// Any thread: pieces of work that software has compared.
    public long comparedCount() {
        return comparedCount;
    }

    /// Software.
    void take() {
        takenCount.setRelease(takenCount.getPlain() + 1);
    }

    /// Any thread: pieces of work that were to be audited and were not, for this reason.
    public long skippedCount(AuditSkip why) {
        return skippedCounts.getAcquire(why.ordinal());
    }
}
