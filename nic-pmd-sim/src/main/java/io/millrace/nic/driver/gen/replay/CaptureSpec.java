package io.millrace.nic.driver.gen.replay;

import io.millrace.packet.memory.Check;

import java.nio.file.Path;

/// What a profile asks of one capture that is replayed.
///
/// @param port        name of the port it is received from; empty for every port of the profile
/// @param speed       times as fast as it was taken; [#AT_ONCE] without waiting
/// @param loops       how often
/// @param gapNs       between its last packet and the first of the next loop
/// @param startNs     from the start of the profile
/// @param durationNs  from `startNs`
/// @param countMax    packets in all
/// @param rewriting   what is changed in the frames
public record CaptureSpec(String name, String port, Path file, double speed, long loops, long gapNs, long startNs,
                          long durationNs, long countMax, Rewriting rewriting) {

    public static final long ENDLESS = Long.MAX_VALUE;
    public static final double AT_ONCE = Double.POSITIVE_INFINITY;
    public static final double SPEED_MIN = 0.001;
    public static final double SPEED_MAX = 1_000_000;
    public static final long GAP_NS_USUAL = 1_000;

    public CaptureSpec {
        Check.that(speed == AT_ONCE || speed >= SPEED_MIN && speed <= SPEED_MAX, "speed must be 0.001 to 1000000");
        Check.that(loops >= 1, "loops must be 1 or more", loops);
        Check.that(gapNs >= 0 && startNs >= 0 && durationNs > 0, "times must not be negative, nor the duration 0");
        Check.that(countMax >= 1, "count must be 1 or more", countMax);
    }

    public boolean isPaced() {
        return speed != AT_ONCE;
    }

    public boolean isBounded() {
        return loops != ENDLESS || durationNs != ENDLESS || countMax != ENDLESS;
    }

    public CaptureSpec limited(long shorterNs, long fewer) {
        return new CaptureSpec(name, port, file, speed, loops, gapNs, startNs, Math.min(durationNs, shorterNs),
            Math.min(countMax, fewer), rewriting);
    }

    public CaptureSpec endless() {
        return new CaptureSpec(name, port, file, speed, ENDLESS, gapNs, startNs, ENDLESS, ENDLESS, rewriting);
    }

    public CaptureSpec atPort(String other) {
        return port.isEmpty() ? allAt(other) : this;
    }

    /// At this port, whatever it names.
    public CaptureSpec allAt(String other) {
        return new CaptureSpec(name, other, file, speed, loops, gapNs, startNs, durationNs, countMax, rewriting);
    }
}
