package io.millrace.control.parser;

import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.LinkedHashMap;
import java.util.Map;

/// A parse graph as Graphviz draws it: a box a node, an arrow a way to go on, labelled with its keys.
public final class GraphDrawing {

    private static final int KEYS_SHOWN_MAX = 6;

    private final ParseGraph graph;
    private final StringBuilder text = new StringBuilder();

    private GraphDrawing(ParseGraph graph) {
        this.graph = graph;
    }

    /// The drawing in the DOT language.
    public static String of(ParseGraph graph) {
        return new GraphDrawing(graph).draw();
    }

    private String draw() {
        text.append("digraph parser {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n");
        for (int i = 0; i < graph.nodes().size(); i++) node(i, graph.node(i));
        graph.roots().forEach((linkType, node) -> text.append("  \"link type ").append(linkType)
            .append("\" [shape=plaintext];\n  \"link type ").append(linkType).append("\" -> ").append(id(node))
                .append(";\n"));
        for (int i = 0; i < graph.nodes().size(); i++) arrows(i, graph.node(i).next());
        return text.append("}\n").toString();
    }

    private void node(int number, Node node) {
        String bytes = node.isFixedLength() ? node.bytesMin() + " bytes" : node.bytesMin() + " bytes or more";
        text.append("  ").append(id(number)).append(" [label=\"").append(escaped(node.name())).append("\\n")
            .append(bytes)
            .append('"');
        if (node.isEncap()) text.append(", peripheries=2");
        if (node.isOverlay()) text.append(", style=dashed");
        text.append("];\n");
    }

    private void arrows(int number, Next next) {
        switch (next) {
            case Next.Leaf _ -> { }
            case Next.Always always -> arrow(number, always.node(), "");
            case Next.Dispatch dispatch -> {
                Map<Integer, StringBuilder> keys = new LinkedHashMap<>();
                Map<Integer, Integer> counts = new LinkedHashMap<>();
                for (Next.Entry entry : dispatch.entries()) {
                    int count = counts.merge(entry.node(), 1, Integer::sum);
                    StringBuilder label = keys.computeIfAbsent(entry.node(), _ -> new StringBuilder());
                    if (count <= KEYS_SHOWN_MAX) label.append(count == 1 ? "" : "\\n").append("0x")
                        .append(Long.toHexString(entry.key()));
                    if (count == KEYS_SHOWN_MAX + 1) label.append("\\n…");
                }
                keys.forEach((target, label) -> arrow(number, target, label.toString()));
                if (dispatch.fallback() != Next.NONE) arrow(number, dispatch.fallback(), "default");
            }
        }
    }

    private void arrow(int from, int to, String label) {
        text.append("  ").append(id(from)).append(" -> ").append(id(to));
        if (!label.isEmpty()) text.append(" [label=\"").append(label).append("\"]");
        text.append(";\n");
    }

    private static String id(int number) {
        return "n" + number;
    }

    private static String escaped(String name) {
        return name.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
