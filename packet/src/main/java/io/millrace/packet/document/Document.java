package io.millrace.packet.document;

import java.nio.file.Path;

/// Reads a JSON or YAML text into a tree of [DocumentNode]s.
///
/// A file is JSON if its name ends in `.json`, else YAML (1.2). It is UTF-8, with or without a byte order mark, at most
/// [#FILE_BYTES_MAX] long, nested at most [#DEPTH_MAX] deep. A member name may stand once in an object. YAML's scalars
/// keep their source text and get a type only when they are asked for one, so `02:00:00:00:00:01` and `no` are texts,
/// not numbers to base 60 or booleans. Anchors, aliases, tags, merge keys and a second document are refused by name.
///
/// Everything that is wrong is a [DocumentException].
public final class Document {

    /// Far over any config or parse graph; keeps a mistyped path to a capture from filling the heap.
    public static final int FILE_BYTES_MAX = 16 << 20;

    public static final int DEPTH_MAX = 100;

    /// Reads a file and names it in errors as `file` is written.
    public static DocumentNode read(Path file) {
        DocumentSource source = DocumentSource.ofFile(file);
        return file.toString().endsWith(".json") ? JsonReader.read(source) : YamlReader.read(source);
    }

    public static DocumentNode json(String name, String text) {
        return JsonReader.read(DocumentSource.ofText(name, text));
    }

    public static DocumentNode yaml(String name, String text) {
        return YamlReader.read(DocumentSource.ofText(name, text));
    }

    private Document() {}
}
