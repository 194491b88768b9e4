package io.millrace.flow.track;

import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;

import java.lang.foreign.Arena;

/// Finds connections by the tuple of either direction, and by where they come from. A *node* is a connection in one of
/// its directions: entry × 2 + direction.
///
/// Where nothing is translated both directions have one hash, so one chain: who looks for a tuple and then for its
/// answers waits for memory once. An entry with another hash costs its first line alone.
///
/// The secret keeps others from choosing addresses and ports that all fall into one chain.
final class TupleIndex {

    static final int NONE = -1;
    static final int ANY_DIRECTION = -1;

    /// One for each direction of a connection.
    private static final int HEADS_PER_BUCKET = 2;

    private final Connections connections;
    private final Chains byTuple;
    private final Chains bySource;
    private final long secret;
    private final Tuple scratch = new Tuple();

    TupleIndex(Arena arena, Connections connections, int bucketCount, long secret) {
        this.connections = connections;
        this.byTuple = new Chains(arena, HEADS_PER_BUCKET * bucketCount);
        this.bySource = new Chains(arena, bucketCount);
        this.secret = secret;
    }

    static int entry(int node)                    { return node >> 1; }
    static int direction(int node)                { return node & 1; }
    static int node(int entry, int direction)     { return entry << 1 | direction; }

    int bucketCount()                             { return bySource.bucketCount(); }
    int hash(Tuple tuple)                         { return tuple.hash(secret); }
    int bucket(int hash)                          { return byTuple.bucket(hash); }

    /// The first node of a bucket, or `NONE`.
    int first(int bucket)                         { return byTuple.head(bucket & byTuple.bucketCount() - 1); }
    int next(int node)                            { return connections.nextByTuple(entry(node), direction(node)); }

    /// The node with this tuple, in this direction of its connection or [#ANY_DIRECTION]; or `NONE`.
    int find(Tuple tuple, int direction) {
        int hash = hash(tuple);
        for (int node = byTuple.head(bucket(hash)); node != NONE; node = next(node)) {
            boolean isMeant = direction == ANY_DIRECTION || direction == direction(node);
            if (isMeant && connections.isTuple(entry(node), direction(node), tuple, hash)) return node;
        }
        return NONE;
    }

    void add(int entry) {
        add(entry, Direction.ORIGINAL);
        add(entry, Direction.REPLY);
    }

    private void add(int entry, int direction) {
        int bucket = bucket(connections.hash(entry, direction));
        connections.nextByTuple(entry, direction, byTuple.head(bucket));
        byTuple.head(bucket, node(entry, direction));
    }

    void remove(int entry) {
        remove(entry, Direction.ORIGINAL);
        remove(entry, Direction.REPLY);
    }

    private void remove(int entry, int direction) {
        int bucket = bucket(connections.hash(entry, direction));
        int gone = node(entry, direction);
        int before = NONE;
        int node = byTuple.head(bucket);
        while (node != gone) {
            assert node != NONE : "entry " + entry + " is not in its chain";
            before = node;
            node = next(node);
        }
        int after = next(gone);
        if (before == NONE) {
            byTuple.head(bucket, after);
        } else {
            connections.nextByTuple(entry(before), direction(before), after);
        }
    }

    /// The first connection whose original source may be this tuple's, or `NONE`; see [#nextBySource].
    int firstBySource(Tuple tuple) {
        return bySource.head(sourceBucket(tuple));
    }

    int nextBySource(int entry) {
        return connections.nextBySource(entry);
    }

    void addBySource(int entry) {
        int bucket = sourceBucket(connections.tuple(entry, Direction.ORIGINAL, scratch));
        connections.nextBySource(entry, bySource.head(bucket));
        bySource.head(bucket, entry);
    }

    void removeBySource(int entry) {
        int bucket = sourceBucket(connections.tuple(entry, Direction.ORIGINAL, scratch));
        int before = NONE;
        int each = bySource.head(bucket);
        while (each != entry) {
            assert each != NONE : "entry " + entry + " is not in its source's chain";
            before = each;
            each = connections.nextBySource(each);
        }
        if (before == NONE) {
            bySource.head(bucket, connections.nextBySource(entry));
        } else {
            connections.nextBySource(before, connections.nextBySource(entry));
        }
    }

    private int sourceBucket(Tuple tuple) {
        return bySource.bucket(tuple.sourceHash(secret));
    }
}
