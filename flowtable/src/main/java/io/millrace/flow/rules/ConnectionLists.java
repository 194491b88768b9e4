package io.millrace.flow.rules;

import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.Tracked;

/// The connections that each `ct count` of a program knows: lists of numbers, one a cell, in nodes of one pool
/// (`nf_conncount` of Linux 6.18). A worker's own.
///
/// A connection joins a list with the first of its packets that is counted and leaves when it has ended, or is a TCP
/// connection in TIME_WAIT or CLOSE; that is noticed when the list is asked the next time. So a packet costs time in
/// proportion to the connections that its list holds. A packet without a connection counts as one more and is
/// forgotten.
///
/// The room is reserved when the program begins to run; where it does not suffice, a count is over every limit.
final class ConnectionLists {

    private static final int NO_NODE = 0;

    private int siteCount;
    private ConnectionTable table;
    private int[] entries = {};
    private int[] generations = {};
    private int[] next = {};
    private int free = NO_NODE;
    private int used = 1;
    private boolean isHeld;

    /// There is one more rule or set that counts connections.
    void addSite() {
        siteCount++;
    }

    /// Reserves room for every connection in a list of each rule and set.
    void attach(ConnectionTable connections) {
        if (siteCount == 0 || table != null) return;
        table = connections;
        int nodeCount = (int) Math.min(Integer.MAX_VALUE - 8L, 1L + (long) siteCount * connections.countMost());
        entries = new int[nodeCount];
        generations = new int[nodeCount];
        next = new int[nodeCount];
    }

    /// Counts the packet's connection, and says whether the rule goes on.
    boolean passes(long[] cells, int at, Tracked tracked, long nowNs) {
        int entry = tracked.entry();
        long count = refresh(cells, at, entry, nowNs);
        if (!tracked.hasEntry()) {
            count++;
        } else if (!isHeld) {
            boolean isAdded = add(cells, at, entry, table.connections().generation(entry));
            count = isAdded ? count + 1 : Long.MAX_VALUE;
        }
        return Cells.isOver(cells, at) == count > Cells.bound(cells, at);
    }

    /// Drops connections that are over from the list, save the packet's own, which may only be about to begin; how many
    /// are left.
    private long refresh(long[] cells, int at, int own, long nowNs) {
        long count = 0;
        isHeld = false;
        int before = NO_NODE;
        int node = (int) Cells.second(cells, at);
        while (node != NO_NODE) {
            int following = next[node];
            boolean isOwn = entries[node] == own && generations[node] == table.connections().generation(own);
            isHeld |= isOwn;
            if (isOwn || table.isOpen(entries[node], generations[node], nowNs)) {
                count++;
                before = node;
            } else {
                if (before == NO_NODE) {
                    Cells.second(cells, at, following);
                } else {
                    next[before] = following;
                }
                release(node);
            }
            node = following;
        }
        Cells.first(cells, at, count);
        return count;
    }

    private boolean add(long[] cells, int at, int entry, int generation) {
        int node = take();
        if (node == NO_NODE) return false;
        entries[node] = entry;
        generations[node] = generation;
        next[node] = (int) Cells.second(cells, at);
        Cells.second(cells, at, node);
        Cells.first(cells, at, Cells.first(cells, at) + 1);
        return true;
    }

    private int take() {
        if (free == NO_NODE) return used < next.length ? used++ : NO_NODE;
        int node = free;
        free = next[node];
        return node;
    }

    private void release(int node) {
        next[node] = free;
        free = node;
    }

    /// True if nothing in the list is left; connections that are over leave it.
    boolean isEmpty(long[] cells, int at, long nowNs) {
        return refresh(cells, at, Connections.NONE, nowNs) == 0;
    }

    /// Gives back the nodes of a list that is no longer needed.
    void clear(long[] cells, int at) {
        int node = (int) Cells.second(cells, at);
        while (node != NO_NODE) {
            int following = next[node];
            release(node);
            node = following;
        }
        Cells.first(cells, at, 0);
        Cells.second(cells, at, NO_NODE);
    }

    /// Holds what a list of a program before held; its order turns round, which nobody sees.
    void takeOver(ConnectionLists before, long[] from, int fromAt, long[] to, int toAt) {
        if (before.table == null) return;
        attach(before.table);
        for (int node = (int) Cells.second(from, fromAt); node != NO_NODE; node = before.next[node]) {
            if (!add(to, toAt, before.entries[node], before.generations[node])) return;
        }
    }
}
