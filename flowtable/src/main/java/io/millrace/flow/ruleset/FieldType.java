package io.millrace.flow.ruleset;

/// One field of a set's key or of a map's data: its type and its width in a packet or register.
public record FieldType(DataType type, int bits) {
    public static FieldType of(DataType type) {
        return new FieldType(type, type.bits());
    }

    /// Bytes of the field inside a concatenation: whole 32-bit registers.
    public int paddedBytes() {
        return (bits + 31) / 32 * 4;
    }
}
