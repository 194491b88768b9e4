package io.millrace.packet.parse.canonical;

import io.millrace.packet.parse.graph.ParseGraph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// A parse graph as a behaviour with an identity. Two graphs that treat every packet alike node for node have one
/// hash, whatever their names, the sharing of their tables, the order of their entries and their unreachable parts.
///
/// Compilers compile programs, so that what they number is what the hash covers.
public final class ParseProgram {

    public static final int HASH_BYTES = 32;

    private final ParseGraph graph;
    private final String canonical;
    private final byte[] hash;

    private ParseProgram(ParseGraph graph) {
        this.graph = graph;
        this.canonical = CanonicalText.of(graph);
        this.hash = sha256(canonical.getBytes(StandardCharsets.UTF_8));
    }

    public static ParseProgram of(ParseGraph graph) {
        return new ParseProgram(Renumbering.of(graph));
    }

    /// The graph with reachable nodes only, numbered breadth first from the roots, entries ascending. Names stay.
    public ParseGraph graph() {
        return graph;
    }

    /// The canonical form; UTF-8 makes it the bytes that are hashed.
    public String canonical() {
        return canonical;
    }

    /// SHA-256 of the canonical form.
    public byte[] hash() {
        return hash.clone();
    }

    /// The hash as 64 hex digits.
    public String hashText() {
        return HexFormat.of().formatHex(hash);
    }

    public boolean isSameAs(ParseProgram other) {
        return Arrays.equals(hash, other.hash);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
