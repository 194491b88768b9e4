package io.millrace.packet.parse.cpr;

import io.millrace.packet.parse.canonical.ParseProgram;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The parse graphs that ship with Millrace.
public enum ShippedGraph {

    /// All that the dataplane understands.
    DEFAULT("default"),
    /// Ethernet, one tag, IPv4 and IPv6, TCP and UDP: what a simple device can do.
    L3("l3"),
    /// A packet quoted in an ICMP error.
    QUOTE("quote"),
    /// Options of TCP, IPv6 and Geneve, one by one.
    OPTIONS("options");

    private final String fileName;
    private ParseProgram program;

    ShippedGraph(String name) {
        this.fileName = name + ".cpr.json";
    }

    public String fileName() { return fileName; }

    /// The document.
    public String text() {
        try (InputStream resource = ShippedGraph.class.getResourceAsStream("/parsers/" + fileName)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The graph, read once.
    public synchronized ParseProgram load() {
        if (program == null) program = ParseProgram.of(CprDocument.read(fileName, text()));
        return program;
    }
}
