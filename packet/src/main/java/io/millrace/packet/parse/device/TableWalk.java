package io.millrace.packet.parse.device;

import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.device.ImageLayout.Table;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Length;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A walk over one packet by the rows of an image, which were checked when it was loaded.
///
/// A step that may end the walk returns [#GO_ON], or the ordinal of the result.
final class TableWalk {

    private static final int GO_ON = -1;
    private static final Condition.Op[] OPS = Condition.Op.values();

    private final ByteBuffer image;
    private final MemorySegment memory;
    private final RecordWriter records;
    private final int nodesAt;
    private final int conditionsAt;
    private final int extractionsAt;
    private final int optionalsAt;
    private final int optionsAt;
    private final int entriesAt;
    private final int matchesAt;
    private final int nodesMax;
    private final int encapsMax;
    private final int tlvsMax;
    private final int headerBytesMax;
    private final int[] visited;

    private int nodeCount;
    private int node;
    private long frame;
    private int at;
    private int headerEnd;
    private int present;
    private int end;
    private int limit;

    TableWalk(ParseImage image, MemorySegment memory, ParseRecords records) {
        this.image = image.tables();
        this.memory = memory;
        this.records = new RecordWriter(records);
        this.nodesAt = image.tableAt(Table.NODES);
        this.conditionsAt = image.tableAt(Table.CONDITIONS);
        this.extractionsAt = image.tableAt(Table.EXTRACTIONS);
        this.optionalsAt = image.tableAt(Table.OPTIONALS);
        this.optionsAt = image.tableAt(Table.OPTIONS);
        this.entriesAt = image.tableAt(Table.OPTION_ENTRIES);
        this.matchesAt = image.tableAt(Table.MATCHES);
        this.nodesMax = image.limits().nodesMax();
        this.encapsMax = image.limits().encapsMax();
        this.tlvsMax = image.limits().tlvsMax();
        this.headerBytesMax = image.limits().headerBytesMax();
        this.visited = new int[nodesMax];
    }

    RecordWriter records() {
        return records;
    }

    /// Nodes that the walk entered.
    int visitedCount()         { return nodeCount; }
    int visitedNode(int place) { return visited[place]; }

    /// Forgets the nodes of the walk before.
    void forget() {
        nodeCount = 0;
    }

    /// Walks a packet that begins at `frameAt` from `firstNode` at `start` to its end at `packetEnd`; `readable` bytes
    /// of it can be read. Returns the result's ordinal; the records are written.
    int walk(long frameAt, int index, int firstNode, int start, int readable, int packetEnd) {
        frame = frameAt;
        at = start;
        end = packetEnd;
        present = Math.min(readable, packetEnd);
        limit = start + headerBytesMax;
        nodeCount = 0;
        node = firstNode;
        records.begin(index);
        records.open(end);
        int result = GO_ON;
        while (result == GO_ON) result = step(nodesAt + node * Table.NODES.rowBytes);
        if (result > ParseResult.UNKNOWN_PROTO.ordinal()) records.orFlags(ParseFlags.NOT_UNDERSTOOD);
        return result;
    }

    private int step(int row) {
        if (nodeCount == nodesMax) return ParseResult.MAX_NODES.ordinal();
        visited[nodeCount++] = node;
        int flags = u8(row + ImageLayout.NODE_FLAGS);
        if (has(flags, ImageLayout.IS_ENCAP)) {
            if (records.count() > encapsMax) return ParseResult.MAX_ENCAPS.ordinal();
            records.open(end);
        }
        int result = header(row, flags);
        if (result == GO_ON) result = checks(row + ImageLayout.NODE_CHECKS);
        if (result == GO_ON && has(flags, ImageLayout.HAS_PACKET_LENGTH)) result = packetLength(row);
        if (result != GO_ON) return result;
        extract(row + ImageLayout.NODE_METADATA, at);
        flagIf(row + ImageLayout.NODE_FLAG_IF);
        if (has(flags, ImageLayout.HAS_OPTIONALS)) result = optionals(row, has(flags, ImageLayout.HAS_HEADER_LENGTH));
        if (result == GO_ON && has(flags, ImageLayout.HAS_OPTIONS)) {
            result = options(optionsAt + image.getInt(row + ImageLayout.NODE_OPTIONS) * Table.OPTIONS.rowBytes);
        }
        if (result != GO_ON) return result;
        return stops(row + ImageLayout.NODE_STOP_IF) ? ParseResult.OKAY.ordinal() : next(row, flags);
    }

    private int header(int row, int flags) {
        int fixedBytes = u16(row);
        if (at + fixedBytes > present) return ParseResult.SHORT.ordinal();
        long bytes = fixedBytes;
        if (has(flags, ImageLayout.HAS_HEADER_LENGTH)) {
            bytes = length(row + ImageLayout.NODE_HEADER_LENGTH, at);
            if (bytes < fixedBytes) return ParseResult.BAD_LENGTH.ordinal();
        } else if (has(flags, ImageLayout.HAS_OPTIONALS)) {
            bytes += optionalBytes(row);
        }
        if (at + bytes > limit) return ParseResult.MAX_HEADER_BYTES.ordinal();
        if (at + bytes > present) return ParseResult.SHORT.ordinal();
        headerEnd = at + (int) bytes;
        return GO_ON;
    }

    private int optionalBytes(int row) {
        int bytes = 0;
        int count = count(row + ImageLayout.NODE_OPTIONALS);
        for (int i = 0; i < count; i++) {
            int entry = listed(row + ImageLayout.NODE_OPTIONALS, optionalsAt, Table.OPTIONALS, i);
            if (isThere(row, entry)) bytes += image.getInt(entry + ImageLayout.OPTIONAL_BYTES);
        }
        return bytes;
    }

    private int checks(int list) {
        int count = count(list);
        for (int i = 0; i < count; i++) {
            if (!holds(listed(list, conditionsAt, Table.CONDITIONS, i))) return ParseResult.BAD_FIELD.ordinal();
        }
        return GO_ON;
    }

    private int packetLength(int row) {
        int field = row + ImageLayout.NODE_PACKET_LENGTH;
        if (masked(field, at) == 0) return GO_ON;
        long stated = at + length(field, at);
        if (stated < headerEnd) return ParseResult.BAD_LENGTH.ordinal();
        if (stated > end) {
            records.orFlags(ParseFlags.CUT);
        } else {
            end = (int) stated;
            present = Math.min(present, end);
            records.end(end);
        }
        return GO_ON;
    }

    private void flagIf(int list) {
        int count = count(list);
        for (int i = 0; i < count; i++) {
            int row = listed(list, conditionsAt, Table.CONDITIONS, i);
            if (holds(row)) records.orFlags(u16(row + ImageLayout.CONDITION_FLAGS));
        }
    }

    private boolean stops(int list) {
        int count = count(list);
        for (int i = 0; i < count; i++) {
            int row = listed(list, conditionsAt, Table.CONDITIONS, i);
            if (holds(row)) {
                records.orFlags(u16(row + ImageLayout.CONDITION_FLAGS));
                return true;
            }
        }
        return false;
    }

    private int optionals(int row, boolean isLengthStated) {
        int fieldAt = at + u16(row);
        int count = count(row + ImageLayout.NODE_OPTIONALS);
        for (int i = 0; i < count; i++) {
            int entry = listed(row + ImageLayout.NODE_OPTIONALS, optionalsAt, Table.OPTIONALS, i);
            if (!isThere(row, entry)) continue;
            int bytes = image.getInt(entry + ImageLayout.OPTIONAL_BYTES);
            if (isLengthStated && fieldAt + bytes > headerEnd) return ParseResult.BAD_LENGTH.ordinal();
            extract(entry + ImageLayout.OPTIONAL_METADATA, fieldAt);
            fieldAt += bytes;
        }
        return GO_ON;
    }

    private boolean isThere(int row, int entry) {
        long flags = raw(row + ImageLayout.NODE_OPTIONAL_FIELD, at);
        return (flags & image.getLong(entry + ImageLayout.OPTIONAL_MASK)) == image.getLong(entry);
    }

    private int options(int row) {
        int flags = u8(row + ImageLayout.OPTIONS_FLAGS);
        int typeEnd = fieldEnd(row + ImageLayout.OPTIONS_TYPE);
        int lengthEnd = fieldEnd(row + ImageLayout.OPTIONS_LENGTH);
        int counted = 0;
        int optionAt = at + image.getInt(row);
        while (optionAt < headerEnd) {
            if (optionAt + typeEnd > headerEnd) return ParseResult.BAD_LENGTH.ordinal();
            long type = masked(row + ImageLayout.OPTIONS_TYPE, optionAt) >>> u8(row + ImageLayout.OPTIONS_TYPE_SHIFT);
            if (has(flags, ImageLayout.HAS_PAD1) && type == image.getLong(row + ImageLayout.OPTIONS_PAD1)) {
                optionAt++;
                continue;
            }
            if (has(flags, ImageLayout.HAS_EOL) && type == image.getLong(row + ImageLayout.OPTIONS_EOL)) return GO_ON;
            if (counted++ == tlvsMax) return ParseResult.MAX_TLVS.ordinal();
            if (optionAt + lengthEnd > headerEnd) return ParseResult.BAD_LENGTH.ordinal();
            long bytes = length(row + ImageLayout.OPTIONS_LENGTH, optionAt);
            if (bytes < lengthEnd || optionAt + bytes > headerEnd) return ParseResult.BAD_LENGTH.ordinal();
            if (!option(row + ImageLayout.OPTIONS_ENTRIES, type, optionAt,
                bytes)) return ParseResult.BAD_LENGTH.ordinal();
            optionAt += (int) bytes;
        }
        return GO_ON;
    }

    /// Takes what the list has for this type; false if the option is too short for it.
    private boolean option(int list, long type, int optionAt, long bytes) {
        int count = count(list);
        for (int i = 0; i < count; i++) {
            int entry = listed(list, entriesAt, Table.OPTION_ENTRIES, i);
            if (image.getLong(entry) != type) continue;
            if (bytes < image.getInt(entry + ImageLayout.ENTRY_BYTES_MIN)) return false;
            extract(entry + ImageLayout.ENTRY_METADATA, optionAt);
            return true;
        }
        return true;
    }

    private int next(int row, int flags) {
        int kind = u8(row + ImageLayout.NODE_NEXT_KIND);
        if (kind == ImageLayout.NEXT_LEAF) return ParseResult.OKAY.ordinal();
        if (kind == ImageLayout.NEXT_ALWAYS) {
            node = image.getInt(row + ImageLayout.NODE_NEXT);
        } else {
            long key = masked(row + ImageLayout.NODE_KEY, at) >>> u8(row + ImageLayout.NODE_KEY_SHIFT);
            int match = match(row + ImageLayout.NODE_MATCHES, key);
            if (match < 0) return ParseResult.UNKNOWN_PROTO.ordinal();
            node = match;
        }
        if (!has(flags, ImageLayout.IS_OVERLAY)) at = headerEnd;
        return GO_ON;
    }

    private int match(int list, long key) {
        int count = count(list);
        for (int i = 0; i < count; i++) {
            int row = listed(list, matchesAt, Table.MATCHES, i);
            if ((key & image.getLong(row + ImageLayout.MATCH_MASK)) == image.getLong(row)) {
                return image.getInt(row + ImageLayout.MATCH_NEXT);
            }
        }
        return -1;
    }

    /// Writes what a list takes from the part of the header that begins at `partAt`.
    private void extract(int list, int partAt) {
        int count = count(list);
        for (int i = 0; i < count; i++) {
            int row = listed(list, extractionsAt, Table.EXTRACTIONS, i);
            int to = u8(row + ImageLayout.EXTRACTION_TO);
            int field = row + ImageLayout.EXTRACTION_FIELD;
            switch (u8(row)) {
                case ImageLayout.KIND_FIELD ->
                    records.write(to, 0, masked(field, partAt) >>> u8(row + ImageLayout.EXTRACTION_SHIFT));
                case ImageLayout.KIND_BYTES -> bytes(to, field, partAt);
                case ImageLayout.KIND_OFFSET -> records.write(to, 0, at);
                case ImageLayout.KIND_END -> records.write(to, 0, headerEnd);
                case ImageLayout.KIND_LENGTH -> records.write(to, 0, headerEnd - at);
                case ImageLayout.KIND_CONSTANT -> records.write(to, valueHigh(row), valueLow(row));
                default -> records.or(to, valueHigh(row), valueLow(row));
            }
        }
    }

    /// Copies byte by byte into a number of 128 bits.
    private void bytes(int to, int field, int partAt) {
        long high = 0;
        long low = 0;
        long from = frame + fieldAt(field, partAt);
        int count = u8(field + ImageLayout.FIELD_BYTES);
        for (int i = 0; i < count; i++) {
            high = high << 8 | low >>> 56;
            low = low << 8 | Wire.u8(memory, from + i);
        }
        records.write(to, high, low);
    }

    private boolean holds(int row) {
        return OPS[u8(row + ImageLayout.CONDITION_OP)].holds(masked(row, at),
            image.getLong(row + ImageLayout.CONDITION_VALUE));
    }

    private long length(int row, int partAt) {
        long field = masked(row, partAt) >>> u8(row + ImageLayout.LENGTH_SHIFT);
        long counted = Long.compareUnsigned(field, Length.FIELD_MAX) > 0 ? Length.FIELD_MAX : field;
        return counted * image.getInt(row + ImageLayout.LENGTH_MULTIPLIER) + image.getInt(row + ImageLayout.LENGTH_ADD);
    }

    private long masked(int field, int partAt) {
        return raw(field, partAt) & image.getLong(field + ImageLayout.FIELD_MASK);
    }

    private long raw(int field, int partAt) {
        long from = frame + fieldAt(field, partAt);
        int count = u8(field + ImageLayout.FIELD_BYTES);
        long value = 0;
        for (int i = 0; i < count; i++) value = value << 8 | Wire.u8(memory, from + i);
        return value;
    }

    private int fieldAt(int field, int partAt) {
        return u8(field + ImageLayout.FIELD_FROM) == 0 ? partAt + u16(field) : headerEnd - u16(field);
    }

    private int fieldEnd(int field) {
        return u16(field) + u8(field + ImageLayout.FIELD_BYTES);
    }

    private int count(int list) {
        return image.getInt(list + 4);
    }

    private int listed(int list, int tableAt, Table table, int place) {
        return tableAt + (image.getInt(list) + place) * table.rowBytes;
    }

    private long valueHigh(int row) { return image.getLong(row + ImageLayout.EXTRACTION_VALUE); }
    private long valueLow(int row)  { return image.getLong(row + ImageLayout.EXTRACTION_VALUE + 8); }
    private int u8(int offset)      { return Byte.toUnsignedInt(image.get(offset)); }
    private int u16(int offset)     { return Short.toUnsignedInt(image.getShort(offset)); }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
