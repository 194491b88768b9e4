package io.millrace.simulation.verb;

import java.util.List;

/// A seed in whose world something did not hold.
///
/// @param invariant which, or the class of the exception
/// @param facts     what was found
/// @param events    the last before it, a line each
/// @param cause     whose stack says where
public record Failure(long seed, String invariant, String facts, List<String> events, Throwable cause) {

    private static final int FRAMES_MAX = 8;

    /// For people.
    public String text() {
        var text = new StringBuilder("seed ").append(seed).append(": ").append(invariant).append('\n')
            .append("  ").append(facts).append('\n');
        StackTraceElement[] frames = cause.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES_MAX, frames.length); i++) text.append("    at ").append(frames[i]).append('\n');
        text.append("last events:\n");
        for (String each : events) text.append("  ").append(each).append('\n');
        return text.append("again: ./millrace simulate --seeds 1 --from ").append(seed).append('\n').toString();
    }
}
