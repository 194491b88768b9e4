package io.millrace.nic.capture;

import io.millrace.packet.memory.Check;

/// The unit of a capture's times, as pcapng's `if_tsresol` says it: a byte `n` is 10^-n s, or 2^-n s with its highest
/// bit set; and `if_tsoffset`, seconds to add. Times come out in nanoseconds since 1970, rounded down. The product is
/// taken in 128 bits, so no unit overflows; what lies outside of 1677 to 2262 becomes the nearer end.
public final class TimeScale {

    /// `if_tsresol` of microseconds, the default, and of nanoseconds.
    public static final int MICROSECONDS = 6;
    public static final int NANOSECONDS = 9;

    /// One less than the largest `long`, which is "never" for a port.
    private static final long TIME_NS_MAX = Long.MAX_VALUE - 1;

    private static final int BINARY = 0x80;
    private static final int DECIMAL_DIGITS_MAX = 19;   // 10^19 is the largest power in 64 unsigned bits
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long OFFSET_SECONDS_MAX = Long.MAX_VALUE / NS_PER_SECOND;

    private final int resolution;
    private final long offsetSeconds;
    private final long nsPerTick;       // of decimal units of 1 ns and more, else 0
    private final long exactTicksMax;   // ticks up to here fit a `long` without looking

    public TimeScale(int resolution, long offsetSeconds) {
        Check.that(resolution >= 0 && resolution <= 0xff, "if_tsresol is one byte", resolution);
        this.resolution = resolution;
        this.offsetSeconds = offsetSeconds;
        this.nsPerTick = resolution <= NANOSECONDS ? powerOfTen(NANOSECONDS - resolution) : 0;
        this.exactTicksMax = nsPerTick > 0 && offsetSeconds == 0 ? TIME_NS_MAX / nsPerTick : -1;
    }

    public int resolution()     { return resolution; }
    public long offsetSeconds() { return offsetSeconds; }

    /// True if every time of this scale is a whole number of microseconds.
    public boolean isWholeMicroseconds() {
        int power = resolution & ~BINARY;
        return power <= MICROSECONDS;   // 2^-n s is a whole number of microseconds up to n = 6, as 10^-n s is
    }

    /// `ticks` is unsigned.
    public long toNs(long ticks) {
        if (ticks >= 0 && ticks <= exactTicksMax) return ticks * nsPerTick;
        return widened(ticks);
    }

    /// The reverse, for units of 1 ns and more, rounded down; -1 for a time before the scale begins.
    public long ticks(long timeNs) {
        assert nsPerTick > 0 : resolution;
        if (offsetSeconds == 0) return timeNs < 0 ? -1 : timeNs / nsPerTick;
        long sinceNs = timeNs - offsetSeconds * NS_PER_SECOND;
        boolean hasOverflown = Math.clamp(offsetSeconds, -OFFSET_SECONDS_MAX, OFFSET_SECONDS_MAX) != offsetSeconds
            || sinceNs > timeNs != offsetSeconds < 0;
        return hasOverflown || sinceNs < 0 ? -1 : sinceNs / nsPerTick;
    }

    private long widened(long ticks) {
        long high;
        long low;
        int power = resolution & ~BINARY;
        if (nsPerTick > 0) {
            high = Math.unsignedMultiplyHigh(ticks, nsPerTick);
            low = ticks * nsPerTick;
        } else if ((resolution & BINARY) == 0) {
            int digits = power - NANOSECONDS;
            high = 0;
            low = digits > DECIMAL_DIGITS_MAX ? 0 : Long.divideUnsigned(ticks, powerOfTen(digits));
        } else {
            high = Math.unsignedMultiplyHigh(ticks, NS_PER_SECOND);
            low = ticks * NS_PER_SECOND;
            if (power >= Long.SIZE) {
                low = high >>> (power - Long.SIZE);
                high = 0;
            } else if (power > 0) {
                low = low >>> power | high << (Long.SIZE - power);
                high >>>= power;
            }
        }
        return offset(high, low);
    }

    /// Adds the offset to an unsigned number of 128 bits, and narrows to 64.
    private long offset(long high, long low) {
        long offsetHigh = Math.multiplyHigh(offsetSeconds, NS_PER_SECOND);
        long offsetLow = offsetSeconds * NS_PER_SECOND;
        long sumLow = low + offsetLow;
        long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
        long sumHigh = high + offsetHigh + carry;
        if (sumHigh == sumLow >> (Long.SIZE - 1)) return Math.min(sumLow, TIME_NS_MAX);
        return sumHigh < 0 ? Long.MIN_VALUE : TIME_NS_MAX;
    }

    private static long powerOfTen(int digits) {
        long power = 1;
        for (int i = 0; i < digits; i++) {
            power *= 10;
        }
        return power;
    }
}
