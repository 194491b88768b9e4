package io.millrace.flow.flower.engine;

/// What the token buckets of `police` actions held before a packet took from them, in that order: noted while filters
/// are run, and laid into the buckets of others who run the same filters on the same packet.
///
/// One thread at a time.
public final class BucketTape {

    /// More than a packet meets on all its rounds.
    private static final int BUCKETS_MAX = 64;

    private final long[] tokensNs = new long[BUCKETS_MAX];
    private final long[] filledNs = new long[BUCKETS_MAX];
    private int count;
    private int next;
    private boolean isPlaying;

    /// What follows is noted.
    public void record() {
        isPlaying = false;
        count = 0;
    }

    /// What was noted is laid into the buckets that follow.
    public void play() {
        isPlaying = true;
        next = 0;
    }

    /// False if there were more buckets than it has room for.
    public boolean isWhole() {
        return count <= BUCKETS_MAX;
    }

    /// A packet is about to take from the bucket.
    void meet(TokenBucket bucket) {
        if (isPlaying) {
            if (next < Math.min(count, BUCKETS_MAX)) bucket.holds(tokensNs[next], filledNs[next]);
            next++;
            return;
        }
        if (count < BUCKETS_MAX) {
            tokensNs[count] = bucket.tokensNs();
            filledNs[count] = bucket.filledNs();
        }
        count++;
    }
}
