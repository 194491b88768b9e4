package io.millrace.packet.parse.host;

import io.millrace.packet.parse.ParseResult;

import java.lang.classfile.Label;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Where the code of a node jumps to when it is done: one label a result and one a following node. Whoever owns the
/// method binds those that were asked for.
final class Exits {

    /// A result, and the words that are stored when the walk ends with it.
    record End(ParseResult result, int stored) {}

    private final Supplier<Label> newLabel;
    private final Words words;
    private final Map<End, Label> results = new LinkedHashMap<>();
    private final Map<Integer, Label> nodes = new TreeMap<>();
    private final Map<Integer, Label> inline = new TreeMap<>();
    private final Label computed;
    private boolean isComputedUsed;

    Exits(Supplier<Label> newLabel, Words words) {
        this.newLabel = newLabel;
        this.words = words;
        this.computed = newLabel.get();
    }

    /// The walk ends so.
    Label result(ParseResult result) {
        return results.computeIfAbsent(new End(result, words.known().stored()), _ -> newLabel.get());
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
        isComputedUsed = true;
        return computed;
    }

    boolean isComputedUsed() {
        return isComputedUsed;
    }

    Map<End, Label> results() { return results; }
    /// Nodes whose code is elsewhere.
    Map<Integer, Label> nodes()       { return nodes; }
}
