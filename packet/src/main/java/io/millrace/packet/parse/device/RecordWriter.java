package io.millrace.packet.parse.device;

import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.RecordField;

import java.util.Arrays;

/// Writes fields of the record at hand, one by one.
final class RecordWriter {

    private static final RecordField[] FIELDS = RecordField.values();
    private static final int OFFSET_MAX = 0xffff;

    private final long[] words;
    private int index;
    private int count;
    private int record;

    RecordWriter(ParseRecords records) {
        this.words = records.words();
    }

    void begin(int packetIndex) {
        index = packetIndex;
        count = 0;
    }

    /// Opens one more record, all zero but for the packet's end.
    void open(int packetEnd) {
        record = ParseRecords.recordAt(index, count++);
        Arrays.fill(words, record, record + ParseRecords.USED_WORDS, 0L);
        end(packetEnd);
    }

    /// Records opened.
    int count() {
        return count;
    }

    void end(int packetEnd) {
        write(RecordField.END.ordinal(), 0, Math.min(packetEnd, OFFSET_MAX));
    }

    void orFlags(int flags) {
        or(RecordField.FLAGS.ordinal(), 0, flags);
    }

    /// The flags of all records, ORed.
    int allFlags() {
        int flags = 0;
        for (int i = 0; i < count; i++) {
            flags |= (int) words[ParseRecords.recordAt(index, i) + ParseRecords.FLAGS_WORD] & 0xffff;
        }
        return flags;
    }

    void outcome(int outcome) {
        int word = ParseRecords.recordAt(index, 0) + ParseRecords.LAST_WORD;
        words[word] = words[word] & 0xffff_ffffL | (long) outcome << 32;
    }

    /// Writes a field by its ordinal; the value is 128 bits, of which it takes as many as it has.
    void write(int field, long high, long low) {
        RecordField to = FIELDS[field];
        int word = record + to.word();
        if (to.isAddress()) {
            words[word] = high;
            words[word + 1] = low;
        } else {
            words[word] = words[word] & ~to.mask() | low << to.shift() & to.mask();
        }
    }

    void or(int field, long high, long low) {
        RecordField to = FIELDS[field];
        int word = record + to.word();
        if (to.isAddress()) {
            words[word] |= high;
            words[word + 1] |= low;
        } else {
            words[word] |= low << to.shift() & to.mask();
        }
    }
}
