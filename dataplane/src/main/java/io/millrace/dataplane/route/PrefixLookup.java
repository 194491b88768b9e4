package io.millrace.dataplane.route;

import java.lang.foreign.MemorySegment;

import static io.millrace.dataplane.route.PrefixNodes.NODE_BITS;
import static io.millrace.dataplane.route.PrefixNodes.ROOT_BITS;
import static io.millrace.dataplane.route.PrefixTable.SKIPS;

/// The reading side of a [PrefixTable]: memories that never move, so that a stage can hold them as constants (a
/// record's fields are, where the record is one).
///
/// @param root    slots of the trie's root
/// @param nodes   its other nodes, [PrefixNodes]
/// @param records the prefixes, [PrefixRecords]
public record PrefixLookup(MemorySegment root, MemorySegment nodes, MemorySegment records) {

    /// The value of the longest prefix that holds the IPv4 address, or [PrefixTable#NONE].
    public int ipv4(int address) {
        return follow((long) address << 32, 0, PrefixNodes.rootSlot(root, address >>> ROOT_BITS));
    }

    /// The value of the longest prefix that holds the IPv6 address, or [PrefixTable#NONE].
    public int ipv6(long high, long low) {
        return follow(high, low, PrefixNodes.rootSlot(root, (int) (high >>> 64 - ROOT_BITS)));
    }

    private int follow(long high, long low, long rootSlot) {
        int best = (int) (rootSlot >>> 32);
        int child = (int) rootSlot;
        int depth = ROOT_BITS;
        while (child > 0) {
            int node = child & ~SKIPS;
            if (node != child) {
                if (!PrefixNodes.isOnPath(nodes, node, high, low)) return PrefixTable.value(best);
                depth = PrefixNodes.depth(nodes, node);
            }
            long slot = PrefixNodes.slot(nodes, node, PrefixBits.octet(high, low, depth));
            int entry = (int) (slot >>> 32);
            if (entry != 0) best = entry;
            child = (int) slot;
            depth += NODE_BITS;
        }
        return PrefixRecords.valueOf(records, ~child, high, low, PrefixTable.value(best));
    }
}
