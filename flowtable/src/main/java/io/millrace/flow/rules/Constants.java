package io.millrace.flow.rules;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;

/// Constants of a ruleset as the numbers that registers hold: the lowest and the highest that each covers.
final class Constants {

    /// All numbers from `low` to `high`.
    record Span(BigInteger low, BigInteger high) {
        boolean isOne() {
            return low.equals(high);
        }
    }

    private static final int NAME_FILLER = 0xff;

    static Span span(Value value, RuleInterfaces interfaces, int words) throws NotExecutable {
        return switch (value) {
            case Value.Text text -> text(text, interfaces);
            case Value.Everything _ -> new Span(BigInteger.ZERO, BigInteger.ONE.shiftLeft(32 * words).subtract(
                BigInteger.ONE));
            default -> {
                if (value.lowest() == null) throw new NotExecutable("constant " + value);
                yield new Span(value.lowest().number(), value.highest().number());
            }
        };
    }

    private static Span text(Value.Text text, RuleInterfaces interfaces) throws NotExecutable {
        if (text.type() == DataType.IFACE_INDEX) {
            int number = interfaces.numberOf(text.text());
            if (number < 0) throw new NotExecutable("interface " + text.text() + " does not exist");
            return new Span(BigInteger.valueOf(number), BigInteger.valueOf(number));
        }
        if (text.type() != DataType.IFNAME) throw new NotExecutable(text.type().text() + " " + text.text());
        int filler = text.isPrefix() ? NAME_FILLER : 0;
        return new Span(number(RuleInterfaces.nameWords(text.text(), 0)),
            number(RuleInterfaces.nameWords(text.text(), filler)));
    }

    private static BigInteger number(int[] words) {
        BigInteger number = BigInteger.ZERO;
        for (int word : words) number = number.shiftLeft(32).or(BigInteger.valueOf(Integer.toUnsignedLong(word)));
        return number;
    }

    private Constants() {}
}
