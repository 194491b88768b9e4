package io.millrace.nic.driver.gen.stream;

import io.millrace.packet.memory.Check;

/// The flows of a stream: fields that vary per flow have one value in each.
///
/// @param order    which flow the next packet belongs to
/// @param exponent of the Zipf order; the first flow is the most frequent
public record FlowSpec(int count, Order order, double exponent) {

    public enum Order { ROUND_ROBIN, RANDOM, ZIPF }

    public static final int COUNT_MAX = 1 << 22;
    public static final FlowSpec ONE = new FlowSpec(1, Order.ROUND_ROBIN, 1);

    public FlowSpec {
        Check.that(count >= 1 && count <= COUNT_MAX, "flows must be 1 to " + COUNT_MAX, count);
    }
}
