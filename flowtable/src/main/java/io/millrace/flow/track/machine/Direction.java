package io.millrace.flow.track.machine;

/// The direction of a packet in its connection. Numbers, because they lie in memory and index it.
public final class Direction {

    public static final int ORIGINAL = 0;
    public static final int REPLY = 1;

    public static int other(int direction) {
        return direction ^ 1;
    }

    private Direction() {}
}
