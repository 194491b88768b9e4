package io.millrace.flow.flower;

/// What a filter wants of one field: its bits under the mask are those of the value. Numbers lie at the low end; the
/// first eight bytes of a field of 128 bits are the `high` parts, which are 0 for all others.
///
/// The value keeps its bits outside of the mask, because `tc` shows what it was given.
public record FieldMatch(long high, long low, long maskHigh, long maskLow) {

    public static FieldMatch exactly(FlowerField field, long value) {
        return new FieldMatch(0, value, 0, field.full());
    }

    public static FieldMatch of(long value, long mask) {
        return new FieldMatch(0, value, 0, mask);
    }

    public boolean isAny() {
        return maskHigh == 0 && maskLow == 0;
    }

    /// True if every bit of the field counts.
    public boolean isExact(FlowerField field) {
        return maskLow == field.full() && (!field.isWide() || maskHigh == -1L);
    }
}
