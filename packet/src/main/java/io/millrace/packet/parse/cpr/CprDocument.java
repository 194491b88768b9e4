package io.millrace.packet.parse.cpr;

import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.parse.graph.ParseGraph;

import java.nio.file.Path;

/// Reads a parse graph from Common Parser Representation JSON.
///
/// Whatever is wrong is a [io.millrace.packet.document.DocumentException] with line, member and what is allowed.
public final class CprDocument {

    public static ParseGraph read(Path file) {
        return of(Document.read(file));
    }

    /// @param name how errors call the text
    public static ParseGraph read(String name, String json) {
        return of(Document.json(name, json));
    }

    public static ParseGraph of(DocumentNode document) {
        return new GraphReader(document).read();
    }

    private CprDocument() {}
}
