package io.millrace.packet.memory;

/// Rules that hold in production too: a broken one is our bug or a caller's, and stops the work.
/// In the data path use `assert`.
public final class Check {

    public static void that(boolean holds, String rule, long got) {
        if (!holds) throw new IllegalArgumentException(rule + ", got " + got);
    }

    public static void that(boolean holds, String rule) {
        if (!holds) throw new IllegalArgumentException(rule);
    }

    private Check() {}
}
