package io.millrace.flow.table;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Finds the directions of the packets of a burst in passes, so that their reads of memory overlap: [#want4] or [#want6]
/// hashes each key and reads its bucket, [#touch] reads the line that the bucket names, [#lineAt] compares. A table of a
/// million flows is read at the speed of memory's bandwidth instead of its latency.
///
/// Places count from 0 to 63. Belongs to one worker.
public final class FlowFinder {

    /// No direction: no line begins there.
    public static final long NONE = 0;

    private final FlowTable flows;
    private final FlowIndex index;
    private final MemorySegment table;
    private final long linesAt;
    private final long bucketsAt;
    private final long first;
    private final long second;
    private final long third;
    private final long[] addresses = new long[Burst.PACKETS_MAX];
    private final long[] selectors = new long[Burst.PACKETS_MAX];
    private final long[] hashes = new long[Burst.PACKETS_MAX];
    private final long[] buckets = new long[Burst.PACKETS_MAX];
    private final long[] tags = new long[Burst.PACKETS_MAX];
    private final long[] lines = new long[Burst.PACKETS_MAX];
    private final long[] touched = new long[Burst.PACKETS_MAX];
    private int wideMask;
    private int bucketCount;

    public FlowFinder(FlowTable flows) {
        this.flows = flows;
        this.index = flows.index();
        this.table = flows.segment();
        this.linesAt = flows.linesAt();
        this.bucketsAt = index.bucketsAt();
        this.first = flows.hash().first();
        this.second = flows.hash().second();
        this.third = flows.hash().third();
    }

    /// A burst begins.
    public void begin() {
        wideMask = index.wideMask();
        bucketCount = index.bucketCount();
    }

    /// The packet at this place has no key.
    public void skip(int place) {
        buckets[place] = NONE;
    }

    public void want4(int place, long addressPair, long selector) {
        addresses[place] = addressPair;
        want(place, selector, FlowHash.of4(first, second, addressPair, selector));
    }

    public void want6(int place, long sourceHigh, long sourceLow, long targetHigh, long targetLow, long selector) {
        addresses[place] = sourceHigh;
        want(place, selector,
            FlowHash.of6(first, second, third, sourceHigh, sourceLow, targetHigh, targetLow, selector));
    }

    private void want(int place, long selector, long hash) {
        long bucketAt = bucketsAt
            + (long) FlowIndex.bucketOf(hash, wideMask, bucketCount) * FlowIndex.BUCKET_BYTES;
        selectors[place] = selector;
        hashes[place] = hash;
        buckets[place] = bucketAt;
        tags[place] = Wire.hostI64(table, bucketAt);
    }

    /// Reads what the keys' buckets name.
    public void touch(int placeCount) {
        MemorySegment table = this.table;
        long linesAt = this.linesAt;
        for (int place = 0; place < placeCount; place++) {
            long bucketAt = buckets[place];
            if (bucketAt == NONE) continue;
            long matches = FlowIndex.matches(tags[place], FlowIndex.pattern(hashes[place]));
            // Without a match, any line: one more read is cheaper than asking.
            int direction = FlowIndex.directionAt(table, bucketAt, matches | Long.MIN_VALUE);
            long lineAt = linesAt + (long) direction * FlowLine.DIRECTION_BYTES;
            lines[place] = lineAt;
            touched[place] = Wire.hostI64(table, lineAt);
            if (FlowLine.family(selectors[place]) == 6) {
                touched[place] ^= Wire.hostI64(table, lineAt + FlowLine.SOURCE_LOW);
            }
        }
    }

    public boolean hasKey(int place) {
        return buckets[place] != NONE;
    }

    public long selector(int place) {
        return selectors[place];
    }

    /// Where the direction of an IPv4 key lies, or [#NONE].
    public long lineAt4(int place) {
        long lineAt = lines[place];
        if (Wire.hostI64(table, lineAt + FlowLine.SELECTOR) == selectors[place]
            && Wire.hostI64(table, lineAt) == addresses[place]) return lineAt;
        return search(place, 0, 0, 0);
    }

    public long lineAt6(int place, long sourceLow, long targetHigh, long targetLow) {
        long lineAt = lines[place];
        return isAt6(lineAt, place, sourceLow, targetHigh, targetLow) ? lineAt
            : search(place, sourceLow, targetHigh, targetLow);
    }

    private boolean isAt6(long lineAt, int place, long sourceLow, long targetHigh, long targetLow) {
        return Wire.hostI64(table, lineAt + FlowLine.SELECTOR) == selectors[place]
            && Wire.hostI64(table, lineAt) == addresses[place]
            && Wire.hostI64(table, lineAt + FlowLine.SOURCE_LOW) == sourceLow
            && Wire.hostI64(table, lineAt + FlowLine.TARGET_HIGH) == targetHigh
            && Wire.hostI64(table, lineAt + FlowLine.TARGET_LOW) == targetLow;
    }

    /// All entries of the bucket with the hash's tag, and of those that it overflows into.
    private long search(int place, long sourceLow, long targetHigh, long targetLow) {
        long pattern = FlowIndex.pattern(hashes[place]);
        long bucketAt = buckets[place];
        while (true) {
            long matches = FlowIndex.matches(Wire.hostI64(table, bucketAt), pattern);
            for (; matches != 0; matches &= matches - 1) {
                long lineAt = flows.lineAt(FlowIndex.directionAt(table, bucketAt, matches));
                if (isWanted(lineAt, place, sourceLow, targetHigh, targetLow)) return lineAt;
            }
            int next = FlowIndex.next(table, bucketAt);
            if (next == 0) return NONE;
            bucketAt = index.overflowAt(next);
        }
    }

    private boolean isWanted(long lineAt, int place, long sourceLow, long targetHigh, long targetLow) {
        if (FlowLine.family(selectors[place]) == 6) return isAt6(lineAt, place, sourceLow, targetHigh, targetLow);
        return Wire.hostI64(table, lineAt + FlowLine.SELECTOR) == selectors[place]
            && Wire.hostI64(table, lineAt) == addresses[place];
    }
}
