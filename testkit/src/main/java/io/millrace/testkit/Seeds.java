package io.millrace.testkit;

import java.security.SecureRandom;
import java.util.Optional;

/// The seed of a random test. `-Dmillrace.seed=N` runs all of them again with N.
///
/// `-Dmillrace.full=true` asks tests that sample their inputs to take them all.
public final class Seeds {

    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /// The seed that was asked for, or a fresh one; printed, so that a failing run can be repeated.
    public static long next() {
        String wanted = System.getProperty("millrace.seed", "").strip();
        long seed = wanted.isEmpty() ? new SecureRandom().nextLong() : parse(wanted);
        Optional<Class<?>> caller = CALLERS.walk(frames -> frames
            .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
            .filter(type -> type != Seeds.class)
            .findFirst());
        System.out.println(caller.map(Class::getSimpleName).orElse("unknown") + ": seed=" + seed);
        return seed;
    }

    /// True if tests that sample should take every input instead.
    public static boolean isFull() {
        return Boolean.getBoolean("millrace.full");
    }

    private static long parse(String wanted) {
        try {
            return Long.parseLong(wanted);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-Dmillrace.seed must be a whole number, got " + wanted, e);
        }
    }

    private Seeds() {}
}
