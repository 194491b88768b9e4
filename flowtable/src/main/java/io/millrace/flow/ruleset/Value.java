package io.millrace.flow.ruleset;

import java.math.BigInteger;
import java.util.List;

/// A constant of a rule or a set: what is compared, stored or set.
public sealed interface Value extends Expression.Constant {

    /// An unsigned number, `0 <= number < 2^bits`. Its most significant byte is the first on the wire for types in
    /// network order; a host order type holds the number itself.
    record Number(DataType type, int bits, BigInteger number) implements Value {
        public static Number of(DataType type, int bits, long number) {
            return new Number(type, bits, BigInteger.valueOf(number));
        }

        public long asLong() {
            return number.longValueExact();
        }

        /// The value as `(bits + 7) / 8` bytes, most significant first.
        public byte[] bytes() {
            byte[] raw = number.toByteArray();
            byte[] bytes = new byte[(bits + 7) / 8];
            int count = Math.min(raw.length, bytes.length);
            System.arraycopy(raw, raw.length - count, bytes, bytes.length - count, count);
            return bytes;
        }
    }

    /// A name: of an interface, a helper. `isPrefix`: any name that begins so (`eth*`).
    record Text(DataType type, int bits, String text, boolean isPrefix) implements Value {
    }

    /// All values from `low` to `high`, both included.
    record Range(Number low, Number high) implements Value {
        @Override
        public DataType type() {
            return low.type();
        }

        @Override
        public int bits() {
            return low.bits();
        }
    }

    /// All values whose first `length` bits are those of `base`; the other bits of `base` are 0.
    record Prefix(Number base, int length) implements Value {
        @Override
        public DataType type() {
            return base.type();
        }

        @Override
        public int bits() {
            return base.bits();
        }

        public Number high() {
            BigInteger host = BigInteger.ONE.shiftLeft(bits() - length).subtract(BigInteger.ONE);
            return new Number(type(), bits(), base.number().or(host));
        }
    }

    /// `*`: the element that is found when no other is.
    record Everything(DataType type, int bits) implements Value {
    }

    /// One value for each field of a concatenation.
    record Tuple(List<Value> parts) implements Value {
        public Tuple {
            parts = List.copyOf(parts);
        }

        @Override
        public DataType type() {
            return DataType.INTEGER;
        }

        @Override
        public int bits() {
            int bits = 0;
            for (Value part : parts) bits += (part.bits() + 31) / 32 * 32;
            return bits;
        }
    }

    /// What a verdict map holds.
    record Decision(Verdict verdict) implements Value {
        @Override
        public DataType type() {
            return DataType.VERDICT;
        }

        @Override
        public int bits() {
            return 32;
        }
    }

    /// What an object map holds: the name of a counter, quota, limit …
    record ObjectName(String name) implements Value {
        @Override
        public DataType type() {
            return DataType.STRING;
        }

        @Override
        public int bits() {
            return 0;
        }
    }

    /// The smallest number that this value covers, null where it is none.
    default Number lowest() {
        return switch (this) {
            case Number number -> number;
            case Range range -> range.low();
            case Prefix prefix -> prefix.base();
            default -> null;
        };
    }

    /// The largest number that this value covers, null where it is none.
    default Number highest() {
        return switch (this) {
            case Number number -> number;
            case Range range -> range.high();
            case Prefix prefix -> prefix.high();
            default -> null;
        };
    }
}
