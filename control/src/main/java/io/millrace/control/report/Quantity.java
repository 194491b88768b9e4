package io.millrace.control.report;

import java.util.Locale;

/// Numbers as people read them.
public final class Quantity {

    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P"};

    /// `1,234,567`
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// Three digits and a prefix: `12.3 M` and the unit.
    public static String rate(double value, String unit) {
        double scaled = value;
        int prefix = 0;
        while (scaled >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        return threeDigits(scaled) + " " + PREFIXES[prefix] + unit;
    }

    /// `1.23 ms`, `12.3 s`; from two minutes on `3 min 25 s`.
    public static String duration(long ns) {
        if (ns >= 120_000_000_000L) {
            long seconds = Math.round(ns / 1e9);
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (ns >= 999_500_000L) return threeDigits(ns / 1e9) + " s";
        if (ns >= 999_500L) return threeDigits(ns / 1e6) + " ms";
        return ns >= 1_000L ? threeDigits(ns / 1e3) + " us" : ns + " ns";
    }

    private static String threeDigits(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private Quantity() {}
}
