package io.millrace.control.config;

import io.millrace.packet.document.DocumentNode;

import java.math.BigInteger;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: a whole number and a unit, `50us`.
public final class DurationText {

    private static final Pattern FORM = Pattern.compile("([0-9]+) ?(ns|us|µs|ms|s|min|h)");

    private static final Map<String, Long> NS_BY_UNIT = Map.of("ns", 1L, "us", 1_000L, "µs", 1_000L, "ms", 1_000_000L,
        "s", 1_000_000_000L, "min", 60_000_000_000L, "h", 3_600_000_000_000L);

    public static long readNs(DocumentNode node, long minNs, long maxNs, String range) {
        String allowed = "a whole number and a unit (ns, us, ms, s, min, h), " + range;
        String text = node.asString();
        if (!FORM.matcher(text).matches()) throw node.error("\"" + text + "\" is no duration", allowed);
        return parseNs(text, minNs, maxNs).orElseThrow(() -> node.error(text + " is out of range", allowed));
    }

    /// Empty where the text is no duration, or out of range.
    public static OptionalLong parseNs(String text, long minNs, long maxNs) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) return OptionalLong.empty();
        BigInteger ns = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(NS_BY_UNIT.get(matcher.group(2))));
        boolean isInRange =
            ns.compareTo(BigInteger.valueOf(minNs)) >= 0 && ns.compareTo(BigInteger.valueOf(maxNs)) <= 0;
        return isInRange ? OptionalLong.of(ns.longValueExact()) : OptionalLong.empty();
    }

    private DurationText() {}
}
