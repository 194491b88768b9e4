package io.millrace.nic.sim.fault;

import io.millrace.nic.driver.gen.random.SeededRandom;

/// A device that errs as often as it is told, drawn from a seed: the same run errs alike.
public final class SeededFaults implements NicFaults {

    private static final long JUMP = 1L << 32;

    private final FaultShares shares;
    private final SeededRandom random;
    private final long late;
    private final long lost;
    private final long repeated;
    private final long lies;
    private final long wrong;
    private final long fullEarly;
    private final long lostEntries;
    private final long jumping;

    public SeededFaults(FaultShares shares, long seed) {
        this.shares = shares;
        this.random = new SeededRandom(seed);
        this.late = SeededRandom.share(shares.lateCompletions());
        this.lost = SeededRandom.share(shares.lostCompletions());
        this.repeated = SeededRandom.share(shares.repeatedCompletions());
        this.lies = SeededRandom.share(shares.lies());
        this.wrong = SeededRandom.share(shares.wrongSums());
        this.fullEarly = SeededRandom.share(shares.fullEarly());
        this.lostEntries = SeededRandom.share(shares.lostEntries());
        this.jumping = SeededRandom.share(shares.jumpingCounters());
    }

    @Override
    public long completionDelayNs() {
        return isHit(late) ? random.below(shares.lateNs() + 1) : 0;
    }

    @Override public boolean losesCompletion()      { return isHit(lost); }
    @Override public boolean duplicatesCompletion() { return isHit(repeated); }
    @Override public boolean lies()                 { return isHit(lies); }
    @Override public boolean isFullEarly()          { return isHit(fullEarly); }
    @Override public boolean losesEntry()           { return isHit(lostEntries); }
    @Override public long counterError()            { return isHit(jumping) ? JUMP : 0; }

    @Override
    public int checksumError() {
        return isHit(wrong) ? 1 << (int) random.below(Short.SIZE) : 0;
    }

    /// Each queue at its own time.
    @Override
    public boolean isStuck(int port, int queue, long nowNs) {
        if (shares.stuckEveryNs() == 0) return false;
        long shiftNs = (long) (64 * port + queue) * shares.stuckNs();
        return Math.floorMod(nowNs + shiftNs, shares.stuckEveryNs()) < shares.stuckNs();
    }

    @Override
    public boolean isLinkDown(int port, long nowNs) {
        if (shares.downEveryNs() == 0) return false;
        return Math.floorMod(nowNs + port * shares.downNs(), shares.downEveryNs()) < shares.downNs();
    }

    private boolean isHit(long share) {
        return share > 0 && random.isHit(share);
    }
}
