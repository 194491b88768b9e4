package io.millrace.nic.sim.fault;

import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.packet.memory.Check;

import java.util.HashMap;
import java.util.Map;

/// A device that errs as often as it is told, drawn from a seed: the same run errs alike.
public final class SeededFaults implements NicFaults {

    private static final long JUMP = 1L << 32;

    private final FaultShares shares;
    private final SeededRandom random;
    private final long[] hits = new long[FaultKind.values().length];
    private final long lateNs;
    private final long resetEveryNs;
    private final long stuckNs;
    private final long stuckEveryNs;
    private final long downNs;
    private final long downEveryNs;
    private final Map<Integer, Long> resets = new HashMap<>();   // by port and queue: the period in which it was reset
    private long resetPeriod = Long.MIN_VALUE;

    public SeededFaults(FaultShares shares, long seed) {
        Check.that(shares.problem() == null, shares.problem());
        this.shares = shares;
        this.random = new SeededRandom(seed);
        for (FaultKind kind : FaultKind.values()) {
            if (kind.isShare()) hits[kind.ordinal()] = SeededRandom.share(shares.share(kind));
        }
        this.lateNs = shares.ns(FaultKind.LATE);
        this.resetEveryNs = shares.ns(FaultKind.RESET_EVERY);
        this.stuckNs = shares.ns(FaultKind.STUCK_FOR);
        this.stuckEveryNs = shares.ns(FaultKind.STUCK_EVERY);
        this.downNs = shares.ns(FaultKind.DOWN_FOR);
        this.downEveryNs = shares.ns(FaultKind.DOWN_EVERY);
    }

    public FaultShares shares() {
        return shares;
    }

    @Override
    public long completionDelayNs() {
        return isHit(FaultKind.LATE_COMPLETIONS) ? random.below(lateNs + 1) : 0;
    }

    @Override public boolean losesCompletion()      { return isHit(FaultKind.LOST_COMPLETIONS); }
    @Override public boolean duplicatesCompletion() { return isHit(FaultKind.REPEATED_COMPLETIONS); }
    @Override public boolean lies()                 { return isHit(FaultKind.LIES); }
    @Override public boolean isFullEarly()          { return isHit(FaultKind.FULL_EARLY); }
    @Override public boolean losesEntry()           { return isHit(FaultKind.LOST_ENTRIES); }

    @Override
    public long counterError() {
        if (isHit(FaultKind.STOPPED_COUNTERS)) return STANDS_STILL;
        return isHit(FaultKind.JUMPING_COUNTERS) ? JUMP : 0;
    }

    @Override
    public int checksumError() {
        return isHit(FaultKind.WRONG_SUMS) ? 1 << (int) random.below(Short.SIZE) : 0;
    }

    /// Each queue at its own time.
    @Override
    public boolean isStuck(int port, int queue, long nowNs) {
        if (stuckEveryNs == 0) return false;
        long shiftedNs = nowNs + place(port, queue) * stuckNs;
        if (Math.floorMod(shiftedNs, stuckEveryNs) >= stuckNs) return false;
        return resets.isEmpty()
            || resets.getOrDefault(place(port, queue), Long.MIN_VALUE) != Math.floorDiv(shiftedNs, stuckEveryNs);
    }

    @Override
    public void queueReset(int port, int queue, long nowNs) {
        if (stuckEveryNs == 0) return;
        resets.put(place(port, queue), Math.floorDiv(nowNs + place(port, queue) * stuckNs, stuckEveryNs));
    }

    private static int place(int port, int queue) {
        return 64 * port + queue;
    }

    @Override
    public boolean isLinkDown(int port, long nowNs) {
        if (downEveryNs == 0) return false;
        return Math.floorMod(nowNs + port * downNs, downEveryNs) < downNs;
    }

    @Override
    public boolean resetsFirmware(long nowNs) {
        if (resetEveryNs == 0) return false;
        long period = Math.floorDiv(nowNs, resetEveryNs);
        boolean isAnother = resetPeriod != Long.MIN_VALUE && period != resetPeriod;
        resetPeriod = period;
        return isAnother;
    }

    private boolean isHit(FaultKind kind) {
        long share = hits[kind.ordinal()];
        return share > 0 && random.isHit(share);
    }
}
