package io.millrace.perf.profile;

import io.millrace.packet.document.DocumentNode;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers that are not whole, shares in percent, and numbers with a metric prefix before their unit.
final class Numbers {

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,15}(?:\\.[0-9]{1,9})?");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?%");
    private static final Map<String, Double> PREFIXES = Map.of("", 1.0, "k", 1e3, "M", 1e6, "G", 1e9);

    static double decimal(DocumentNode node, double min, double max) {
        String allowed = "a number from " + plain(min) + " to " + plain(max);
        String text = node.asString();
        if (!DECIMAL.matcher(text).matches()) throw node.error("\"" + text + "\" is no number", allowed);
        double value = Double.parseDouble(text);
        if (value < min || value > max) throw node.error(text + " is out of range", allowed);
        return value;
    }

    /// `0.25` or `25%`.
    static double share(DocumentNode node) {
        Matcher percent = PERCENT.matcher(node.asString());
        double share = percent.matches() ? Double.parseDouble(percent.group(1)) / 100
            : DECIMAL.matcher(node.asString()).matches() ? Double.parseDouble(node.asString()) : -1;
        if (share >= 0 && share <= 1) return share;
        throw node.error("\"" + node.asString() + "\" is no share", "0 to 1, or 0% to 100%");
    }

    static boolean isPercent(String text) {
        return PERCENT.matcher(text).matches();
    }

    /// `1.5Gbit/s` with the unit `bit/s`; −1 where the text is no such thing.
    static double withUnit(String text, String unit) {
        Matcher matcher =
            Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?([kMG]?)" + Pattern.quote(unit)).matcher(text);
        return matcher.matches() ? Double.parseDouble(matcher.group(1)) * PREFIXES.get(matcher.group(2)) : -1;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private Numbers() {}
}
