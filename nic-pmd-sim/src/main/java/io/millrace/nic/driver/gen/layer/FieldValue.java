package io.millrace.nic.driver.gen.layer;

/// The value of a field: its bits, right-aligned; `high` holds the first half of an IPv6 address.
public record FieldValue(long high, long low) {

    public static FieldValue of(long value) {
        return new FieldValue(0, value);
    }
}
