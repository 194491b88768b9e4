package io.millrace.packet.parse.device;

import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.RecordField;

import java.lang.foreign.MemorySegment;

/// Writes fields of the record at hand, one by one.
final class RecordWriter {

    private static final RecordField[] FIELDS = RecordField.values();
    private static final int OFFSET_MAX = 0xffff;

    private final MemorySegment memory;
    private int index;
    private int count;
    private long record;

    RecordWriter(ParseRecords records) {
        this.memory = records.segment();
    }

    void begin(int packetIndex) {
        index = packetIndex;
        count = 0;
    }

    /// Opens one more record, all zero but for the packet's end.
    void open(int packetEnd) {
        record = ParseRecords.recordAt(index, count++);
        for (int offset = 0; offset < ParseRecords.USED_BYTES; offset += 8) Wire.hostI64(memory, record + offset, 0);
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
            flags |= Wire.hostU16(memory, ParseRecords.recordAt(index, i) + RecordField.FLAGS.offset());
        }
        return flags;
    }

    void outcome(int outcome) {
        Wire.hostI32(memory, ParseRecords.recordAt(index, 0) + ParseRecords.OUTCOME_OFFSET, outcome);
    }

    /// Writes a field by its ordinal; the value is 128 bits, of which it takes as many as it has.
    void write(int field, long high, long low) {
        long to = record + FIELDS[field].offset();
        switch (FIELDS[field].bytes()) {
            case 1 -> Wire.u8(memory, to, (int) low);
            case 2 -> Wire.hostU16(memory, to, (int) low);
            case 4 -> Wire.hostI32(memory, to, (int) low);
            default -> {
                Wire.hostI64(memory, to, high);
                Wire.hostI64(memory, to + 8, low);
            }
        }
    }

    void or(int field, long high, long low) {
        long to = record + FIELDS[field].offset();
        switch (FIELDS[field].bytes()) {
            case 1 -> Wire.u8(memory, to, Wire.u8(memory, to) | (int) low);
            case 2 -> Wire.hostU16(memory, to, Wire.hostU16(memory, to) | (int) low);
            case 4 -> Wire.hostI32(memory, to, Wire.hostI32(memory, to) | (int) low);
            default -> {
                Wire.hostI64(memory, to, Wire.hostI64(memory, to) | high);
                Wire.hostI64(memory, to + 8, Wire.hostI64(memory, to + 8) | low);
            }
        }
    }
}
