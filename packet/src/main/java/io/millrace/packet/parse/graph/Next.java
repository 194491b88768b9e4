package io.millrace.packet.parse.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What follows a header. Nodes are named by their place in [ParseGraph#nodes].
public sealed interface Next {

    /// No node.
    int NONE = -1;

    /// The walk ends here, understood.
    record Leaf() implements Next {}

    /// Always this node.
    record Always(int node) implements Next {}

    /// The node for a key, which is the field after mask and shift; for all other keys `fallback`, or [#NONE].
    record Dispatch(Field field, int rightShift, List<Entry> entries, int fallback) implements Next {

        public Dispatch {
            entries = List.copyOf(entries);
            field.checkShift(rightShift);
            Set<Long> keys = new HashSet<>();
            long widest = field.mask() >>> rightShift;
            for (int i = 0; i < entries.size(); i++) {
                long key = entries.get(i).key();
                if ((key & ~widest) != 0) {
                    throw new GraphException("ents/" + i + "/key", Field.hex(key) + " cannot be a key",
                        "values within the mask after the shift, " + Field.hex(widest));
                }
                if (!keys.add(key)) {
                    throw new GraphException("ents/" + i + "/key", "key " + Field.hex(key) + " stands twice",
                        "one entry a key");
                }
            }
        }

        /// Where this key leads, or [#NONE].
        public int node(long key) {
            for (Entry entry : entries) {
                if (entry.key() == key) return entry.node();
            }
            return fallback;
        }
    }

    /// A key, unsigned, and where it leads.
    record Entry(long key, int node) {}

    /// All nodes that may follow, in the order of the entries, the fallback last; may hold one twice.
    default int[] successors() {
        return switch (this) {
            case Leaf _ -> new int[0];
            case Always always -> new int[] {always.node()};
            case Dispatch dispatch -> {
                int count = dispatch.entries().size();
                int[] nodes = new int[count + (dispatch.fallback() == NONE ? 0 : 1)];
                for (int i = 0; i < count; i++) nodes[i] = dispatch.entries().get(i).node();
                if (nodes.length > count) nodes[count] = dispatch.fallback();
                yield nodes;
            }
        };
    }
}
