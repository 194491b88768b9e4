package io.millrace.flow.track.machine;

import io.millrace.packet.memory.Check;

import java.util.Arrays;

/// The values of [TrackSysctl]. Owned by the worker whose connections it governs; a change counts from the next packet
/// on, timers that run keep their time.
public final class TrackSettings {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final TrackSysctl[] ALL = TrackSysctl.values();

    private final int[] values = Arrays.stream(ALL).mapToInt(TrackSysctl::initial).toArray();

    public int value(TrackSysctl sysctl) {
        return values[sysctl.ordinal()];
    }

    public boolean isOn(TrackSysctl sysctl) {
        return value(sysctl) != 0;
    }

    public long ns(TrackSysctl timeout) {
        return value(timeout) * SECOND_NS;
    }

    public TrackSettings set(TrackSysctl sysctl, int value) {
        Check.that(value >= sysctl.min() && value <= sysctl.max(),
            sysctl.key() + " must be " + sysctl.min() + " to " + sysctl.max(), value);
        values[sysctl.ordinal()] = value;
        return this;
    }
}
