package io.millrace.packet.parse.host;

import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Guesses which nodes most packets go through, and orders them so that every step leads to a later one: Ethernet, one
/// tag, IPv4 or IPv6, TCP or UDP, and what ends those.
///
/// The guess is about traffic, not about the graph: it follows the keys that most packets have. A wrong guess costs
/// speed alone.
final class CommonWay {

    private static final Set<Long> EVERYWHERE = Set.of(0x0800L, 0x86ddL, 6L, 17L);
    private static final Set<Long> FIRST = Set.of(0x0800L, 0x86ddL, 0x8100L);

    private final ParseGraph graph;
    private final List<Integer> finished = new ArrayList<>();
    private final Set<Integer> met = new HashSet<>();

    private CommonWay(ParseGraph graph) {
        this.graph = graph;
    }

    /// Node numbers in an order in which every edge between them that can be taken inline leads forward; empty where
    /// the graph has no root for Ethernet.
    static List<Integer> of(ParseGraph graph) {
        Integer root = graph.roots().get(ParseGraph.LINK_TYPE_ETHERNET);
        if (root == null || !canBeInline(graph.node(root))) return List.of();
        var way = new CommonWay(graph);
        way.visit(root, FIRST);
        List<Integer> nodes = way.finished.reversed();
        return nodes.size() <= graph.limits().nodesMax() ? nodes : List.of();
    }

    /// Depth first; a node is finished after all that follow it.
    private void visit(int node, Set<Long> keys) {
        met.add(node);
        for (int successor : likely(graph.node(node).next(), keys)) {
            if (!met.contains(successor) && canBeInline(graph.node(successor))) visit(successor, EVERYWHERE);
        }
        finished.add(node);
    }

    private List<Integer> likely(Next next, Set<Long> keys) {
        return switch (next) {
            case Next.Leaf _ -> List.of();
            case Next.Always always -> List.of(always.node());
            case Next.Dispatch dispatch -> {
                List<Integer> nodes = new ArrayList<>();
                for (Next.Entry entry : dispatch.entries()) {
                    if (keys.contains(entry.key())) nodes.add(entry.node());
                }
                boolean endsThere = dispatch.fallback() != Next.NONE
                    && graph.node(dispatch.fallback()).next() instanceof Next.Leaf;
                if (endsThere) nodes.add(dispatch.fallback());
                yield nodes;
            }
        };
    }

    /// Records beyond the first and options are for the long way; so are headers whose length could leave an `int`.
    private static boolean canBeInline(Node node) {
        Length length = node.headerLength();
        return !node.isEncap() && node.tlvs() == null && (length == null || FieldCode.mostBytes(length) < Short.MAX_VALUE);
    }
}
