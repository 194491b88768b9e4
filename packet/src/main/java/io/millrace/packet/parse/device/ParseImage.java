package io.millrace.packet.parse.device;

import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.device.ImageLayout.Table;
import io.millrace.packet.parse.graph.Limits;

import java.nio.ByteBuffer;

/// A parse program as the tables of a device, in one file.
///
/// An image that was loaded is what it says: its length and checksum hold, every row is within its table and obeys the
/// rules of graphs, and the graph that the tables hold has the hash that the header names.
public final class ParseImage {

    private final byte[] bytes;
    private final ParseProgram program;

    private ParseImage(byte[] bytes, ParseProgram program) {
        this.bytes = bytes;
        this.program = program;
    }

    public static ParseImage of(ParseProgram program) {
        return new ParseImage(ImageWriter.write(program), program);
    }

    /// Reads an image that may be anything; throws an [ImageException] if it is not one.
    public static ParseImage load(byte[] bytes) {
        byte[] copy = bytes.clone();
        return new ParseImage(copy, new ImageReader(copy).read());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /// The program; of a loaded image, its nodes have numbers for names.
    public ParseProgram program() {
        return program;
    }

    public Limits limits() {
        return program.graph().limits();
    }

    public int nodeCount() {
        return program.graph().nodes().size();
    }

    /// Match rows, fallbacks included.
    public int matchCount() {
        return ImageReader.rowCount(tables(), Table.MATCHES);
    }

    /// The image as it lies; read only.
    ByteBuffer tables() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /// The first row of a table.
    int tableAt(Table table) {
        return ImageReader.tableAt(tables(), table);
    }
}
