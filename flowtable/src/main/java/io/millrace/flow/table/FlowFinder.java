package io.millrace.flow.table;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Finds the directions of the packets of a burst in passes, so that their reads of memory overlap: [#want4] or
/// [#want6] hashes each key, [#touch] reads the buckets and then the lines that they name, [#lineAt4] and [#lineAt6]
/// compare. A table of a million flows is read at the speed of memory's bandwidth instead of its latency, which takes
/// loops that do nothing but read: a processor looks a few hundred instructions ahead.
///
/// Places count from 0 to 63. Belongs to one worker. It is a record because HotSpot takes the components of a constant
/// record for constants, and then an access to the table is one comparison and one instruction.
///
/// @param table    the table's segment
/// @param reachMask [FlowTable#reachMask]
/// @param linesAt  where its directions begin
/// @param buckets  where the buckets of its index begin
/// @param first    seed of the hash, as are `second` and `third`
/// @param keys     what is known of the key at each place
public record FlowFinder(FlowTable flows, MemorySegment table, long reachMask, long linesAt, long buckets, long first,
                         long second, long third, long[] keys) {

    /// No direction: no line begins there.
    public static final long NONE = 0;

    // What is known of the key at a place, in words of one array: the JIT checks its bounds once for all of them.
    private static final int ADDRESSES = 0;
    private static final int SELECTOR = 1;
    private static final int HASH = 2;
    private static final int BUCKET = 3;
    private static final int TAGS = 4;
    private static final int LINE = 5;
    private static final int TOUCHED = 6;
    private static final int FRAME = 7;
    private static final int WORDS = 8;

    public static FlowFinder of(FlowTable flows) {
        return new FlowFinder(flows, flows.segment(), flows.reachMask(), flows.linesAt(), flows.index().bucketsAt(),
            flows.hash().first(), flows.hash().second(), flows.hash().third(), new long[WORDS * Burst.PACKETS_MAX]);
    }

    /// The shape of the index, to be handed to `want`: it does not change during a burst.
    public long shape() {
        return flows.index().shape();
    }

    /// The packet at this place has no key.
    public void skip(int place) {
        keys[at(place) + BUCKET] = NONE;
        keys[at(place) + FRAME] = 0;
    }

    /// What the caller knows about the frame at this place, for later; [#skip] forgets it.
    public void frame(int place, long word) {
        keys[at(place) + FRAME] = word;
    }

    /// What was said of the frame, 0 if nothing was.
    public long frame(int place) {
        return keys[at(place) + FRAME];
    }

    public void want4(int place, long shape, long addressPair, long selector) {
        want(place, shape, addressPair, selector, FlowHash.of4(first, second, addressPair, selector));
    }

    public void want6(int place, long shape, long sourceHigh, long sourceLow, long targetHigh, long targetLow,
                      long selector) {
        want(place, shape, sourceHigh, selector,
            FlowHash.of6(first, second, third, sourceHigh, sourceLow, targetHigh, targetLow, selector));
    }

    private void want(int place, long shape, long addresses, long selector, long hash) {
        int at = at(place);
        long bucketAt = buckets + (long) FlowIndex.bucketOf(hash, shape) * FlowIndex.BUCKET_BYTES;
        keys[at + ADDRESSES] = addresses;
        keys[at + SELECTOR] = selector;
        keys[at + HASH] = hash;
        keys[at + BUCKET] = bucketAt;
    }

    /// Reads the keys' buckets, and what they name.
    public void touch(int placeCount) {
        int count = Math.min(placeCount, Burst.PACKETS_MAX);
        for (int place = 0; place < count; place++) {
            int at = at(place);
            keys[at + TAGS] = Wire.hostI64(table, keys[at + BUCKET] & reachMask);
        }
        for (int place = 0; place < count; place++) {
            int at = at(place);
            long bucketAt = keys[at + BUCKET] & reachMask;
            if (bucketAt == NONE) continue;
            long matches = FlowIndex.matches(keys[at + TAGS], FlowIndex.pattern(keys[at + HASH]));
            // Without a match, any line: one more read is cheaper than asking.
            int direction = FlowIndex.directionAt(table, bucketAt, matches | Long.MIN_VALUE);
            long lineAt = linesAt + (long) direction * FlowLine.DIRECTION_BYTES & reachMask;
            keys[at + LINE] = lineAt;
            long touched = Wire.hostI64(table, lineAt);
            if (FlowLine.family(keys[at + SELECTOR]) == 6) touched ^= Wire.hostI64(table, lineAt + FlowLine.SOURCE_LOW);
            keys[at + TOUCHED] = touched;
        }
    }

    private static int at(int place) {
        return WORDS * (place & Burst.PACKETS_MAX - 1);
    }

    public boolean hasKey(int place) {
        return keys[at(place) + BUCKET] != NONE;
    }

    public long selector(int place) {
        return keys[at(place) + SELECTOR];
    }

    /// Where the direction of an IPv4 key lies, or [#NONE].
    public long lineAt4(int place) {
        int at = at(place);
        long lineAt = keys[at + LINE] & reachMask;
        if (Wire.hostI64(table, lineAt + FlowLine.SELECTOR) == keys[at + SELECTOR]
            && Wire.hostI64(table, lineAt) == keys[at + ADDRESSES]) return lineAt;
        return search(place, 0, 0, 0);
    }

    public long lineAt6(int place, long sourceLow, long targetHigh, long targetLow) {
        long lineAt = keys[at(place) + LINE] & reachMask;
        return isAt6(lineAt, place, sourceLow, targetHigh, targetLow) ? lineAt
            : search(place, sourceLow, targetHigh, targetLow);
    }

    private boolean isAt6(long lineAt, int place, long sourceLow, long targetHigh, long targetLow) {
        return Wire.hostI64(table, lineAt + FlowLine.SELECTOR) == keys[at(place) + SELECTOR]
            && Wire.hostI64(table, lineAt) == keys[at(place) + ADDRESSES]
            && Wire.hostI64(table, lineAt + FlowLine.SOURCE_LOW) == sourceLow
            && Wire.hostI64(table, lineAt + FlowLine.TARGET_HIGH) == targetHigh
            && Wire.hostI64(table, lineAt + FlowLine.TARGET_LOW) == targetLow;
    }

    /// All entries of the bucket with the hash's tag, and of those that it overflows into.
    private long search(int place, long sourceLow, long targetHigh, long targetLow) {
        long pattern = FlowIndex.pattern(keys[at(place) + HASH]);
        long bucketAt = keys[at(place) + BUCKET];
        while (true) {
            long matches = FlowIndex.matches(Wire.hostI64(table, bucketAt), pattern);
            for (; matches != 0; matches &= matches - 1) {
                long lineAt = flows.lineAt(FlowIndex.directionAt(table, bucketAt, matches));
                if (isWanted(lineAt, place, sourceLow, targetHigh, targetLow)) return lineAt;
            }
            int next = FlowIndex.next(table, bucketAt);
            if (next == 0) return NONE;
            bucketAt = flows.index().overflowAt(next);
        }
    }

    private boolean isWanted(long lineAt, int place, long sourceLow, long targetHigh, long targetLow) {
        if (FlowLine.family(keys[at(place) + SELECTOR]) == 6) return isAt6(lineAt, place, sourceLow, targetHigh, targetLow);
        return Wire.hostI64(table, lineAt + FlowLine.SELECTOR) == keys[at(place) + SELECTOR]
            && Wire.hostI64(table, lineAt) == keys[at(place) + ADDRESSES];
    }
}
