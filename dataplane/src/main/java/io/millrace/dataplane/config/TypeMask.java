package io.millrace.dataplane.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A set of ICMPv6 types that errors have, 0 to 127. Bit n of `low` is type n, bit n of `high` is type 64 + n.
public record TypeMask(long low, long high) {

    public static final int TYPE_MAX = 127;
    public static final String FORM = "types 0..127 and ranges of them, as in 0-1,3-127; empty for none";

    /// Linux's: all but packet too big, which path MTU discovery needs.
    public static final TypeMask LINUX = new TypeMask(~(1L << 2), -1L);

    private static final Pattern PART = Pattern.compile("([0-9]{1,3})(?:-([0-9]{1,3}))?");

    /// Reads `0-1,3-127`.
    public static TypeMask parse(String text) {
        long low = 0;
        long high = 0;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) throw refused(text, "\"" + part + "\"");
            int from = Integer.parseInt(matcher.group(1));
            int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
            if (from > to || to > TYPE_MAX) throw refused(text, "the range " + part);
            for (int type = from; type <= to; type++) {
                if (type < 64) low |= 1L << type;
                else high |= 1L << type - 64;
            }
        }
        return new TypeMask(low, high);
    }

    /// In the form that [#parse] reads.
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int type = 0; type <= TYPE_MAX; type++) {
            if (!contains(type)) continue;
            int last = type;
            while (last < TYPE_MAX && contains(last + 1)) last++;
            text.append(text.isEmpty() ? "" : ",").append(type);
            if (last > type) text.append('-').append(last);
            type = last;
        }
        return text.toString();
    }

    public boolean contains(int type) {
        if (type < 0 || type > TYPE_MAX) return false;
        return ((type < 64 ? low : high) >>> type & 1) != 0;
    }

    private static IllegalArgumentException refused(String text, String what) {
        return new IllegalArgumentException("\"" + text + "\" is no list of types: " + what + "; allowed: " + FORM);
    }
}
