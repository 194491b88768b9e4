package io.millrace.control.nft;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spans of time as text: `1d2h3m4s500ms`, or seconds.
final class TimeText {

    private static final Pattern PART = Pattern.compile("([0-9]+)(ms|w|d|h|m|s)?");
    private static final long[] UNITS_MS = {604_800_000L, 86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L};
    private static final String[] NAMES = {"w", "d", "h", "m", "s", "ms"};

    /// Milliseconds, -1 for text that is no time.
    static long parseMs(String text) {
        Matcher matcher = PART.matcher(text);
        long totalMs = 0;
        int end = 0;
        while (matcher.lookingAt()) {
            long count = Long.parseLong(matcher.group(1));
            totalMs += count * unitMs(matcher.group(2));
            end = matcher.end();
            if (end == text.length()) return totalMs;
            matcher.region(end, text.length());
        }
        return -1;
    }

    private static long unitMs(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) return UNITS_MS[i];
        }
        return 1_000;
    }

    static String format(long ms) {
        var text = new StringBuilder();
        long left = ms;
        // Weeks are read but days are the largest written.
        for (int i = 1; i < NAMES.length; i++) {
            if (left / UNITS_MS[i] == 0) continue;
            text.append(left / UNITS_MS[i]).append(NAMES[i]);
            left %= UNITS_MS[i];
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    private TimeText() {}
}
