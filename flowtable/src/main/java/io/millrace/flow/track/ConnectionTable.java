package io.millrace.flow.track;

import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.memory.Check;

import java.lang.foreign.Arena;

/// The connections of one worker. Nothing is allocated after construction.
///
/// ```
///             create            confirm                 expire, kill, early drop        sweep
///   (free) ----------> unconfirmed ------> in the table ------------------------> dying -----> (free)
///                          | release
///                          +-----> (free)
/// ```
///
/// An unconfirmed connection belongs to the one packet that made it; if that is dropped, the connection is gone. A
/// dying one cannot be found any more; packets under way may still read it until the next [#sweep].
///
/// **When it is full** (`nf_conntrack_max`) a new connection takes the place of others that are not assured, or close,
/// near its own place in the table; if there are none it is not made, and its packet is dropped.
public final class ConnectionTable {

    /// Dying entries, and those of packets under way, beyond the maximum; a turn of a worker handles some hundreds.
    private static final int SPARE_ENTRIES = 4_096;

    /// Chains in which a full table looks for connections to do without: as many connections as in Linux's 8.
    private static final int EARLY_DROP_CHAINS = 32;

    private static final int EVENT_NEW = 1;
    private static final int EVENT_UPDATE = 2;

    private final Connections connections;
    private final TupleIndex index;
    private final TrackSettings settings;
    private final TrackCounters counters = new TrackCounters();
    private final ConnectionEvents events;
    private final Closing closing;
    private final int countMax;
    private final Tuple original = new Tuple();
    private final Tuple reply = new Tuple();
    private final Tuple translated = new Tuple();

    private int count;
    private int usedEntries;
    private int free = Connections.NONE;
    private int dying = Connections.NONE;
    private int sweepAt;

    /// Reserves room for `nf_conntrack_max` connections as the settings say now; that may be lowered later, not raised.
    ///
    /// @param secret of the hash; from a seeded generator
    public ConnectionTable(Arena arena, TrackSettings settings, long secret, ConnectionEvents events) {
        this.settings = settings;
        this.events = events;
        this.countMax = settings.value(TrackSysctl.MAX);
        Check.that(countMax <= Integer.MAX_VALUE / 2 - SPARE_ENTRIES, "nf_conntrack_max is too large", countMax);
        this.connections = new Connections(arena, countMax + SPARE_ENTRIES);
        this.index = new TupleIndex(arena, connections, Math.max(countMax, settings.value(TrackSysctl.BUCKETS)),
            secret);
        this.closing = new Closing(connections);
    }

    public Connections connections()  { return connections; }
    TupleIndex index()                { return index; }
    /// The reply tuple that was last given to a connection instead of its own.
    Tuple translated()                { return translated; }
    public TrackCounters counters()   { return counters; }
    public TrackSettings settings()   { return settings; }
    /// Connections that are, unconfirmed ones too.
    public int count()                { return count; }
    public int bucketCount()          { return index.bucketCount(); }

    /// The connections that there is room for, whatever the setting says now.
    public int countMost() {
        return countMax;
    }

    /// The connections that are at most at once.
    public int countMax() {
        return Math.min(countMax, settings.value(TrackSysctl.MAX));
    }

    /// The node of a living connection with that tuple, whose zone is set here by `tracked`; or `NONE`. A connection
    /// whose time is over is ended instead of found.
    int find(Tuple tuple, Tracked tracked, long nowNs) {
        int zone = tracked.zoneOf(Direction.ORIGINAL);
        int otherZone = tracked.zoneOf(Direction.REPLY);
        tuple.zone(zone);
        if (zone == otherZone) return findLiving(tuple, TupleIndex.ANY_DIRECTION, nowNs);
        int node = findLiving(tuple, Direction.ORIGINAL, nowNs);
        if (node != TupleIndex.NONE) return node;
        tuple.zone(otherZone);
        return findLiving(tuple, Direction.REPLY, nowNs);
    }

    /// The connection that has this tuple, zone included, in either direction; or `Connections.NONE`.
    public int find(Tuple tuple, long nowNs) {
        int node = findLiving(tuple, TupleIndex.ANY_DIRECTION, nowNs);
        return node == TupleIndex.NONE ? Connections.NONE : TupleIndex.entry(node);
    }

    private int findLiving(Tuple tuple, int direction, long nowNs) {
        while (true) {
            int node = index.find(tuple, direction);
            if (node == TupleIndex.NONE || !isExpired(TupleIndex.entry(node), nowNs)) return node;
            kill(TupleIndex.entry(node), nowNs);
        }
    }

    private boolean isExpired(int entry, long nowNs) {
        return connections.timeoutNs(entry) - nowNs <= 0;
    }

    /// Makes an unconfirmed connection whose first packet has this tuple, zones as `tracked` says. `Connections.NONE`
    /// if the table is full. The tuple must have an inverse.
    int create(Tuple tuple, Tracked tracked, long nowNs) {
        if (count >= countMax() && !dropEarly(index.bucket(index.hash(tuple)), nowNs)) return Connections.NONE;
        int entry = take();
        if (entry == Connections.NONE) return Connections.NONE;
        connections.begin(entry, nowNs);
        connections.zone(entry, tracked.zone(), tracked.zone() == 0 ? Tracked.ZONE_BOTH : tracked.zoneDirections());
        original.copyFrom(tuple);
        original.zone(tracked.zoneOf(Direction.ORIGINAL));
        boolean hasInverse = reply.invertOf(tuple);
        assert hasInverse;
        reply.zone(tracked.zoneOf(Direction.REPLY));
        store(entry, Direction.ORIGINAL, original);
        store(entry, Direction.REPLY, reply);
        count++;
        return entry;
    }

    private void store(int entry, int direction, Tuple tuple) {
        connections.storeTuple(entry, direction, tuple, index.hash(tuple));
    }

    private int take() {
        if (free != Connections.NONE) {
            int entry = free;
            free = connections.nextBySource(entry);
            return entry;
        }
        return usedEntries < connections.entryCount() ? usedEntries++ : Connections.NONE;
    }

    private boolean dropEarly(int bucket, long nowNs) {
        int droppedCount = 0;
        for (int i = 0; i < EARLY_DROP_CHAINS && droppedCount == 0; i++) {
            int node = index.first(bucket + i);
            while (node != TupleIndex.NONE) {
                int entry = TupleIndex.entry(node);
                node = nextOfAnother(node, entry);
                if (isExpired(entry, nowNs)) {
                    kill(entry, nowNs);
                } else if (closing.isDispensable(entry)) {
                    kill(entry, nowNs);
                    droppedCount++;
                }
            }
        }
        counters.add(TrackCounter.EARLY_DROP, droppedCount);
        return count < countMax();
    }

    /// The next node of the chain that is not the same connection's other direction.
    private int nextOfAnother(int node, int entry) {
        int next = index.next(node);
        while (next != TupleIndex.NONE && TupleIndex.entry(next) == entry) {
            next = index.next(next);
        }
        return next;
    }

    /// The packet leaves this host or is delivered: its connection is put into the table if it is new, and events are
    /// told. False if another connection has one of its tuples by now; the packet is then to be dropped.
    public boolean confirm(Tracked tracked, long nowNs) {
        int entry = tracked.entry();
        if (entry == Connections.NONE) return true;
        boolean isNew = !connections.has(entry, ConnectionStatus.CONFIRMED | ConnectionStatus.DYING);
        if (isNew && tracked.direction() == Direction.ORIGINAL && !insert(tracked, nowNs)) return false;
        deliver(tracked.entry(), nowNs);
        return true;
    }

    private boolean insert(Tracked tracked, long nowNs) {
        int entry = tracked.entry();
        int byOriginal = findLiving(connections.tuple(entry, Direction.ORIGINAL, original),
            TupleIndex.ANY_DIRECTION, nowNs);
        int byReply = findLiving(connections.tuple(entry, Direction.REPLY, reply), TupleIndex.ANY_DIRECTION, nowNs);
        if (byOriginal == TupleIndex.NONE && byReply == TupleIndex.NONE) {
            index.add(entry);
            connections.timeoutNs(entry, nowNs + connections.timeoutNs(entry));
            connections.set(entry, ConnectionStatus.CONFIRMED);
            connections.pending(entry, connections.pending(entry) | EVENT_NEW);
            counters.count(TrackCounter.INSERT);
            return true;
        }
        if (closing.mayClash(entry) && isSameConnection(byOriginal, byReply)) {
            // The packet before this one made the same connection while this one was under way.
            counters.count(TrackCounter.CLASH_RESOLVE);
            int known = TupleIndex.entry(byOriginal);
            discard(entry);
            tracked.set(known, connections.has(known, ConnectionStatus.SEEN_REPLY)
                ? PacketState.ESTABLISHED : PacketState.NEW);
            return true;
        }
        counters.count(TrackCounter.INSERT_FAILED);
        counters.count(TrackCounter.DROP);
        return false;
    }

    private boolean isSameConnection(int byOriginal, int byReply) {
        return byOriginal != TupleIndex.NONE
            && byReply == TupleIndex.node(TupleIndex.entry(byOriginal), Direction.REPLY)
            && TupleIndex.direction(byOriginal) == Direction.ORIGINAL;
    }

    /// The packet is gone, sent or dropped: an unconfirmed connection of its own goes with it.
    public void release(Tracked tracked) {
        int entry = tracked.entry();
        boolean isOwn = entry != Connections.NONE && !tracked.state().isRelated()
            && !connections.has(entry, ConnectionStatus.CONFIRMED | ConnectionStatus.DYING);
        if (isOwn) discard(entry);
        tracked.set(Connections.NONE, PacketState.INVALID);
    }

    private void discard(int entry) {
        if (connections.has(entry, ConnectionStatus.SOURCE_NAT_DONE)) index.removeBySource(entry);
        count--;
        connections.nextBySource(entry, free);
        free = entry;
        connections.set(entry, ConnectionStatus.DYING);
    }

    /// Ends a connection at once. It can be read until the next [#sweep]; its number is then used again.
    public void kill(int entry, long nowNs) {
        if (connections.has(entry, ConnectionStatus.DYING)) return;
        boolean isConfirmed = connections.has(entry, ConnectionStatus.CONFIRMED);
        if (isConfirmed) index.remove(entry);
        if (connections.has(entry, ConnectionStatus.SOURCE_NAT_DONE)) index.removeBySource(entry);
        connections.set(entry, ConnectionStatus.DYING);
        count--;
        connections.nextBySource(entry, dying);
        dying = entry;
        if (isConfirmed) events.on(EventKind.DESTROY, entry, nowNs);
    }

    /// Once a turn, when no packet is under way: frees what died and looks at up to `entriesMax` entries for
    /// connections whose time is over. A table that is 95 % full also loses those it can do without.
    public void sweep(long nowNs, int entriesMax) {
        recycle();
        int crowded = countMax() / 100 * 95;   // Linux's nf_conntrack_max95: 0 for a table of fewer than 100
        boolean isCrowded = crowded != 0 && count >= crowded;
        int steps = Math.min(entriesMax, usedEntries);
        for (int i = 0; i < steps; i++) {
            if (sweepAt >= usedEntries) sweepAt = 0;
            int entry = sweepAt++;
            if (!isListed(entry)) continue;
            if (isExpired(entry, nowNs)) {
                kill(entry, nowNs);
            } else if (isCrowded && closing.isDispensable(entry)) {
                kill(entry, nowNs);
                counters.count(TrackCounter.EARLY_DROP);
            }
        }
    }

    private void recycle() {
        while (dying != Connections.NONE) {
            int entry = dying;
            dying = connections.nextBySource(entry);
            connections.nextBySource(entry, free);
            free = entry;
        }
    }

    /// The first connection in the table with a number above `entry`, or `Connections.NONE`: begin with that.
    public int next(int entry) {
        int next = entry + 1;
        while (next < usedEntries && !isListed(next)) {
            next++;
        }
        return next < usedEntries ? next : Connections.NONE;
    }

    /// Entries that were ever used: all connections have numbers below.
    public int usedEntries()          { return usedEntries; }

    /// True if the number is that of a connection in the table.
    public boolean isListed(int entry) {
        int status = connections.status(entry);
        return (status & (ConnectionStatus.CONFIRMED | ConnectionStatus.DYING)) == ConnectionStatus.CONFIRMED;
    }

    /// True if the number still is the connection's of that generation, and it is in the table and goes on: a TCP
    /// connection in TIME_WAIT or CLOSE does not.
    public boolean isOpen(int entry, int generation, long nowNs) {
        return connections.generation(entry) == generation && isListed(entry) && !isExpired(entry, nowNs)
            && !closing.isOver(entry);
    }

    /// Ends all connections, or those of a zone where `zone` is not negative. Returns how many.
    public int flush(int zone, long nowNs) {
        int endedCount = 0;
        for (int entry = next(Connections.NONE); entry != Connections.NONE; entry = next(entry)) {
            if (zone >= 0 && connections.zone(entry) != zone) continue;
            kill(entry, nowNs);
            endedCount++;
        }
        return endedCount;
    }

    public void mark(int entry, int mark) {
        if (connections.mark(entry) == mark) return;
        connections.mark(entry, mark);
        update(entry);
    }

    public void labels(int entry, long high, long low) {
        if (connections.labelsHigh(entry) == high && connections.labelsLow(entry) == low) return;
        connections.labels(entry, high, low);
        update(entry);
    }

    /// Notes that the connection changed in a way that is told with its next packet.
    void update(int entry) {
        connections.pending(entry, connections.pending(entry) | EVENT_UPDATE);
    }

    private void deliver(int entry, long nowNs) {
        int pending = connections.pending(entry);
        if (pending == 0 || !connections.has(entry, ConnectionStatus.CONFIRMED)) return;
        connections.pending(entry, 0);
        events.on((pending & EVENT_NEW) != 0 ? EventKind.NEW : EventKind.UPDATE, entry, nowNs);
    }

    /// True if a connection other than this one has the tuple (a reply, its zone set).
    public boolean isTaken(Tuple tuple, long nowNs) {
        return findLiving(tuple, TupleIndex.ANY_DIRECTION, nowNs) != TupleIndex.NONE;
    }

    /// Gives an unconfirmed connection another reply tuple; zones stay.
    public void alterReply(int entry, Tuple tuple) {
        assert !connections.has(entry, ConnectionStatus.CONFIRMED);
        connections.tuple(entry, Direction.REPLY, reply);
        tuple.zone(reply.zone());
        store(entry, Direction.REPLY, tuple);
        translated.copyFrom(tuple);
    }

    /// Puts a connection whose source was decided among those that [#firstBySource] finds.
    public void sourceDecided(int entry) {
        assert !connections.has(entry, ConnectionStatus.SOURCE_NAT_DONE);
        connections.set(entry, ConnectionStatus.SOURCE_NAT_DONE);
        index.addBySource(entry);
    }

    /// Connections whose original source may be this tuple's, with [#nextBySource]; or `Connections.NONE`.
    public int firstBySource(Tuple tuple)  { return index.firstBySource(tuple); }
    public int nextBySource(int entry)     { return index.nextBySource(entry); }
}
