package io.millrace.packet.parse.graph;

/// A number of bytes that a header states: ((field & mask) >> shift) × multiplier + add.
///
/// The field counts as at most [#FIELD_MAX]: with the factors allowed here that, and all above, is past any limit.
public record Length(Field field, int rightShift, int multiplier, int add) {

    public static final long FIELD_MAX = 0xffff_ffffL;

    public Length {
        field.checkStart();
        field.checkShift(rightShift);
        GraphException.checkRange("multiplier", multiplier, 0, Integer.MAX_VALUE);
    }

    /// The length that a field's masked value states; may be negative.
    public long of(long maskedField) {
        long shifted = maskedField >>> rightShift;
        long counted = Long.compareUnsigned(shifted, FIELD_MAX) > 0 ? FIELD_MAX : shifted;
        return counted * multiplier + add;
    }
}
