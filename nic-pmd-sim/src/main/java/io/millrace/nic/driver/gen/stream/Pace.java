package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.port.TimedPort;

/// When the packets of a stream are to be sent. Times are kept to 2^-32 ns, so that an interval that is no whole number
/// of nanoseconds does not add up to a wrong rate.
final class Pace {

    private static final double FRACTION = 0x1p32;

    private final StreamSpec spec;
    private final boolean isPaced;
    private final long[] wholeNs;      // by size: the interval behind a packet
    private final long[] fractions;
    private double meanIntervalNs;
    private long nextNs = TimedPort.NEVER;
    private long fraction;
    private long endNs;
    private long burstWholeNs;         // the intervals of a burst, spent behind its last packet
    private long burstFractions;
    private int inBurst;
    private long countAtStart;
    private long count;

    Pace(StreamSpec spec) {
        this.spec = spec;
        this.isPaced = spec.isPaced();
        this.wholeNs = new long[spec.sizes().count()];
        this.fractions = new long[wholeNs.length];
    }

    boolean isPaced()  { return isPaced; }
    long nextNs()      { return nextNs; }

    void start(long startNs, double factor, long limitNs) {
        Rate rate = spec.rate().times(factor);
        for (int i = 0; i < wholeNs.length; i++) {
            double intervalNs = rate.intervalNs(spec.sizes().frameBytes()[i]);
            wholeNs[i] = (long) intervalNs;
            fractions[i] = Math.min((1L << 32) - 1, Math.round((intervalNs - wholeNs[i]) * FRACTION));
        }
        meanIntervalNs = isPaced ? 1e9 / rate.packetsPerSecond(spec.sizes()) : 0;
        nextNs = startNs + spec.startNs();
        endNs = Math.min(end(nextNs, spec.durationNs()), end(startNs, limitNs));
        if (nextNs >= endNs) nextNs = TimedPort.NEVER;
        fraction = 0;
        inBurst = 0;
        burstWholeNs = 0;
        burstFractions = 0;
        countAtStart = count;
    }

    private static long end(long fromNs, long durationNs) {
        return durationNs == StreamSpec.ENDLESS ? StreamSpec.ENDLESS : fromNs + durationNs;
    }

    void stop() {
        nextNs = TimedPort.NEVER;
    }

    /// A packet of this size was sent, the `sentCount`-th of the stream; without a rate, the last of several.
    void advance(int size, long sentCount, long nowNs) {
        count = sentCount;
        if (isPaced) pass(size);
        boolean isOver = (isPaced ? nextNs : nowNs) >= endNs || sentCount - countAtStart >= spec.countMax();
        if (isOver) nextNs = TimedPort.NEVER;
    }

    private void pass(int size) {
        burstWholeNs += wholeNs[size];
        burstFractions += fractions[size];
        if (++inBurst >= spec.burst()) {
            fraction += burstFractions;
            nextNs += burstWholeNs + (fraction >>> 32);
            fraction &= 0xffff_ffffL;
            burstWholeNs = 0;
            burstFractions = 0;
            inBurst = 0;
        }
    }

    /// At most so many may be sent now, about.
    long wantedCount(long nowNs) {
        if (nextNs > nowNs) return 0;
        return isPaced ? dueCount(nowNs) + spec.burst() - 1 : spec.countMax() - (count - countAtStart);
    }

    long dueCount(long nowNs) {
        if (!isPaced || nowNs < nextNs) return 0;
        return (long) ((Math.min(nowNs, endNs) - nextNs) / meanIntervalNs) + 1;
    }
}
