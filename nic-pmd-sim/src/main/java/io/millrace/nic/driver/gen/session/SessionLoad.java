package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Check;

/// How many sessions there are.
///
/// @param perSecond       opened, while fewer than `concurrencyMax` are open
/// @param concurrencyMax  each end keeps 80 bytes for each of so many, servers for twice as many
/// @param countMax        in all; [#ENDLESS] without end
/// @param holdNs          idle time between the answer and the end
public record SessionLoad(double perSecond, int concurrencyMax, long countMax, long startNs, long durationNs,
                          long holdNs) {

    public static final long ENDLESS = Long.MAX_VALUE;
    public static final int CONCURRENCY_MAX = 1 << 24;
    /// As fast as they find a place: more than any machine opens.
    public static final double UNLIMITED = 1e9;

    public SessionLoad {
        Check.that(perSecond > 0 && perSecond <= UNLIMITED, "sessions per second must be above 0 and at most 10^9");
        Check.that(concurrencyMax >= 1 && concurrencyMax <= CONCURRENCY_MAX,
            "concurrency must be 1 to " + CONCURRENCY_MAX, concurrencyMax);
        Check.that(countMax > 0, "count must be positive", countMax);
        Check.that(startNs >= 0 && durationNs > 0 && holdNs >= 0, "times must not be negative, nor the duration 0");
    }

    boolean isBounded() {
        return countMax != ENDLESS || durationNs != ENDLESS;
    }

    boolean isPaced() {
        return perSecond < UNLIMITED;
    }

    SessionLoad limited(long shorterNs, long fewer) {
        return new SessionLoad(perSecond, concurrencyMax, Math.min(countMax, fewer), startNs,
            Math.min(durationNs, shorterNs), holdNs);
    }

    SessionLoad endless() {
        return new SessionLoad(perSecond, concurrencyMax, ENDLESS, startNs, ENDLESS, holdNs);
    }
}
