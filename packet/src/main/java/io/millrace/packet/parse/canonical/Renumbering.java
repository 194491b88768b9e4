package io.millrace.packet.parse.canonical;

import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;
import io.millrace.packet.parse.graph.TlvOptions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Numbers the reachable nodes breadth first: from the roots by ascending link type and then the start, and from each
/// node by ascending key, then its fallback. Sorts all entries on the way.
final class Renumbering {

    private static final int UNMET = -1;

    private final ParseGraph graph;
    private final int[] newNumbers;
    private final List<Node> met = new ArrayList<>();

    private Renumbering(ParseGraph graph) {
        this.graph = graph;
        this.newNumbers = new int[graph.nodes().size()];
        Arrays.fill(newNumbers, UNMET);
    }

    static ParseGraph of(ParseGraph graph) {
        return new Renumbering(graph).renumbered();
    }

    private ParseGraph renumbered() {
        graph.roots().values().forEach(this::meet);
        meet(graph.start());
        for (int i = 0; i < met.size(); i++) {   // grows while it is walked: breadth first
            for (int successor : met.get(i).next().successors()) meet(successor);
        }
        List<Node> nodes = met.stream().map(node -> withNext(node, renumbered(node.next()))).toList();
        NavigableMap<Integer, Integer> roots = new TreeMap<>();
        graph.roots().forEach((linkType, node) -> roots.put(linkType, newNumbers[node]));
        return new ParseGraph(graph.name(), graph.limits(), nodes, roots, newNumbers[graph.start()],
            graph.matchTables());
    }

    private void meet(int oldNumber) {
        if (newNumbers[oldNumber] != UNMET) return;
        newNumbers[oldNumber] = met.size();
        met.add(sorted(graph.node(oldNumber)));
    }

    private static Node sorted(Node node) {
        Next next = node.next();
        if (next instanceof Next.Dispatch dispatch) {
            List<Next.Entry> entries = new ArrayList<>(dispatch.entries());
            entries.sort((a, b) -> Long.compareUnsigned(a.key(), b.key()));
            next = new Next.Dispatch(dispatch.field(), dispatch.rightShift(), entries, dispatch.fallback());
        }
        return withNext(node, next);
    }

    private Next renumbered(Next next) {
        return switch (next) {
            case Next.Leaf leaf -> leaf;
            case Next.Always always -> new Next.Always(newNumbers[always.node()]);
            case Next.Dispatch dispatch -> new Next.Dispatch(dispatch.field(), dispatch.rightShift(),
                dispatch.entries().stream().map(e -> new Next.Entry(e.key(), newNumbers[e.node()])).toList(),
                dispatch.fallback() == Next.NONE ? Next.NONE : newNumbers[dispatch.fallback()]);
        };
    }

    private static Node withNext(Node node, Next next) {
        return new Node(node.name(), node.bytesMin(), node.headerLength(), node.packetLength(), node.checks(),
            node.metadata(), node.flagIf(), node.optional(), sorted(node.tlvs()), node.stopIf(), next,
            node.isOverlay(), node.isEncap());
    }

    private static TlvOptions sorted(TlvOptions tlvs) {
        if (tlvs == null) return null;
        List<TlvOptions.Entry> entries = new ArrayList<>(tlvs.entries());
        entries.sort(Comparator.comparing(TlvOptions.Entry::type, Long::compareUnsigned));
        return new TlvOptions(tlvs.start(), tlvs.type(), tlvs.typeShift(), tlvs.length(), tlvs.pad1(), tlvs.eol(),
            entries);
    }
}
