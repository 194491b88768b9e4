package io.millrace.nic.program;

import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.MatchTable;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a device boots: the tables of its parser, the match tables behind it, and of each engine the name and the hash
/// of the code that it was made from.
///
/// Everything is big-endian; names are ASCII behind their length in one byte.
///
/// ```
///  header (64 bytes)
///    0  8  magic "MLRFIRMW"     8  u16 format version   10 u16 header bytes   12 u32 image bytes
///   16 32  SHA-256 of the image, with zeroes here
///   48 u16 engines             50 u16 match tables     52 u32 parse image bytes   56 u64 zero
///  label                 what the image is called
///  engines               name  32 hash; ascending by name
///  match tables          name  u8 target  u8 key count  u8 each key  u64 entries
///  parse image           to the end; has its own header, and the limits of the graph
/// ```
///
/// An image that was loaded is what it says: its hash holds, and so does that of its parser.
public final class FirmwareImage {

    private final byte[] bytes;
    private final String label;
    private final SortedMap<String, ProgramHash> engines;
    private final ParseImage parser;
    private final List<MatchTable> matchTables;

    FirmwareImage(byte[] bytes, String label, SortedMap<String, ProgramHash> engines, ParseImage parser,
                  List<MatchTable> matchTables) {
        this.bytes = bytes;
        this.label = label;
        this.engines = Collections.unmodifiableSortedMap(new TreeMap<>(engines));
        this.parser = parser;
        this.matchTables = List.copyOf(matchTables);
    }

    /// The image of a host that runs these programs; `parser` is the one among them.
    ///
    /// @param label 1 to 255 characters of printable ASCII
    public static FirmwareImage of(String label, ParseProgram parser, Programs programs) {
        SortedMap<String, ProgramHash> engines = new TreeMap<>();
        programs.hashes().forEach((engine, hash) -> {
            if (engine.isClasses()) engines.put(engine.label(), hash);
        });
        List<MatchTable> tables = parser.graph().matchTables();
        ParseImage image = ParseImage.of(parser);
        byte[] bytes = new FirmwareWriter().write(label, engines, tables, image.bytes());
        return new FirmwareImage(bytes, label, engines, image, tables);
    }

    /// Reads an image that may be anything; throws a [FirmwareException] if it is not one.
    public static FirmwareImage load(byte[] bytes) {
        return new FirmwareReader(bytes.clone()).read();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public String label() { return label; }

    /// The hash in the header.
    public ProgramHash hash() {
        return ProgramHash.of(FirmwareReader.hashOf(bytes));
    }

    /// Hashes of engines by name; names that this host does not know may be among them.
    public SortedMap<String, ProgramHash> engines() { return engines; }

    public ParseImage parser() { return parser; }

    public List<MatchTable> matchTables() { return matchTables; }

    /// The programs of this image that this host knows.
    public Programs programs() {
        Map<Engine, ProgramHash> known = new EnumMap<>(Engine.class);
        known.put(Engine.PARSER, new ProgramHash(parser.program().hashText()));
        for (Engine engine : Engine.values()) {
            ProgramHash hash = engines.get(engine.label());
            if (hash != null) known.put(engine, hash);
        }
        return new Programs(known);
    }

    /// The same image with another parser and its match tables: what a parser fetch makes.
    public FirmwareImage withParser(ParseProgram program) {
        ParseImage image = ParseImage.of(program);
        List<MatchTable> tables = program.graph().matchTables();
        byte[] written = new FirmwareWriter().write(label, engines, tables, image.bytes());
        return new FirmwareImage(written, label, engines, image, tables);
    }

    /// The graph that a device with this image runs, match tables and all; nodes of a loaded image have numbers for
    /// names.
    public ParseGraph graph() {
        ParseGraph graph = parser.program().graph();
        return new ParseGraph(graph.name(), graph.limits(), graph.nodes(), graph.roots(), graph.start(), matchTables);
    }

    /// The first table for a use, or null if the graph has none.
    public MatchTable tableFor(MatchTable.Target target) {
        for (MatchTable table : matchTables) {
            if (table.target() == target) return table;
        }
        return null;
    }
}
