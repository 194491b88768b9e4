package io.millrace.nic.program;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.MatchTable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;

/// Writes the bytes of an image; [FirmwareImage] has the layout.
final class FirmwareWriter {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    byte[] write(String label, SortedMap<String, ProgramHash> engines, List<MatchTable> tables, byte[] parser) {
        name(label);
        engines.forEach((name, hash) -> {
            name(name);
            body.writeBytes(hash.bytes());
        });
        tables.forEach(this::table);
        body.writeBytes(parser);
        ByteBuffer image = ByteBuffer.allocate(FirmwareReader.HEADER_BYTES + body.size());
        image.putLong(FirmwareReader.MAGIC).putShort((short) FirmwareReader.FORMAT_VERSION)
            .putShort((short) FirmwareReader.HEADER_BYTES).putInt(image.capacity());
        image.position(FirmwareReader.ENGINES);
        image.putShort((short) engines.size()).putShort((short) tables.size()).putInt(parser.length).putLong(0);
        image.put(body.toByteArray());
        image.put(FirmwareReader.HASH, FirmwareReader.computedHash(image.array()));
        return image.array();
    }

    private void name(String name) {
        boolean isPrintable = name.chars().allMatch(each -> each >= ' ' && each < 0x7f);
        if (name.isEmpty() || name.length() > FirmwareReader.NAME_BYTES_MAX || !isPrintable) {
            throw new IllegalArgumentException("a name in a firmware image has 1 to " + FirmwareReader.NAME_BYTES_MAX
                + " characters of printable ASCII, not \"" + name + "\"");
        }
        body.write(name.length());
        body.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    }

    private void table(MatchTable table) {
        name(table.name());
        body.write(table.target().ordinal());
        body.write(table.keys().size());
        for (RecordField key : table.keys()) body.write(key.ordinal());
        body.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(table.entriesMax()).array());
    }
}
