package io.millrace.packet.parse.device;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.device.ImageLayout.Table;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.GraphException;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.packet.parse.graph.TlvOptions;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Reads the tables of an image back into a graph, trusting nothing.
final class ImageReader {

    private static final int[] NO_ROWS = new int[0];

    private final ByteBuffer image;

    ImageReader(byte[] bytes) {
        this.image = ByteBuffer.wrap(bytes);
    }

    ParseProgram read() {
        header();
        Limits limits = atRow(ImageLayout.NODES_MAX, () -> new Limits(image.getInt(ImageLayout.NODES_MAX),
            image.getInt(ImageLayout.ENCAPS_MAX), image.getInt(ImageLayout.TLVS_MAX),
            image.getInt(ImageLayout.HEADER_BYTES_MAX)));
        List<Node> nodes = new ArrayList<>();
        for (int row : rows(Table.NODES)) nodes.add(atRow(row, () -> node(row)));
        NavigableMap<Integer, Integer> roots = new TreeMap<>();
        for (int row : rows(Table.ROOTS)) roots.put(image.getInt(row), image.getInt(row + 4));
        ParseGraph graph = atRow(ImageLayout.START,
            () -> new ParseGraph("", limits, nodes, roots, image.getInt(ImageLayout.START), List.of()));
        ParseProgram program = ParseProgram.of(graph);
        byte[] stated = new byte[ParseProgram.HASH_BYTES];
        image.get(ImageLayout.HASH, stated);
        if (!Arrays.equals(stated, program.hash())) {
            throw new ImageException(ImageLayout.HASH, "hash " + HexFormat.of().formatHex(stated),
                program.hashText() + ", the hash of the graph in the tables");
        }
        return program;
    }

    private void header() {
        int size = image.capacity();
        if (size < ImageLayout.HEADER_BYTES) {
            throw new ImageException(size, "end of file", "a header of " + ImageLayout.HEADER_BYTES + " bytes");
        }
        long magic = image.getLong(0);
        expect(0, "magic 0x" + Long.toHexString(magic), magic == ImageLayout.MAGIC,
            "0x" + Long.toHexString(ImageLayout.MAGIC) + " (MLRPARSE)");
        expectShort(ImageLayout.VERSION, "format version", ImageLayout.FORMAT_VERSION);
        expectShort(ImageLayout.HEADER_SIZE, "header of", ImageLayout.HEADER_BYTES);
        int stated = image.getInt(ImageLayout.IMAGE_SIZE);
        if (stated != size) {
            throw new ImageException(Math.min(size, Integer.toUnsignedLong(stated)), "an image of " + size + " bytes",
                Integer.toUnsignedString(stated) + " bytes, as its header says");
        }
        long rowsEnd = ImageLayout.HEADER_BYTES;
        for (Table table : Table.values()) rowsEnd += (long) table.rowBytes * Integer.toUnsignedLong(rowCount(image,
            table));
        expect(ImageLayout.ROW_COUNTS, "tables that end at " + rowsEnd, rowsEnd == size, "tables that end at " + size);
        int crc = ImageWriter.crc(image.array());
        expect(ImageLayout.CRC, "CRC-32 " + hex(image.getInt(ImageLayout.CRC)), image.getInt(ImageLayout.CRC) == crc,
            hex(crc));
    }

    private void expectShort(int at, String what, int expected) {
        int found = Short.toUnsignedInt(image.getShort(at));
        expect(at, what + " " + found, found == expected, String.valueOf(expected));
    }

    private static void expect(long at, String found, boolean holds, String expected) {
        if (!holds) throw new ImageException(at, found, expected);
    }

    static int rowCount(ByteBuffer image, Table table) {
        return image.getInt(ImageLayout.ROW_COUNTS + 4 * table.ordinal());
    }

    /// Where the first row of a table lies.
    static int tableAt(ByteBuffer image, Table table) {
        int at = ImageLayout.HEADER_BYTES;
        for (Table before : Table.values()) {
            if (before == table) break;
            at += rowCount(image, before) * before.rowBytes;
        }
        return at;
    }

    private int[] rows(Table table) {
        return rows(table, 0, rowCount(image, table));
    }

    private int[] rows(Table table, int first, int count) {
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) rows[i] = tableAt(image, table) + (first + i) * table.rowBytes;
        return rows;
    }

    /// The rows that a list at `at` refers to.
    private int[] listed(int at, Table table) {
        long first = Integer.toUnsignedLong(image.getInt(at));
        long count = Integer.toUnsignedLong(image.getInt(at + 4));
        if (count == 0) return NO_ROWS;
        expect(at, "rows " + first + " to " + (first + count - 1) + " of " + table,
            first + count <= rowCount(image, table), "rows below " + rowCount(image, table));
        return rows(table, (int) first, (int) count);
    }

    private <T> List<T> list(int at, Table table, IntFunction<T> read) {
        List<T> parts = new ArrayList<>();
        for (int row : listed(at, table)) parts.add(atRow(row, () -> read.apply(row)));
        return parts;
    }

    /// A rule that a row breaks becomes an error at the row.
    private static <T> T atRow(int row, Supplier<T> read) {
        try {
            return read.get();
        } catch (GraphException e) {
            throw new ImageException(row, e.member() + ": " + e.problem(), e.allowed().isEmpty() ? "a valid row"
                : e.allowed());
        }
    }

    private Node node(int row) {
        int flags = u8(row + ImageLayout.NODE_FLAGS);
        expect(row + ImageLayout.NODE_FLAGS, "flags " + flags, flags <= ImageLayout.NODE_FLAGS_ALL,
            "0 to " + ImageLayout.NODE_FLAGS_ALL);
        int number = (row - tableAt(image, Table.NODES)) / Table.NODES.rowBytes;
        return new Node(String.valueOf(number), u16(row),
            has(flags, ImageLayout.HAS_HEADER_LENGTH) ? length(row + ImageLayout.NODE_HEADER_LENGTH) : null,
            has(flags, ImageLayout.HAS_PACKET_LENGTH) ? length(row + ImageLayout.NODE_PACKET_LENGTH) : null,
            list(row + ImageLayout.NODE_CHECKS, Table.CONDITIONS, this::condition),
            metadata(row + ImageLayout.NODE_METADATA),
            list(row + ImageLayout.NODE_FLAG_IF, Table.CONDITIONS, this::condition),
            has(flags, ImageLayout.HAS_OPTIONALS) ? optionals(row) : null,
            has(flags, ImageLayout.HAS_OPTIONS) ? options(row + ImageLayout.NODE_OPTIONS) : null,
            list(row + ImageLayout.NODE_STOP_IF, Table.CONDITIONS, this::condition),
            next(row), has(flags, ImageLayout.IS_OVERLAY), has(flags, ImageLayout.IS_ENCAP));
    }

    private Next next(int row) {
        int kind = u8(row + ImageLayout.NODE_NEXT_KIND);
        return switch (kind) {
            case ImageLayout.NEXT_LEAF -> new Next.Leaf();
            case ImageLayout.NEXT_ALWAYS -> new Next.Always(image.getInt(row + ImageLayout.NODE_NEXT));
            case ImageLayout.NEXT_DISPATCH -> dispatch(row);
            default -> throw new ImageException(row + ImageLayout.NODE_NEXT_KIND, "next kind " + kind, "0, 1 or 2");
        };
    }

    private Next dispatch(int row) {
        Field field = field(row + ImageLayout.NODE_KEY);
        int rightShift = u8(row + ImageLayout.NODE_KEY_SHIFT);
        int[] matches = listed(row + ImageLayout.NODE_MATCHES, Table.MATCHES);
        List<Next.Entry> entries = new ArrayList<>();
        int fallback = Next.NONE;
        for (int i = 0; i < matches.length; i++) {
            int match = matches[i];
            int node = image.getInt(match + ImageLayout.MATCH_NEXT);
            long mask = image.getLong(match + ImageLayout.MATCH_MASK);
            boolean isFallback = image.getInt(match + ImageLayout.MATCH_IS_FALLBACK) == 1;
            boolean hasRightMask = isFallback ? mask == 0 && i == matches.length - 1
                : mask == field.mask() >>> rightShift;
            expect(match + ImageLayout.MATCH_MASK, "mask " + Long.toHexString(mask), hasRightMask,
                "the key's mask, or 0 in a fallback behind the other rows");
            if (isFallback) {
                fallback = node;
            } else {
                entries.add(new Next.Entry(image.getLong(match), node));
            }
        }
        return new Next.Dispatch(field, rightShift, entries, fallback);
    }

    private OptionalFields optionals(int row) {
        return new OptionalFields(field(row + ImageLayout.NODE_OPTIONAL_FIELD),
            list(row + ImageLayout.NODE_OPTIONALS, Table.OPTIONALS, entry -> new OptionalFields.Entry(
                image.getLong(entry), image.getLong(entry + ImageLayout.OPTIONAL_MASK),
                image.getInt(entry + ImageLayout.OPTIONAL_BYTES), metadata(entry + ImageLayout.OPTIONAL_METADATA))));
    }

    private TlvOptions options(int at) {
        int number = image.getInt(at);
        expect(at, "row " + Integer.toUnsignedString(number) + " of OPTIONS",
            number >= 0 && number < rowCount(image, Table.OPTIONS), "rows below " + rowCount(image, Table.OPTIONS));
        int row = rows(Table.OPTIONS, number, 1)[0];
        int flags = u8(row + ImageLayout.OPTIONS_FLAGS);
        return new TlvOptions(image.getInt(row), field(row + ImageLayout.OPTIONS_TYPE),
            u8(row + ImageLayout.OPTIONS_TYPE_SHIFT), length(row + ImageLayout.OPTIONS_LENGTH),
            has(flags, ImageLayout.HAS_PAD1) ? OptionalLong.of(image.getLong(row + ImageLayout.OPTIONS_PAD1))
                : OptionalLong.empty(),
            has(flags, ImageLayout.HAS_EOL) ? OptionalLong.of(image.getLong(row + ImageLayout.OPTIONS_EOL))
                : OptionalLong.empty(),
            list(row + ImageLayout.OPTIONS_ENTRIES, Table.OPTION_ENTRIES, entry -> new TlvOptions.Entry(
                image.getLong(entry), image.getInt(entry + ImageLayout.ENTRY_BYTES_MIN),
                metadata(entry + ImageLayout.ENTRY_METADATA))));
    }

    private Condition condition(int row) {
        return new Condition(field(row), constant(row + ImageLayout.CONDITION_OP, Condition.Op.values()),
            image.getLong(row + ImageLayout.CONDITION_VALUE), u16(row + ImageLayout.CONDITION_FLAGS));
    }

    private List<Extraction> metadata(int at) {
        return list(at, Table.EXTRACTIONS, this::extraction);
    }

    private Extraction extraction(int row) {
        RecordField to = constant(row + ImageLayout.EXTRACTION_TO, RecordField.values());
        int kind = u8(row);
        int fieldAt = row + ImageLayout.EXTRACTION_FIELD;
        return switch (kind) {
            case ImageLayout.KIND_FIELD ->
                new Extraction.Value(to, field(fieldAt), u8(row + ImageLayout.EXTRACTION_SHIFT));
            case ImageLayout.KIND_BYTES ->
                new Extraction.Bytes(to, u16(fieldAt), u8(fieldAt + ImageLayout.FIELD_BYTES), origin(fieldAt));
            case ImageLayout.KIND_OFFSET -> new Extraction.Position(to, Extraction.Position.Kind.OFFSET);
            case ImageLayout.KIND_END -> new Extraction.Position(to, Extraction.Position.Kind.END);
            case ImageLayout.KIND_LENGTH -> new Extraction.Position(to, Extraction.Position.Kind.LENGTH);
            case ImageLayout.KIND_CONSTANT, ImageLayout.KIND_OR ->
                new Extraction.Constant(to, u128(row + ImageLayout.EXTRACTION_VALUE), kind == ImageLayout.KIND_OR);
            default -> throw new ImageException(row, "extraction kind " + kind, "0 to " + ImageLayout.KIND_OR);
        };
    }

    private Length length(int at) {
        return new Length(field(at), u8(at + ImageLayout.LENGTH_SHIFT),
            image.getInt(at + ImageLayout.LENGTH_MULTIPLIER),
            image.getInt(at + ImageLayout.LENGTH_ADD));
    }

    private Field field(int at) {
        return new Field(u16(at), u8(at + ImageLayout.FIELD_BYTES), image.getLong(at + ImageLayout.FIELD_MASK),
            origin(at));
    }

    private Field.Origin origin(int fieldAt) {
        return constant(fieldAt + ImageLayout.FIELD_FROM, Field.Origin.values());
    }

    private <E extends Enum<E>> E constant(int at, E[] all) {
        int number = u8(at);
        expect(at, all.getClass().getComponentType().getSimpleName() + " number " + number, number < all.length,
            "0 to " + (all.length - 1));
        return all[number];
    }

    private BigInteger u128(int at) {
        byte[] value = new byte[16];
        image.get(at, value);
        return new BigInteger(1, value);
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static String hex(int value) {
        return "0x%08x".formatted(value);
    }

    private int u8(int at)  { return Byte.toUnsignedInt(image.get(at)); }
    private int u16(int at) { return Short.toUnsignedInt(image.getShort(at)); }
}
