package io.millrace.packet.parse.device;

import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.graph.Condition;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Field;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.TlvOptions;
import io.millrace.packet.parse.device.ImageLayout.Table;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.CRC32;

/// Compiles a program into the tables of an image.
final class ImageWriter {

    private final Map<Table, RowBuffer> tables = new EnumMap<>(Table.class);

    static byte[] write(ParseProgram program) {
        return new ImageWriter().image(program);
    }

    private ImageWriter() {
        for (Table table : Table.values()) tables.put(table, new RowBuffer(table.rowBytes));
    }

    private byte[] image(ParseProgram program) {
        program.graph().roots().forEach((linkType, node) -> table(Table.ROOTS).add().putInt(linkType).putInt(node));
        List<Node> nodes = program.graph().nodes();
        for (int i = 0; i < nodes.size(); i++) table(Table.NODES).add();
        for (int i = 0; i < nodes.size(); i++) node(i, nodes.get(i));

        int rowBytes = tables.values().stream().mapToInt(RowBuffer::byteCount).sum();
        ByteBuffer image = ByteBuffer.allocate(ImageLayout.HEADER_BYTES + rowBytes);
        header(image, program);
        tables.values().forEach(table -> image.put(table.bytes()));
        image.putInt(ImageLayout.CRC, crc(image.array()));
        return image.array();
    }

    private void header(ByteBuffer image, ParseProgram program) {
        Limits limits = program.graph().limits();
        image.putLong(ImageLayout.MAGIC).putShort((short) ImageLayout.FORMAT_VERSION)
            .putShort((short) ImageLayout.HEADER_BYTES).putInt(image.capacity()).put(program.hash())
            .putInt(limits.nodesMax()).putInt(limits.encapsMax()).putInt(limits.tlvsMax())
                .putInt(limits.headerBytesMax());
        tables.values().forEach(table -> image.putInt(table.rowCount()));
        image.putInt(program.graph().start()).putInt(0);
    }

    /// CRC-32 of an image whose own field for it counts as zero.
    static int crc(byte[] image) {
        CRC32 crc = new CRC32();
        crc.update(image, 0, ImageLayout.CRC);
        crc.update(new byte[4]);
        int rowsAt = ImageLayout.CRC + 4;
        crc.update(image, rowsAt, image.length - rowsAt);
        return (int) crc.getValue();
    }

    private RowBuffer table(Table table) {
        return tables.get(table);
    }

    private void node(int number, Node node) {
        long checks = list(Table.CONDITIONS, node.checks(), ImageWriter::condition);
        long metadata = metadata(node.metadata());
        long flagIf = list(Table.CONDITIONS, node.flagIf(), ImageWriter::condition);
        long stopIf = list(Table.CONDITIONS, node.stopIf(), ImageWriter::condition);
        long optionals = node.optional() == null ? 0 : optionals(node.optional());
        int options = node.tlvs() == null ? 0 : options(node.tlvs());
        ByteBuffer row = table(Table.NODES).row(number);
        row.putShort((short) node.bytesMin()).put((byte) flags(node)).put((byte) nextKind(node.next()));
        length(row, node.headerLength());
        length(row, node.packetLength());
        row.putLong(checks).putLong(metadata).putLong(flagIf).putLong(stopIf);
        field(row, node.optional() == null ? null : node.optional().field());
        row.putLong(optionals).putInt(options);
        next(row, node.next());
    }

    private static int flags(Node node) {
        return (node.isOverlay() ? ImageLayout.IS_OVERLAY : 0)
            | (node.isEncap() ? ImageLayout.IS_ENCAP : 0)
            | (node.headerLength() != null ? ImageLayout.HAS_HEADER_LENGTH : 0)
            | (node.packetLength() != null ? ImageLayout.HAS_PACKET_LENGTH : 0)
            | (node.optional() != null ? ImageLayout.HAS_OPTIONALS : 0)
            | (node.tlvs() != null ? ImageLayout.HAS_OPTIONS : 0);
    }

    private static int nextKind(Next next) {
        return switch (next) {
            case Next.Leaf _ -> ImageLayout.NEXT_LEAF;
            case Next.Always _ -> ImageLayout.NEXT_ALWAYS;
            case Next.Dispatch _ -> ImageLayout.NEXT_DISPATCH;
        };
    }

    private void next(ByteBuffer row, Next next) {
        switch (next) {
            case Next.Leaf _ -> { }
            case Next.Always always -> row.putInt(ImageLayout.NODE_NEXT, always.node());
            case Next.Dispatch dispatch -> {
                field(row, dispatch.field());
                row.putInt(dispatch.rightShift() << 24).putLong(matches(dispatch));
            }
        }
    }

    private long matches(Next.Dispatch dispatch) {
        RowBuffer rows = table(Table.MATCHES);
        int first = rows.rowCount();
        long mask = dispatch.field().mask() >>> dispatch.rightShift();
        for (Next.Entry entry : dispatch.entries()) {
            rows.add().putLong(entry.key()).putLong(mask).putInt(entry.node()).putInt(0);
        }
        if (dispatch.fallback() != Next.NONE) {
            rows.add().putLong(0).putLong(0).putInt(dispatch.fallback()).putInt(1);
        }
        return (long) first << 32 | rows.rowCount() - first;
    }

    private long metadata(List<Extraction> extractions) {
        return list(Table.EXTRACTIONS, extractions, ImageWriter::extraction);
    }

    private long optionals(OptionalFields optional) {
        long[] metadata = optional.entries().stream().mapToLong(entry -> metadata(entry.metadata())).toArray();
        RowBuffer rows = table(Table.OPTIONALS);
        int first = rows.rowCount();
        for (int i = 0; i < metadata.length; i++) {
            OptionalFields.Entry entry = optional.entries().get(i);
            rows.add().putLong(entry.flag()).putLong(entry.mask()).putInt(entry.bytes()).putLong(metadata[i]);
        }
        return (long) first << 32 | metadata.length;
    }

    private int options(TlvOptions tlvs) {
        long[] metadata = tlvs.entries().stream().mapToLong(entry -> metadata(entry.metadata())).toArray();
        RowBuffer entries = table(Table.OPTION_ENTRIES);
        int first = entries.rowCount();
        for (int i = 0; i < metadata.length; i++) {
            TlvOptions.Entry entry = tlvs.entries().get(i);
            entries.add().putLong(entry.type()).putInt(entry.bytesMin()).putLong(metadata[i]);
        }
        ByteBuffer row = table(Table.OPTIONS).add().putInt(tlvs.start());
        field(row, tlvs.type());
        int flags = (tlvs.pad1().isPresent() ? ImageLayout.HAS_PAD1 : 0)
            | (tlvs.eol().isPresent() ? ImageLayout.HAS_EOL : 0);
        row.putInt(tlvs.typeShift() << 24 | flags << 16);
        length(row, tlvs.length());
        row.putLong(tlvs.pad1().orElse(0)).putLong(tlvs.eol().orElse(0)).putLong((long) first << 32 | metadata.length);
        return table(Table.OPTIONS).rowCount() - 1;
    }

    private static void condition(ByteBuffer row, Condition condition) {
        field(row, condition.field());
        row.putShort((short) (condition.op().ordinal() << 8)).putShort((short) condition.flags())
            .putLong(condition.value());
    }

    private static void extraction(ByteBuffer row, Extraction extraction) {
        switch (extraction) {
            case Extraction.Value value -> {
                kind(row, ImageLayout.KIND_FIELD, extraction, value.rightShift());
                field(row, value.field());
            }
            case Extraction.Bytes bytes -> {
                kind(row, ImageLayout.KIND_BYTES, extraction, 0);
                row.putShort((short) bytes.offset()).put((byte) bytes.bytes()).put((byte) bytes.from().ordinal());
            }
            case Extraction.Position position -> kind(row, switch (position.kind()) {
                case OFFSET -> ImageLayout.KIND_OFFSET;
                case END -> ImageLayout.KIND_END;
                case LENGTH -> ImageLayout.KIND_LENGTH;
            }, extraction, 0);
            case Extraction.Constant constant -> {
                kind(row, constant.isOr() ? ImageLayout.KIND_OR : ImageLayout.KIND_CONSTANT, extraction, 0);
                field(row, null);
                BigInteger value = constant.value();
                row.putLong(value.shiftRight(64).longValue()).putLong(value.longValue());
            }
        }
    }

    private static void kind(ByteBuffer row, int kind, Extraction extraction, int rightShift) {
        row.put((byte) kind).put((byte) extraction.to().ordinal()).put((byte) rightShift).put((byte) 0);
    }

    private static void field(ByteBuffer row, Field field) {
        if (field == null) {
            row.position(row.position() + 12);
            return;
        }
        row.putShort((short) field.offset()).put((byte) field.bytes()).put((byte) field.from().ordinal())
            .putLong(field.mask());
    }

    private static void length(ByteBuffer row, Length length) {
        field(row, length == null ? null : length.field());
        if (length == null) {
            row.position(row.position() + 12);
            return;
        }
        row.putInt(length.rightShift() << 24).putInt(length.multiplier()).putInt(length.add());
    }

    /// Writes the rows of a list; returns what refers to it.
    private <T> long list(Table table, List<T> parts, BiConsumer<ByteBuffer, T> write) {
        RowBuffer rows = table(table);
        int first = rows.rowCount();
        for (T part : parts) write.accept(rows.add(), part);
        return (long) first << 32 | parts.size();
    }
}
