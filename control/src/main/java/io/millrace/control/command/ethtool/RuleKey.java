package io.millrace.control.command.ethtool;

import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.RecordField;

/// The words of a record that a receive rule asks for: values, and masks whose bits of 1 are compared.
final class RuleKey {

    final long[] values = new long[ParseRecords.USED_WORDS];
    final long[] masks = new long[ParseRecords.USED_WORDS];

    /// @param mask bits of the field that are compared
    void put(RecordField field, long value, long mask) {
        long bits = field.mask() >>> field.shift();
        masks[field.word()] |= (mask & bits) << field.shift();
        values[field.word()] |= (value & mask & bits) << field.shift();
    }

    /// An address, or any field of 16 bytes; the more significant half first.
    void put(RecordField field, long high, long low, long highMask, long lowMask) {
        masks[field.word()] = highMask;
        masks[field.word() + 1] = lowMask;
        values[field.word()] = high & highMask;
        values[field.word() + 1] = low & lowMask;
    }

    static long value(long[] words, RecordField field) {
        return (words[field.word()] & field.mask()) >>> field.shift();
    }
}
