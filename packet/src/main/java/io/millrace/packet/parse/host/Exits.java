package io.millrace.packet.parse.host;

import io.millrace.packet.parse.ParseResult;

import java.lang.classfile.Label;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Where the code of a node jumps to when it is done: one label a result and one a following node. Whoever owns the
/// method binds those that were asked for.
final class Exits {

    private final Supplier<Label> newLabel;
    private final Map<ParseResult, Label> results = new EnumMap<>(ParseResult.class);
    private final Map<Integer, Label> nodes = new TreeMap<>();
    private final Map<Integer, Label> inline = new TreeMap<>();
    private final Label computed;

    Exits(Supplier<Label> newLabel) {
        this.newLabel = newLabel;
        this.computed = newLabel.get();
    }

    /// The walk ends so.
    Label result(ParseResult result) {
        return results.computeIfAbsent(result, _ -> newLabel.get());
    }

    /// The walk goes on there; the local "at" is where that header begins.
    Label node(int node) {
        Label ahead = inline.get(node);
        return ahead != null ? ahead : nodes.computeIfAbsent(node, _ -> newLabel.get());
    }

    /// The node's code will stand in this method, further on: until [#arrive] jumps to it go there.
    void expect(int node) {
        inline.put(node, newLabel.get());
    }

    /// The node's code stands here; later jumps to it leave the method.
    Label arrive(int node) {
        return inline.remove(node);
    }

    /// The same for what the local "next" says, which may also be the complement of a result.
    Label computed() {
        return computed;
    }

    Map<ParseResult, Label> results() { return results; }
    /// Nodes whose code is elsewhere.
    Map<Integer, Label> nodes()       { return nodes; }
}
