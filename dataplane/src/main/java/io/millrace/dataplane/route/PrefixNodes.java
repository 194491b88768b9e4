package io.millrace.dataplane.route;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The nodes of one [PrefixTable]: the root with 65,536 slots and any number of nodes with 256 and a header.
///
/// ```
///  root:   | slot 0 | … | slot 65,535 |
///  others: | 0 i64 key high | 8 i64 key low | 16 i32 depth | 20 i32 used | 24 … | slot 0 at 32 | … | slot 255 |
/// ```
///
/// `depth` is how many bits lie in front of the node's own eight. The key's first `depth` bits are those of every
/// address below the node. `used` counts what keeps the node alive: prefixes that end in it and slots with a child.
final class PrefixNodes {

    /// The number of the root. It is never freed and counts no use. As a child it means none.
    static final int ROOT = 0;

    static final int ROOT_BITS = 16;
    static final int NODE_BITS = 8;

    private static final int KEY_HIGH = 0;
    private static final int KEY_LOW = 8;
    private static final int DEPTH = 16;
    private static final int USED = 20;
    private static final int SLOTS = 32;
    private static final int SLOT_BYTES = 8;
    static final int NODES_MAX = 1 << 18;   // four times the /16 of IPv4
    private static final int NODE_BYTES = SLOTS + (SLOT_BYTES << NODE_BITS);

    private final MemorySegment root;
    private final Slab slab;
    private final MemorySegment memory;

    PrefixNodes(Arena arena, int nodesMax) {
        this.root = arena.allocate((long) SLOT_BYTES << ROOT_BITS, 64);
        this.slab = new Slab(arena, NODE_BYTES, nodesMax);
        this.memory = slab.memory();
        int unused = slab.allocate();
        assert unused == ROOT;
    }

    /// Nodes beside the root.
    int count() {
        return slab.usedCount() - 1;
    }

    int leftCount() {
        return slab.leftCount();
    }

    /// A node without slots in use, for addresses that begin as the key does.
    int add(int depth, long keyHigh, long keyLow) {
        assert depth % NODE_BITS == 0 : depth;
        int node = slab.allocate();
        long at = at(node);
        Wire.hostI64(memory, at + KEY_HIGH, keyHigh);
        Wire.hostI64(memory, at + KEY_LOW, keyLow);
        Wire.hostI32(memory, at + DEPTH, depth);
        return node;
    }

    void free(int node) {
        assert used(node) == 0;
        slab.free(node);
    }

    /// Bits in front of the node's own.
    int depth(int node) {
        return node == ROOT ? 0 : Wire.hostI32(memory, at(node) + DEPTH);
    }

    /// Bits up to the end of the node's own.
    int end(int node) {
        return node == ROOT ? ROOT_BITS : depth(node) + NODE_BITS;
    }

    long keyHigh(int node) { return Wire.hostI64(memory, at(node) + KEY_HIGH); }
    long keyLow(int node)  { return Wire.hostI64(memory, at(node) + KEY_LOW); }

    int used(int node) {
        return node == ROOT ? 1 : Wire.hostI32(memory, at(node) + USED);
    }

    void changeUsed(int node, int by) {
        if (node != ROOT) Wire.hostI32(memory, at(node) + USED, used(node) + by);
    }

    /// For lookups: true if the address has the bits that lead to the node.
    static boolean isOnPath(MemorySegment memory, int node, long high, long low) {
        long at = at(node);
        int depth = Wire.hostI32(memory, at + DEPTH);
        long differHigh = (Wire.hostI64(memory, at + KEY_HIGH) ^ high) & PrefixBits.maskHigh(depth);
        long differLow = (Wire.hostI64(memory, at + KEY_LOW) ^ low) & PrefixBits.maskLow(depth);
        return (differHigh | differLow) == 0;
    }

    static int depth(MemorySegment memory, int node) {
        return Wire.hostI32(memory, at(node) + DEPTH);
    }

    static long rootSlot(MemorySegment root, int index) {
        return Wire.hostI64(root, (long) index * SLOT_BYTES);
    }

    /// A slot of a node that is not the root.
    static long slot(MemorySegment memory, int node, int index) {
        return Wire.hostI64(memory, at(node) + SLOTS + (long) index * SLOT_BYTES);
    }

    MemorySegment root() {
        return root;
    }

    MemorySegment memory() {
        return memory;
    }

    /// Which slot of the node the address falls in.
    int index(int node, long high, long low) {
        return node == ROOT ? (int) (high >>> 64 - ROOT_BITS) : PrefixBits.octet(high, low, depth(node));
    }

    private long slot(int node, int index) {
        return node == ROOT ? rootSlot(root, index) : slot(memory, node, index);
    }

    /// The upper half of a slot: value and relative length.
    int entry(int node, int index) {
        return (int) (slot(node, index) >>> 32);
    }

    /// The lower half of a slot: what lies below.
    int child(int node, int index) {
        return (int) slot(node, index);
    }

    void entry(int node, int index, int entry) {
        slot(node, index, entry, child(node, index));
    }

    void child(int node, int index, int child) {
        slot(node, index, entry(node, index), child);
    }

    private void slot(int node, int index, int entry, int child) {
        long slot = (long) entry << 32 | child & 0xffff_ffffL;
        if (node == ROOT) {
            Wire.hostI64(root, (long) index * SLOT_BYTES, slot);
        } else {
            Wire.hostI64(memory, at(node) + SLOTS + (long) index * SLOT_BYTES, slot);
        }
    }

    private static long at(int node) {
        return (long) node * NODE_BYTES;
    }
}
