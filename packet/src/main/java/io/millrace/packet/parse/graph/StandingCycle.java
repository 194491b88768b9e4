package io.millrace.packet.parse.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Finds cycles in which no node advances: a packet that enters one would stay at its byte until `max-nodes`.
final class StandingCycle {

    private enum Colour { NEW, ON_PATH, DONE }

    /// A node on the path, and how many of its successors have been followed.
    private static final class Step {
        final int node;
        final int[] successors;
        int followed;

        Step(int node, int[] successors) {
            this.node = node;
            this.successors = successors;
        }
    }

    static void refuse(List<Node> nodes) {
        Colour[] colours = new Colour[nodes.size()];
        Arrays.fill(colours, Colour.NEW);
        for (int i = 0; i < nodes.size(); i++) {
            if (colours[i] == Colour.NEW && !nodes.get(i).advances()) walk(nodes, colours, i);
        }
    }

    /// Depth first over the nodes that do not advance; by hand, because a graph may be deeper than a stack.
    private static void walk(List<Node> nodes, Colour[] colours, int from) {
        Deque<Step> path = new ArrayDeque<>();
        enter(nodes, colours, path, from);
        while (!path.isEmpty()) {
            Step step = path.peek();
            if (step.followed == step.successors.length) {
                colours[step.node] = Colour.DONE;
                path.pop();
                continue;
            }
            int next = step.successors[step.followed++];
            if (nodes.get(next).advances() || colours[next] == Colour.DONE) continue;
            if (colours[next] == Colour.ON_PATH) throw cycle(nodes, path, next);
            enter(nodes, colours, path, next);
        }
    }

    private static void enter(List<Node> nodes, Colour[] colours, Deque<Step> path, int node) {
        colours[node] = Colour.ON_PATH;
        path.push(new Step(node, nodes.get(node).next().successors()));
    }

    private static GraphException cycle(List<Node> nodes, Deque<Step> path, int back) {
        List<String> names = new ArrayList<>();
        for (Step step : path) {
            names.addFirst(nodes.get(step.node).name());
            if (step.node == back) break;
        }
        names.add(nodes.get(back).name());
        return new GraphException("parse-nodes/" + back, "a cycle in which no node advances: "
            + String.join(" -> ", names), "at least one node in a cycle with min-hdr-length >= 1 and without overlay");
    }

    private StandingCycle() {}
}
