package io.millrace.dataplane.route;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Longest-prefix match the naive way: one map a length, asked from the longest down. Bits are a [BigInteger], so that
/// nothing is shared with the table's arithmetic.
final class PrefixOracle {

    record Bits(long high, long low) {}

    private final List<Map<BigInteger, Integer>> valuesByLength = new ArrayList<>();

    PrefixOracle() {
        for (int length = 0; length <= 128; length++) valuesByLength.add(new HashMap<>());
    }

    int put(long high, long low, int length, int value) {
        Integer previous = valuesByLength.get(length).put(leading(high, low, length), value);
        return previous == null ? -1 : previous;
    }

    int remove(long high, long low, int length) {
        Integer previous = valuesByLength.get(length).remove(leading(high, low, length));
        return previous == null ? -1 : previous;
    }

    int lookup(long high, long low) {
        for (int length = 128; length >= 0; length--) {
            Map<BigInteger, Integer> values = valuesByLength.get(length);
            if (values.isEmpty()) continue;
            Integer value = values.get(leading(high, low, length));
            if (value != null) return value;
        }
        return -1;
    }

    int count() {
        return valuesByLength.stream().mapToInt(Map::size).sum();
    }

    static Bits truncated(long high, long low, int length) {
        BigInteger kept = leading(high, low, length).shiftLeft(128 - length);
        return new Bits(kept.shiftRight(64).longValue(), kept.longValue());
    }

    private static BigInteger leading(long high, long low, int length) {
        byte[] bytes = new byte[17];   // a leading zero byte: not negative
        for (int i = 0; i < 8; i++) {
            bytes[1 + i] = (byte) (high >>> 56 - 8 * i);
            bytes[9 + i] = (byte) (low >>> 56 - 8 * i);
        }
        return new BigInteger(bytes).shiftRight(128 - length);
    }
}
