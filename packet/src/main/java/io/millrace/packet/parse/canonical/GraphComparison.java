package io.millrace.packet.parse.canonical;

import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;

/// Walks two graphs side by side, from every root over every key, and notes where they part.
///
/// Graphs between which nothing is found treat every packet alike, even if their hashes differ because one of them has
/// a node twice. What is found can be out of reach of any packet: the walk does not ask whether the conditions along a
/// way contradict each other.
public final class GraphComparison {

    /// A pair of nodes that one packet can be in.
    private record Pair(int left, int right) {}

    private record Open(Pair pair, String way) {}

    private final ParseGraph left;
    private final ParseGraph right;
    private final Set<Pair> met = new HashSet<>();
    private final Queue<Open> open = new ArrayDeque<>();
    private final Set<GraphDifference> differences = new LinkedHashSet<>();

    private GraphComparison(ParseProgram left, ParseProgram right) {
        this.left = left.graph();
        this.right = right.graph();
    }

    /// All places where they part, nearest to the packet's start first.
    public static List<GraphDifference> of(ParseProgram left, ParseProgram right) {
        var comparison = new GraphComparison(left, right);
        comparison.limits();
        comparison.roots();
        while (!comparison.open.isEmpty()) comparison.compare(comparison.open.remove());
        return List.copyOf(comparison.differences);
    }

    private void limits() {
        Limits a = left.limits();
        Limits b = right.limits();
        limit("max-nodes", a.nodesMax(), b.nodesMax());
        limit("max-encaps", a.encapsMax(), b.encapsMax());
        limit("max-tlvs", a.tlvsMax(), b.tlvsMax());
        limit("max-header-bytes", a.headerBytesMax(), b.headerBytesMax());
    }

    private void limit(String name, int a, int b) {
        if (a != b) add("limits", name, String.valueOf(a), String.valueOf(b));
    }

    private void roots() {
        Set<Integer> linkTypes = new TreeSet<>(left.roots().keySet());
        linkTypes.addAll(right.roots().keySet());
        for (int linkType : linkTypes) {
            follow("link-types", String.valueOf(linkType), left.roots().getOrDefault(linkType, Next.NONE),
                right.roots().getOrDefault(linkType, Next.NONE));
        }
        follow("root-node", "", left.start(), right.start());
    }

    private void compare(Open step) {
        Map<String, String> a = CanonicalText.members(left.node(step.pair().left()));
        Map<String, String> b = CanonicalText.members(right.node(step.pair().right()));
        Set<String> names = new LinkedHashSet<>(a.keySet());
        names.addAll(b.keySet());
        for (String name : names) {
            String ours = a.getOrDefault(name, "absent");
            String theirs = b.getOrDefault(name, "absent");
            if (!ours.equals(theirs)) add(step.way(), name, ours, theirs);
        }
        next(step.way(), left.node(step.pair().left()).next(), right.node(step.pair().right()).next());
    }

    private void next(String way, Next a, Next b) {
        if (a instanceof Next.Leaf || b instanceof Next.Leaf) {
            if (!(a instanceof Next.Leaf && b instanceof Next.Leaf)) add(way, "next", told(a), told(b));
            return;
        }
        boolean readAlike = !(a instanceof Next.Dispatch da && b instanceof Next.Dispatch db)
            || da.field().equals(db.field()) && da.rightShift() == db.rightShift();
        if (!readAlike) {
            add(way, "next-proto", told(a), told(b));
            return;
        }
        Set<Long> keys = new TreeSet<>(Long::compareUnsigned);
        keys.addAll(keys(a));
        keys.addAll(keys(b));
        for (long key : keys) follow(way, "next-proto 0x" + Long.toHexString(key), node(a, key), node(b, key));
        if (!coversAll(a, b, keys.size())) follow(way, "next-proto default", fallback(a), fallback(b));
    }

    /// One packet leaves both graphs' nodes by the same key: both go on, or one ends.
    private void follow(String way, String member, int a, int b) {
        if (a == Next.NONE && b == Next.NONE) return;
        if (a == Next.NONE || b == Next.NONE) {
            add(way, member, name(left, a), name(right, b));
            return;
        }
        Pair pair = new Pair(a, b);
        boolean isTop = way.equals("link-types") || way.equals("root-node");
        String before = isTop ? way + (member.isEmpty() ? ":" : " " + member + ":") : way + " >";
        if (met.add(pair)) open.add(new Open(pair, before + " " + left.node(a).name()));
    }

    private static boolean coversAll(Next a, Next b, int keyCount) {
        Next.Dispatch dispatch = a instanceof Next.Dispatch da ? da : b instanceof Next.Dispatch db ? db : null;
        if (dispatch == null) return false;
        int bits = Long.bitCount(dispatch.field().mask() >>> dispatch.rightShift());
        return bits < Integer.SIZE && keyCount == 1L << bits;
    }

    private static List<Long> keys(Next next) {
        if (!(next instanceof Next.Dispatch dispatch)) return List.of();
        List<Long> keys = new ArrayList<>();
        dispatch.entries().forEach(entry -> keys.add(entry.key()));
        return keys;
    }

    private static int node(Next next, long key) {
        return next instanceof Next.Dispatch dispatch ? dispatch.node(key) : fallback(next);
    }

    private static int fallback(Next next) {
        return next instanceof Next.Always always ? always.node() : ((Next.Dispatch) next).fallback();
    }

    private static String told(Next next) {
        return switch (next) {
            case Next.Leaf _ -> "understood here";
            case Next.Always _ -> "goes on";
            case Next.Dispatch dispatch -> "goes on by " + dispatch.field().bytes() + " bytes at "
                + dispatch.field().from().label() + " " + dispatch.field().offset() + ", mask 0x"
                + Long.toHexString(dispatch.field().mask()) + ", shift " + dispatch.rightShift();
        };
    }

    private static String name(ParseGraph graph, int node) {
        return node == Next.NONE ? "unknown" : graph.node(node).name();
    }

    private void add(String way, String member, String a, String b) {
        differences.add(new GraphDifference(way, member, a, b));
    }
}
