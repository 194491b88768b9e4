package io.millrace.nic.driver.gen.stream;

import io.millrace.packet.memory.Check;

/// The values that a field goes through. Ranges are unsigned, both ends included, and have at most 2^62 values.
public sealed interface FieldValues {

    /// How many values there are.
    long count();

    /// The value with this number, from 0 to [#count] − 1.
    long value(long index);

    /// From `first` by `step` to at most `last`, then again from `first`.
    record Steps(long first, long last, long step) implements FieldValues {

        public Steps {
            checkRange(first, last);
            Check.that(step >= 1, "step must be 1 or more", step);
        }

        @Override
        public long count() {
            return (last - first) / step + 1;
        }

        @Override
        public long value(long index) {
            return first + index * step;
        }
    }

    /// Any value from `first` to `last`, each as likely.
    record Uniform(long first, long last) implements FieldValues {

        public Uniform {
            checkRange(first, last);
        }

        @Override
        public long count() {
            return last - first + 1;
        }

        @Override
        public long value(long index) {
            return first + index;
        }
    }

    /// These, one after the other.
    record Listed(long[] values) implements FieldValues {

        public Listed {
            Check.that(values.length >= 1, "a list needs one value at least");
            values = values.clone();
        }

        @Override
        public long count() {
            return values.length;
        }

        @Override
        public long value(long index) {
            return values[(int) index];
        }
    }

    /// From `first` to `last` at random, the k-th with a weight of 1 / k^`exponent`.
    record Zipf(long first, long last, double exponent) implements FieldValues {

        public Zipf {
            checkRange(first, last);
            Check.that(exponent > 0 && exponent <= 10, "exponent must be above 0 and at most 10");
        }

        @Override
        public long count() {
            return last - first + 1;
        }

        @Override
        public long value(long index) {
            return first + index;
        }
    }

    private static void checkRange(long first, long last) {
        long span = last - first;
        Check.that(Long.compareUnsigned(first, last) <= 0, "the first value must not be above the last");
        Check.that(span >= 0 && span < 1L << 62, "a range has at most 2^62 values");
    }
}
