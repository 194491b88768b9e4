package io.millrace.nic.driver.gen.receive;

import org.HdrHistogram.Histogram;

import java.util.Arrays;

/// What arrived of one stream.
///
/// A packet is a duplicate if its sequence number was seen before, and reordered if it is the first with its number but
/// comes behind a higher one (RFC 4737 type P). The last [#WINDOW] numbers are remembered one by one; a packet from
/// before them is late: reordered, and taken for no duplicate.
///
/// Latency counts from the time a packet was meant to be sent, so a receiver or sender that stalls makes the packets
/// that had to wait late instead of leaving them out.
public final class StreamReceipt {

    /// Numbers remembered: at 10 Mpps the last 6 ms.
    public static final int WINDOW = 1 << 16;

    /// One minute: longer is counted as this.
    private static final long LATENCY_NS_MAX = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final long[] seen = new long[WINDOW / Long.SIZE];
    private final Histogram latency = new Histogram(1, LATENCY_NS_MAX, DIGITS);
    private long highest = -1;         // sequence number, continued beyond its 32 bits
    private long receivedCount;
    private long receivedBytes;
    private long duplicateCount;
    private long reorderedCount;
    private long lateCount;
    private long corruptedCount;

    public long receivedCount()    { return receivedCount; }
    public long receivedBytes()    { return receivedBytes; }
    public long duplicateCount()   { return duplicateCount; }
    public long reorderedCount()   { return reorderedCount; }
    /// Of the reordered those that came too late to be told from duplicates.
    public long lateCount()        { return lateCount; }
    /// Came with a stamp but with a wrong checksum; not among the received.
    public long corruptedCount()   { return corruptedCount; }
    /// Different packets that arrived, whole or not: what is missing from the sent is lost.
    public long arrivedCount()     { return receivedCount - duplicateCount + corruptedCount; }
    public Histogram latency()     { return latency; }

    void receive(int sequenceBits, long sentNs, long nowNs, int frameBytes) {
        receivedCount++;
        receivedBytes += frameBytes;
        latency.recordValue(Math.clamp(nowNs - sentNs, 0, LATENCY_NS_MAX));
        // The nearest number with these low bits; a stream begins at 0.
        long sequence = highest < 0 ? Integer.toUnsignedLong(sequenceBits) : highest + (sequenceBits - (int) highest);
        if (sequence > highest) {
            advance(sequence);
        } else if (highest - sequence >= WINDOW) {
            reorderedCount++;
            lateCount++;
        } else if (isSeen(sequence)) {
            duplicateCount++;
        } else {
            reorderedCount++;
            mark(sequence);
        }
    }

    void receiveCorrupted() {
        corruptedCount++;
    }

    private void advance(long sequence) {
        if (sequence - highest >= WINDOW) {
            Arrays.fill(seen, 0);
        } else {
            for (long each = highest + 1; each < sequence; each++) {
                seen[index(each)] &= ~(1L << each);
            }
        }
        highest = sequence;
        mark(sequence);
    }

    private boolean isSeen(long sequence) {
        return (seen[index(sequence)] & 1L << sequence) != 0;
    }

    private void mark(long sequence) {
        seen[index(sequence)] |= 1L << sequence;
    }

    private static int index(long sequence) {
        return (int) (sequence % WINDOW) / Long.SIZE;
    }

    /// Forgets what was counted, but not which numbers were seen: a measurement begins.
    public void reset() {
        latency.reset();
        receivedCount = 0;
        receivedBytes = 0;
        duplicateCount = 0;
        reorderedCount = 0;
        lateCount = 0;
        corruptedCount = 0;
    }
}
