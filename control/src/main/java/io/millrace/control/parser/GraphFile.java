package io.millrace.control.parser;

import io.millrace.dataplane.config.ConfigException;
import io.millrace.packet.document.Document;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.CprDocument;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.ImageException;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.GraphException;
import io.millrace.packet.parse.graph.ParseGraph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/// A parse graph as it is named on a command line: a document, a device's image, or one of the shipped graphs by name.
///
/// @param name    as it was given
/// @param graph   as it was written, unreachable nodes and all; of an image, as its tables have it
/// @param program what it does
/// @param isImage true if it is an image
public record GraphFile(String name, ParseGraph graph, ParseProgram program, boolean isImage) {

    private static final byte[] IMAGE_MAGIC = "MLRPARSE".getBytes(StandardCharsets.US_ASCII);

    public static GraphFile read(Path file) {
        ShippedGraph shipped = shipped(file);
        if (shipped != null) return of(file, CprDocument.read(shipped.fileName(), shipped.text()));
        if (isImage(file)) return image(file);
        return of(file, CprDocument.of(document(file)));
    }

    private static GraphFile of(Path file, ParseGraph graph) {
        return new GraphFile(file.toString(), graph, ParseProgram.of(graph), false);
    }

    private static GraphFile image(Path file) {
        try {
            ParseProgram program = ParseImage.load(Files.readAllBytes(file)).program();
            return new GraphFile(file.toString(), program.graph(), program, true);
        } catch (ImageException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// A document is JSON whatever the file's name ends in.
    private static DocumentNode document(Path file) {
        if (file.toString().endsWith(".json") || !Files.isRegularFile(file)) return Document.read(file);
        try {
            return Document.json(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static boolean isImage(Path file) {
        if (!Files.isRegularFile(file)) return false;
        try (InputStream content = Files.newInputStream(file)) {
            return Arrays.equals(content.readNBytes(IMAGE_MAGIC.length), IMAGE_MAGIC);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static ShippedGraph shipped(Path file) {
        if (Files.exists(file)) return null;
        for (ShippedGraph graph : ShippedGraph.values()) {
            if (file.toString().equals(graph.name().toLowerCase(Locale.ROOT))) return graph;
        }
        return null;
    }

    /// A program compiled for a memory can be refused for its size; that is the document's mistake.
    public ConfigException refused(GraphException e) {
        return new ConfigException(name + ": " + e.getMessage());
    }
}
