package io.millrace.packet.parse.graph;

import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// A parse graph: how to walk from a packet's first byte to its flow key.
///
/// @param name        a label
/// @param roots       the node that packets of a capture link type start in
/// @param start       the node that part of a packet starts in (`root-node`)
/// @param matchTables what a device offers behind the graph
public record ParseGraph(String name, Limits limits, List<Node> nodes, NavigableMap<Integer, Integer> roots, int start,
                         List<MatchTable> matchTables) {

    public static final int LINK_TYPE_ETHERNET = 1;
    public static final int LINK_TYPE_LIMIT = 65_535;

    public ParseGraph {
        nodes = List.copyOf(nodes);
        roots = Collections.unmodifiableNavigableMap(new TreeMap<>(roots));
        matchTables = List.copyOf(matchTables);
        checkNode("root-node", start, nodes.size());
        for (var root : roots.entrySet()) {
            String member = "link-types/" + root.getKey();
            GraphException.checkRange(member, root.getKey(), 0, LINK_TYPE_LIMIT);
            checkNode(member, root.getValue(), nodes.size());
        }
        for (int i = 0; i < nodes.size(); i++) {
            for (int successor : nodes.get(i).next().successors()) checkNode("parse-nodes/" + i, successor,
                nodes.size());
        }
        StandingCycle.refuse(nodes);
    }

    public Node node(int number) {
        return nodes.get(number);
    }

    private static void checkNode(String member, int node, int nodeCount) {
        if (node < 0 || node >= nodeCount) {
            throw new GraphException(member, "there is no node " + node, "0 to " + (nodeCount - 1));
        }
    }
}
