package io.millrace.nic.program;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.device.ImageException;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.MatchTable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads an image, trusting nothing; [FirmwareImage] has the layout.
final class FirmwareReader {

    static final long MAGIC = 0x4d4c_5246_4952_4d57L;   // MLRFIRMW
    static final int FORMAT_VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int NAME_BYTES_MAX = 255;

    static final int VERSION = 8;
    static final int HEADER_SIZE = 10;
    static final int IMAGE_SIZE = 12;
    static final int HASH = 16;
    static final int ENGINES = 48;
    static final int TABLES = 50;
    static final int PARSER_SIZE = 52;
    static final int ZERO = 56;

    private final byte[] bytes;
    private final ByteBuffer image;

    FirmwareReader(byte[] bytes) {
        this.bytes = bytes;
        this.image = ByteBuffer.wrap(bytes);
    }

    static byte[] hashOf(byte[] bytes) {
        return Arrays.copyOfRange(bytes, HASH, HASH + ProgramHash.BYTES);
    }

    static byte[] computedHash(byte[] bytes) {
        byte[] copy = bytes.clone();
        Arrays.fill(copy, HASH, HASH + ProgramHash.BYTES, (byte) 0);
        return ProgramHash.sha256(copy);
    }

    FirmwareImage read() {
        header();
        image.position(HEADER_BYTES);
        String label = name("label");
        SortedMap<String, ProgramHash> engines = new TreeMap<>();
        for (int i = u16(ENGINES); i > 0; i--) engine(engines);
        List<MatchTable> tables = new ArrayList<>();
        for (int i = u16(TABLES); i > 0; i--) tables.add(table(tables));
        return new FirmwareImage(bytes, label, engines, parser(), tables);
    }

    private void header() {
        int size = image.capacity();
        if (size < HEADER_BYTES) {
            throw new FirmwareException(size, "end of file", "a header of " + HEADER_BYTES + " bytes");
        }
        long magic = image.getLong(0);
        expect(0, "magic 0x%016x".formatted(magic), magic == MAGIC, "0x%016x (MLRFIRMW)".formatted(MAGIC));
        expectShort(VERSION, "format version", FORMAT_VERSION);
        expectShort(HEADER_SIZE, "header bytes", HEADER_BYTES);
        long stated = Integer.toUnsignedLong(image.getInt(IMAGE_SIZE));
        expect(Math.min(size, stated), "an image of " + size + " bytes", stated == size,
            stated + " bytes, as its header says");
        ProgramHash computed = ProgramHash.of(computedHash(bytes));
        ProgramHash found = ProgramHash.of(hashOf(bytes));
        expect(HASH, "SHA-256 " + found, found.equals(computed), computed + ", that of the file");
        expect(ZERO, "0x%016x".formatted(image.getLong(ZERO)), image.getLong(ZERO) == 0, "zero");
    }

    private void expectShort(int at, String what, int expected) {
        expect(at, what + " " + u16(at), u16(at) == expected, String.valueOf(expected));
    }

    private static void expect(long at, String found, boolean holds, String expected) {
        if (!holds) throw new FirmwareException(at, found, expected);
    }

    private void engine(SortedMap<String, ProgramHash> engines) {
        int at = image.position();
        String name = name("engine");
        boolean isNext = engines.isEmpty() || engines.lastKey().compareTo(name) < 0;
        expect(at, "engine " + name, isNext, isNext ? "" : "engines in order, behind " + engines.lastKey());
        engines.put(name, ProgramHash.of(take(ProgramHash.BYTES, "the hash of engine " + name)));
    }

    private MatchTable table(List<MatchTable> before) {
        int at = image.position();
        String name = name("match table");
        boolean isNew = before.stream().noneMatch(each -> each.name().equals(name));
        expect(at, "another match table " + name, isNew, "a name of its own");
        MatchTable.Target target = constant(MatchTable.Target.values(), "target of match table " + name);
        List<RecordField> keys = new ArrayList<>();
        for (int i = u8("key count of match table " + name); i > 0; i--) {
            keys.add(constant(RecordField.values(), "key of match table " + name));
        }
        int entriesAt = image.position();
        long entries = ByteBuffer.wrap(take(Long.BYTES, "the entries of match table " + name)).getLong();
        expect(entriesAt, entries + " entries", entries >= 0 && entries <= Integer.MAX_VALUE,
            "0 to " + Integer.MAX_VALUE);
        return new MatchTable(name, target, keys, entries);
    }

    private ParseImage parser() {
        int at = image.position();
        int size = image.remaining();
        long stated = Integer.toUnsignedLong(image.getInt(PARSER_SIZE));
        expect(PARSER_SIZE, "a parse image of " + stated + " bytes", stated == size, size + " bytes, from offset " + at
            + " to the end");
        try {
            return ParseImage.load(take(size, "the parse image"));
        } catch (ImageException e) {
            throw new FirmwareException(at + e.offset(), "in the " + e.getMessage(), "a parse image at offset " + at);
        }
    }

    private String name(String what) {
        int at = image.position();
        int size = u8("the name of a " + what);
        expect(at, "a " + what + " without a name", size > 0, "a name");
        byte[] name = take(size, "a name of " + size + " bytes");
        for (int i = 0; i < size; i++) {
            expect(at + 1 + i, "byte 0x%02x in a name".formatted(name[i]), name[i] >= ' ' && name[i] < 0x7f,
                "printable ASCII");
        }
        return new String(name, StandardCharsets.US_ASCII);
    }

    private <E extends Enum<E>> E constant(E[] all, String what) {
        int at = image.position();
        int number = u8(what);
        expect(at, what + " " + number, number < all.length, "0 to " + (all.length - 1));
        return all[number];
    }

    private int u8(String what) {
        return Byte.toUnsignedInt(take(1, what)[0]);
    }

    private byte[] take(int size, String what) {
        expect(image.capacity(), "end of file", size <= image.remaining(), what);
        byte[] taken = new byte[size];
        image.get(taken);
        return taken;
    }

    private int u16(int at) {
        return Short.toUnsignedInt(image.getShort(at));
    }
}
