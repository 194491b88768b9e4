package io.millrace.nic.driver.gen.layer;

/// A field of a header.
///
/// @param name    as profiles write it
/// @param bitAt   from the header's first bit; of an optional field 0, its place depends on the others
/// @param bits    1 to 64, or 128
/// @param usual   what it is where nobody says and nothing is computed
/// @param flagBit of an optional field: the bit that says it is there
public record LayerField(String name, int bitAt, int bits, FieldFormat format, FieldRole role, long usual,
                         int flagBit) {

    public boolean isOptional() {
        return role == FieldRole.OPTIONAL;
    }

    /// The highest value of up to 64 bits, as an unsigned number.
    public long max() {
        return bits >= Long.SIZE ? -1 : (1L << bits) - 1;
    }
}
