package io.millrace.control.command.tc;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/// Numbers as `tc` reads and shows them: in C's notation, sizes in powers of 1024, rates in bits a second.
final class TcNumbers {

    /// Bytes of one unit of a size.
    private static final Map<String, BigDecimal> SIZES = Map.ofEntries(
        Map.entry("", decimal(1)), Map.entry("b", decimal(1)),
        Map.entry("k", decimal(1 << 10)), Map.entry("kb", decimal(1 << 10)),
        Map.entry("m", decimal(1 << 20)), Map.entry("mb", decimal(1 << 20)),
        Map.entry("g", decimal(1 << 30)), Map.entry("gb", decimal(1 << 30)),
        Map.entry("kbit", decimal(1 << 7)), Map.entry("mbit", decimal(1 << 17)), Map.entry("gbit", decimal(1 << 27)));

    private static final String RATE_UNITS = "kmgt";

    static OptionalLong number(String word, long max) {
        try {
            boolean isHex = word.startsWith("0x") || word.startsWith("0X");
            boolean isOctal = !isHex && word.length() > 1 && word.startsWith("0");
            String digits = isHex ? word.substring(2) : word;
            if (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0))) return OptionalLong.empty();
            long value = Long.parseUnsignedLong(digits, isHex ? 16 : isOctal ? 8 : 10);
            return value < 0 || value > max ? OptionalLong.empty() : OptionalLong.of(value);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong hex(String word, long max) {
        boolean hasPrefix = word.startsWith("0x") || word.startsWith("0X");
        return number(hasPrefix ? word : "0x" + word, max);
    }

    /// Bytes.
    static OptionalLong size(String word) {
        int unitAt = unitAt(word);
        BigDecimal unit = SIZES.get(word.substring(unitAt).toLowerCase(Locale.ROOT));
        return scaled(word.substring(0, unitAt), unit);
    }

    /// Bytes a second.
    static OptionalLong rate(String word) {
        int unitAt = unitAt(word);
        String unit = word.substring(unitAt).toLowerCase(Locale.ROOT);
        boolean isBytes = unit.endsWith("bps");
        String scale = isBytes ? unit.substring(0, unit.length() - 3)
            : unit.endsWith("bit") ? unit.substring(0, unit.length() - 3) : unit;
        if (unit.equals("")) return scaled(word, decimal(1).divide(decimal(8)));
        boolean isKnown = unit.endsWith("bit") || isBytes;
        BigDecimal factor = isKnown ? factor(scale) : null;
        if (factor != null && !isBytes) factor = factor.divide(decimal(8));
        return scaled(word.substring(0, unitAt), factor);
    }

    private static BigDecimal factor(String scale) {
        if (scale.isEmpty()) return decimal(1);
        int power = RATE_UNITS.indexOf(scale.charAt(0)) + 1;
        boolean isBinary = scale.length() == 2 && scale.charAt(1) == 'i';
        if (power == 0 || scale.length() > 1 && !isBinary) return null;
        return decimal(isBinary ? 1024 : 1000).pow(power);
    }

    private static int unitAt(String word) {
        int at = 0;
        while (at < word.length() && (Character.isDigit(word.charAt(at)) || word.charAt(at) == '.')) at++;
        return at;
    }

    private static OptionalLong scaled(String number, BigDecimal unit) {
        if (unit == null) return OptionalLong.empty();
        try {
            return OptionalLong.of(new BigDecimal(number).multiply(unit).longValue());
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static BigDecimal decimal(long value) {
        return BigDecimal.valueOf(value);
    }

    /// `10Kb`, `2Mb`, `500b`: the unit in which it is whole, or nearly.
    static String sizeText(long bytes) {
        if (bytes >= 1 << 20 && Math.abs((1L << 20) * Math.rint(bytes / 1048576.0) - bytes) < 1024) {
            return Math.round(bytes / 1048576.0) + "Mb";
        }
        if (bytes >= 1 << 10 && Math.abs((1L << 10) * Math.rint(bytes / 1024.0) - bytes) < 16) {
            return Math.round(bytes / 1024.0) + "Kb";
        }
        return bytes + "b";
    }

    /// `1Mbit`: the largest unit that divides it.
    static String rateText(long bytesPerSecond) {
        long bits = bytesPerSecond * 8;
        int unit = 0;
        while (unit < RATE_UNITS.length() && bits >= 1000 && bits % 1000 == 0) {
            bits /= 1000;
            unit++;
        }
        return bits + (unit == 0 ? "" : RATE_UNITS.substring(unit - 1, unit).toUpperCase(Locale.ROOT)) + "bit";
    }

    private TcNumbers() {}
}
