package io.millrace.packet.parse.host;

import io.millrace.packet.parse.RecordField;
import io.millrace.packet.parse.graph.Extraction;
import io.millrace.packet.parse.graph.Length;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.OptionalFields;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/// A tree of the ways that most packets take: Ethernet, one tag, IPv4 or IPv6, TCP or UDP, and what ends those.
///
/// A guess about traffic, not about the graph: it follows the keys that most packets have. A wrong guess costs speed
/// alone. A node stands in the tree once for each way that leads to it, so that the JIT knows where every header is.
final class CommonWay {

    /// Steps of Ethernet, its protocols and theirs; longer ways are left to the walk.
    static final int STEPS_MAX = 24;

    private static final Set<Long> KEYS = Set.of(0x0800L, 0x86ddL, 6L, 17L);
    private static final Set<Long> ROOT_KEYS = Set.of(0x0800L, 0x86ddL, 0x8100L);

    /// One node of one way.
    ///
    /// @param depth  headers before this one
    /// @param atMost the furthest that its header can begin
    /// @param next   the steps that can follow it
    record Step(int node, int depth, int atMost, List<Step> next) {}

    /// The first step of a tree of at most so many, or null where there is none.
    static Step of(ParseGraph graph, int stepsMax) {
        Integer root = graph.roots().get(ParseGraph.LINK_TYPE_ETHERNET);
        if (stepsMax == 0 || root == null || !canBeInline(graph, root, 0, 0)) return null;
        Step first = new Step(root, 0, 0, new ArrayList<>());
        Queue<Step> open = new ArrayDeque<>(List.of(first));
        int stepCount = 1;
        while (!open.isEmpty()) {
            Step step = open.remove();
            int depth = step.depth() + 1;
            int atMost = step.atMost() + advanceMost(graph.node(step.node()));
            for (int node : likely(graph, step.node(), step == first ? ROOT_KEYS : KEYS)) {
                if (stepCount == stepsMax || !canBeInline(graph, node, depth, atMost)) continue;
                Step next = new Step(node, depth, atMost, new ArrayList<>());
                step.next().add(next);
                open.add(next);
                stepCount++;
            }
        }
        return first;
    }

    private static List<Integer> likely(ParseGraph graph, int node, Set<Long> keys) {
        return switch (graph.node(node).next()) {
            case Next.Leaf _ -> List.of();
            case Next.Always always -> List.of(always.node());
            case Next.Dispatch dispatch -> {
                Set<Integer> nodes = new LinkedHashSet<>();
                for (Next.Entry entry : dispatch.entries()) {
                    if (keys.contains(entry.key())) nodes.add(entry.node());
                }
                int fallback = dispatch.fallback();
                if (fallback != Next.NONE && graph.node(fallback).next() instanceof Next.Leaf) nodes.add(fallback);
                yield List.copyOf(nodes);
            }
        };
    }

    /// Further records and options are for the walk, and so is whatever could meet a limit, writes "end" itself, or
    /// writes an address only at times.
    private static boolean canBeInline(ParseGraph graph, int number, int depth, int atMost) {
        Node node = graph.node(number);
        boolean isPlain = !node.isEncap() && node.tlvs() == null
            && (node.headerLength() == null || FieldCode.mostBytes(node.headerLength()) < Short.MAX_VALUE)
            && node.metadata().stream().noneMatch(extraction -> extraction.to() == RecordField.END)
            && (node.optional() == null || node.optional().entries().stream()
                .flatMap(entry -> entry.metadata().stream()).map(Extraction::to)
                .noneMatch(to -> to == RecordField.END || to.isAddress()));
        return isPlain && depth < graph.limits().nodesMax()
            && atMost + bytesMost(node) <= graph.limits().headerBytesMax();
    }

    private static int advanceMost(Node node) {
        return node.isOverlay() ? 0 : bytesMost(node);
    }

    private static int bytesMost(Node node) {
        Length length = node.headerLength();
        if (length != null) return (int) FieldCode.mostBytes(length);
        int bytes = node.bytesMin();
        if (node.optional() != null) {
            for (OptionalFields.Entry entry : node.optional().entries()) bytes += entry.bytes();
        }
        return bytes;
    }

    private CommonWay() {}
}
