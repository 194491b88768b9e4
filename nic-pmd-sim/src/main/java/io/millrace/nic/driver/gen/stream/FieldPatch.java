package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.driver.gen.layer.LayerField;
import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Writes one varying field into a frame whose template holds 0 there. The field lies in a word of 16, 32 or 64 bits
/// that begins on an even byte, so what it adds to the sums over it is the sum of the word's 16-bit parts.
///
/// Of an IPv6 address the lower 64 bits vary.
final class FieldPatch {

    private static final int ADDRESS_BITS = 128;

    private final int wordAt;
    private final int wordBits;
    private final int shift;
    private final long mask;
    private final boolean isWholeWord;
    private final int[] coefficients;
    private final int first;
    private final int second;

    FieldPatch(LayerStack layers, int layer, LayerField field) {
        int bits = Math.min(field.bits(), Long.SIZE);
        int bitAt = layers.bitAt(layer, field) + (field.bits() == ADDRESS_BITS ? Long.SIZE : 0);
        int evenAt = bitAt / 16 * 16;
        int neededBits = bitAt - evenAt + bits;
        this.wordBits = neededBits <= 16 ? 16 : neededBits <= 32 ? 32 : 64;
        Check.that(neededBits <= 64, "the field must lie within 64 bits that begin on an even byte", neededBits);
        this.wordAt = evenAt / Byte.SIZE;
        this.shift = wordBits - neededBits;
        this.mask = field.max() << shift;
        this.isWholeWord = bits == wordBits;
        this.coefficients = layers.coefficients(layer, field);
        this.first = coefficients.length > 0 ? coefficients[0] : 0;
        this.second = coefficients.length > 1 ? coefficients[1] : 0;
    }

    /// The value as it lies in its word.
    long word(long value) {
        return value << shift & mask;
    }

    /// Writes the value into the frame that begins at `at`. Returns it as it lies in its word.
    long write(MemorySegment memory, long at, long value) {
        long word = word(value);
        switch (wordBits) {
            case 16 -> Wire.u16(memory, at + wordAt,
                (int) (isWholeWord ? word : Wire.u16(memory, at + wordAt) & ~mask | word));
            case 32 -> Wire.i32(memory, at + wordAt,
                (int) (isWholeWord ? word : Wire.i32(memory, at + wordAt) & ~mask | word));
            default -> Wire.i64(memory, at + wordAt,
                isWholeWord ? word : Wire.i64(memory, at + wordAt) & ~mask | word);
        }
        return word;
    }

    /// The sum of a word's four 16-bit parts.
    static long sum(long word) {
        return (word >>> 48) + (word >>> 32 & 0xffff) + (word >>> 16 & 0xffff) + (word & 0xffff);
    }

    /// What a word of this sum adds to the sum under a checksum.
    long counted(int checksum, long sum) {
        return times(coefficients[checksum], sum);
    }

    /// The same under the two innermost checksums, of which there may be fewer.
    long first(long sum)   { return times(first, sum); }
    long second(long sum)  { return times(second, sum); }

    private static long times(int coefficient, long sum) {
        if (coefficient == 0) return 0;
        return coefficient > 0 ? sum : 4L * 0xffff - sum;   // 0xffff is zero here, and the sum has four words
    }
}
