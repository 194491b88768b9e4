package io.millrace.dataplane.route;

import io.millrace.packet.memory.Check;

import java.lang.foreign.Arena;

import static io.millrace.dataplane.route.PrefixNodes.NODE_BITS;
import static io.millrace.dataplane.route.PrefixNodes.ROOT;
import static io.millrace.dataplane.route.PrefixNodes.ROOT_BITS;

/// Longest-prefix match: addresses of 32 or 128 bits to values, off heap. An IPv4 address is the first 32 bits of 128.
///
/// A trie whose root has 65,536 slots (16 bits) and whose other nodes have 256 (8 bits). A slot is one `long`:
///
/// ```
///  63      59 58               32 31                        0
///  | relative | value + 1,       | child: 0 none,            |
///  | length   | 0 none           | > 0 node (bit 30: skips), |
///  |          |                  | < 0 bucket: ~record       |
/// ```
///
/// - A prefix that ends inside a node fills every slot of the node that it covers and no longer prefix holds
///   (controlled prefix expansion); the slot's relative length says whose value it is.
/// - Up to [#BUCKET_RECORDS_MAX] prefixes that go on below a slot are a bucket: a list of [PrefixRecords], longest
///   first. One more and the bucket bursts into a node.
/// - A node may lie deeper than its parent's end ("skips"); its key then holds the bits in between. So neither 64 equal
///   bits of IPv6 nor a lone host route cost a row of nodes.
///
/// A change touches one node (at most 65,536 slots in the root, 256 elsewhere), makes at most two and never rebuilds;
/// a node is freed with its last prefix, and nothing moves. Lookup allocates nothing. One thread changes and reads. The
/// arena frees the memory.
public final class PrefixTable {

    public static final int NONE = -1;
    public static final int VALUE_MAX = (1 << 27) - 2;

    /// A longer list costs lookups a cache miss each, a shorter one more nodes of 2 KiB.
    static final int BUCKET_RECORDS_MAX = 4;

    /// A prefix may turn off in front of a node, and make the bucket that it gets into burst.
    private static final int NODES_PER_CHANGE = 2;

    static final int LENGTH_SHIFT = 27;
    static final int SKIPS = 1 << 30;
    private static final int VALUE_MASK = (1 << LENGTH_SHIFT) - 1;

    private final int addressBits;
    private final PrefixNodes nodes;
    private final PrefixRecords records;
    private final PrefixLookup lookup;
    private final int[] bursting = new int[BUCKET_RECORDS_MAX + 1];
    private final int[] path = new int[(128 - ROOT_BITS) / NODE_BITS];   // nodes below the root, see descend
    private int pathCount;

    /// A table for addresses of 32 or 128 bits.
    public PrefixTable(Arena arena, int addressBits) {
        this(arena, addressBits, PrefixRecords.RECORDS_MAX, PrefixNodes.NODES_MAX);
    }

    PrefixTable(Arena arena, int addressBits, int prefixesMax, int nodesMax) {
        Check.that(addressBits == 32 || addressBits == 128, "addressBits must be 32 or 128", addressBits);
        this.addressBits = addressBits;
        this.nodes = new PrefixNodes(arena, nodesMax);
        this.records = new PrefixRecords(arena, prefixesMax);
        this.lookup = new PrefixLookup(nodes.root(), nodes.memory(), records.memory());
    }

    /// Prefixes in the table.
    public int count() {
        return records.count();
    }

    /// True if so many more prefixes can be added, whatever they are.
    public boolean hasRoom(int prefixCount) {
        return records.leftCount() >= prefixCount && nodes.leftCount() >= NODES_PER_CHANGE * prefixCount;
    }

    /// Nodes beside the root, about 2 KiB each.
    public int nodeCount() {
        return nodes.count();
    }

    /// What addresses are looked up in; never another object.
    public PrefixLookup lookup() {
        return lookup;
    }

    /// The value of exactly this prefix, or `NONE`.
    public int exact(long high, long low, int length) {
        int record = records.find(high, low, length);
        return record == PrefixRecords.NONE ? NONE : records.value(record);
    }

    /// Adds the IPv4 prefix, see [#put].
    public int put4(int address, int length, int value) {
        return put((long) address << 32, 0, length, value);
    }

    /// Adds the prefix, or gives it another value. Returns the value it had, or `NONE`. No bit behind the length may be
    /// set, and there must be room ([#hasRoom]).
    public int put(long high, long low, int length, int value) {
        checkPrefix(high, low, length);
        Check.that(value >= 0 && value <= VALUE_MAX, "value must be 0.." + VALUE_MAX, value);
        int record = records.find(high, low, length);
        if (record == PrefixRecords.NONE) {
            insertBelow(ROOT, records.add(high, low, length, value));
            return NONE;
        }
        int previous = records.value(record);
        records.value(record, value);
        int node = descend(high, low, length);
        if (length <= nodes.end(node)) expand(node, record);
        return previous;
    }

    /// Removes the IPv4 prefix, see [#remove].
    public int remove4(int address, int length) {
        return remove((long) address << 32, 0, length);
    }

    /// Removes the prefix. Returns the value it had, or `NONE` if it was not there.
    public int remove(long high, long low, int length) {
        checkPrefix(high, low, length);
        int record = records.find(high, low, length);
        if (record == PrefixRecords.NONE) return NONE;
        int value = records.value(record);
        int node = descend(high, low, length);
        if (length <= nodes.end(node)) {
            uncover(node, record);
        } else {
            unlink(node, record);
        }
        freeUnused(high, low);
        records.remove(record);
        return value;
    }

    private void checkPrefix(long high, long low, int length) {
        Check.that(length >= 0 && length <= addressBits, "length must be 0.." + addressBits, length);
        boolean isCanonical = (high & ~PrefixBits.maskHigh(length) | low & ~PrefixBits.maskLow(length)) == 0;
        Check.that(isCanonical, "bits are set behind the length", length);
    }

    /// Puts a new record where it belongs at or below the node, which lies on the record's way.
    private void insertBelow(int node, int record) {
        int holder = node;
        while (records.length(record) > nodes.end(holder)) {
            int index = nodes.index(holder, records.high(record), records.low(record));
            int child = nodes.child(holder, index);
            if (child <= 0) {
                addToBucket(holder, index, record);
                return;
            }
            holder = stepDown(holder, index, child & ~SKIPS, record);
        }
        expand(holder, record);
        nodes.changeUsed(holder, 1);
    }

    /// The next node on the record's way: the one below, or a new one where the record ends or turns off before it.
    private int stepDown(int node, int index, int below, int record) {
        long keyHigh = nodes.keyHigh(below);
        long keyLow = nodes.keyLow(below);
        int sharedCount = PrefixBits.sharedCount(records.high(record), records.low(record), keyHigh, keyLow);
        int belowDepth = nodes.depth(below);
        int depth = floor(Math.min(sharedCount, records.length(record) - 1));
        if (depth >= belowDepth) return below;
        int created = nodes.add(depth, keyHigh, keyLow);
        nodes.child(node, index, tagged(created, nodes.end(node)));
        nodes.child(created, PrefixBits.octet(keyHigh, keyLow, depth), tagged(below, depth + NODE_BITS));
        nodes.changeUsed(created, 1);
        return created;
    }

    private int tagged(int node, int parentEnd) {
        return nodes.depth(node) > parentEnd ? node | SKIPS : node;
    }

    private static int floor(int bitCount) {
        return bitCount & -NODE_BITS;
    }

    private void addToBucket(int node, int index, int record) {
        int first = ~nodes.child(node, index);
        int count = 1;
        int before = PrefixRecords.NONE;
        int behind = first;
        for (int each = first; each != PrefixRecords.NONE; each = records.next(each)) {
            if (records.length(each) > records.length(record)) {
                before = each;
                behind = records.next(each);
            }
            count++;
        }
        records.next(record, behind);
        if (before == PrefixRecords.NONE) {
            nodes.child(node, index, ~record);
        } else {
            records.next(before, record);
        }
        if (count == 1) nodes.changeUsed(node, 1);
        if (count > BUCKET_RECORDS_MAX) burst(node, index);
    }

    /// Replaces a bucket by a node so deep that the records part or end in it.
    private void burst(int node, int index) {
        int first = ~nodes.child(node, index);
        long high = records.high(first);
        long low = records.low(first);
        int sharedCount = Integer.MAX_VALUE;
        int count = 0;
        for (int each = first; each != PrefixRecords.NONE; each = records.next(each)) {
            bursting[count++] = each;
            sharedCount = Math.min(sharedCount, records.length(each) - 1);
            sharedCount = Math.min(sharedCount,
                PrefixBits.sharedCount(high, low, records.high(each), records.low(each)));
        }
        int created = nodes.add(floor(sharedCount), high, low);
        nodes.child(node, index, tagged(created, nodes.end(node)));
        for (int i = 0; i < count; i++) {
            insertBelow(created, bursting[i]);
        }
    }

    /// Writes the record's value to the slots of the node that it covers and no longer prefix holds.
    private void expand(int node, int record) {
        int relativeLength = records.length(record) - nodes.depth(node);
        int entry = entry(relativeLength, records.value(record));
        int first = nodes.index(node, records.high(record), records.low(record));
        int end = first + slotCount(node, relativeLength);
        for (int index = first; index < end; index++) {
            int held = nodes.entry(node, index);
            if (held == 0 || held >>> LENGTH_SHIFT <= relativeLength) nodes.entry(node, index, entry);
        }
    }

    /// Gives the slots that the record holds to the longest of the shorter prefixes that end in the node too.
    private void uncover(int node, int record) {
        int depth = nodes.depth(node);
        int relativeLength = records.length(record) - depth;
        int entry = 0;
        int shortest = node == ROOT ? 0 : 1;
        for (int relative = relativeLength - 1; relative >= shortest && entry == 0; relative--) {
            int length = depth + relative;
            int covering = records.find(records.high(record) & PrefixBits.maskHigh(length),
                records.low(record) & PrefixBits.maskLow(length), length);
            if (covering != PrefixRecords.NONE) entry = entry(relative, records.value(covering));
        }
        int first = nodes.index(node, records.high(record), records.low(record));
        int end = first + slotCount(node, relativeLength);
        for (int index = first; index < end; index++) {
            int held = nodes.entry(node, index);
            if (held != 0 && held >>> LENGTH_SHIFT == relativeLength) nodes.entry(node, index, entry);
        }
        nodes.changeUsed(node, -1);
    }

    private static int slotCount(int node, int relativeLength) {
        return 1 << (node == ROOT ? ROOT_BITS : NODE_BITS) - relativeLength;
    }

    private static int entry(int relativeLength, int value) {
        return relativeLength << LENGTH_SHIFT | value + 1;
    }

    static int value(int entry) {
        return (entry & VALUE_MASK) - 1;
    }

    private void unlink(int node, int record) {
        int index = nodes.index(node, records.high(record), records.low(record));
        int first = ~nodes.child(node, index);
        if (first == record) {
            int behind = records.next(record);
            nodes.child(node, index, ~behind);   // ~NONE is 0: no child
            if (behind == PrefixRecords.NONE) nodes.changeUsed(node, -1);
            return;
        }
        int before = first;
        while (records.next(before) != record) before = records.next(before);
        records.next(before, records.next(record));
    }

    /// The deepest node on the way of a prefix that is in the table: the prefix ends in it or lies in one of its
    /// buckets. Leaves the nodes passed in `path`.
    private int descend(long high, long low, int length) {
        pathCount = 0;
        int node = ROOT;
        while (length > nodes.end(node)) {
            int child = nodes.child(node, nodes.index(node, high, low));
            if (child < 0) return node;
            node = child & ~SKIPS;
            path[pathCount++] = node;
        }
        return node;
    }

    private void freeUnused(long high, long low) {
        while (pathCount > 0 && nodes.used(path[pathCount - 1]) == 0) {
            nodes.free(path[--pathCount]);
            int parent = pathCount == 0 ? ROOT : path[pathCount - 1];
            nodes.child(parent, nodes.index(parent, high, low), 0);
            nodes.changeUsed(parent, -1);
        }
    }
}
