package io.millrace.flow.flower.engine;

import io.millrace.flow.flower.FlowerAction;

/// The bucket of the action `police`: tokens are nanoseconds of sending at the rate, as in Linux. It begins full.
final class TokenBucket {

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long rateBytes;
    private final int mtuBytes;
    private final long burstNs;
    private long tokensNs;
    private long filledNs;

    TokenBucket(FlowerAction.Police police, long nowNs) {
        this.rateBytes = police.rateBytes();
        this.mtuBytes = police.mtuBytes();
        this.burstNs = timeNs(police.burstBytes(), police.rateBytes());
        this.tokensNs = burstNs;
        this.filledNs = nowNs;
    }

    /// How long so many bytes take. Bursts have 32 bits in Linux, so the product has less than 63.
    private static long timeNs(long bytes, long rateBytes) {
        long seconds = bytes / rateBytes;
        long rest = bytes % rateBytes;
        return seconds * NS_PER_SECOND + rest * NS_PER_SECOND / rateBytes;
    }

    long tokensNs() { return tokensNs; }
    long filledNs() { return filledNs; }

    /// From now on it holds so much, as of then.
    void holds(long tokens, long sinceNs) {
        tokensNs = tokens;
        filledNs = sinceNs;
    }

    /// True if the packet may pass; its tokens are taken then.
    ///
    /// @param longestBytes the packet's bytes, of a super-packet its longest segment's
    boolean takes(int packetBytes, int longestBytes, long nowNs) {
        if (longestBytes > mtuBytes) return false;
        long grownNs = Math.min(burstNs, tokensNs + Math.min(nowNs - filledNs, burstNs));
        long leftNs = grownNs - timeNs(packetBytes, rateBytes);
        if (leftNs < 0) return false;
        tokensNs = leftNs;
        filledNs = nowNs;
        return true;
    }
}
