package io.millrace.control.config;

import io.millrace.packet.document.DocumentNode;

import java.math.BigInteger;
import java.util.Map;
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
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) throw node.error("\"" + text + "\" is no duration", allowed);
        BigInteger ns = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(NS_BY_UNIT.get(matcher.group(2))));
        boolean isInRange =
            ns.compareTo(BigInteger.valueOf(minNs)) >= 0 && ns.compareTo(BigInteger.valueOf(maxNs)) <= 0;
        if (!isInRange) throw node.error(text + " is out of range", allowed);
        return ns.longValueExact();
    }

    private DurationText() {}
}
