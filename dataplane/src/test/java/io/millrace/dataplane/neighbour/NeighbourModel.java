package io.millrace.dataplane.neighbour;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The neighbour table the naive way: objects in a map, states by name, every timer looked for among all. Written after
/// `net/core/neighbour.c`, for one family.
final class NeighbourModel {

    enum State { NONE, INCOMPLETE, REACHABLE, STALE, DELAY, PROBE, FAILED, PERMANENT }

    private static final long NEVER = Long.MAX_VALUE;

    static final class Entry {
        final String key;
        State state = State.NONE;
        long mac;
        boolean isRouter;
        long confirmed;
        long used;
        long updated;
        int probes;
        int holds;
        long timer = NEVER;
        final Deque<Integer> waiting = new ArrayDeque<>();

        Entry(String key) {
            this.key = key;
        }

        boolean isValid() {
            return switch (state) {
                case REACHABLE, STALE, DELAY, PROBE, PERMANENT -> true;
                case NONE, INCOMPLETE, FAILED -> false;
            };
        }

        boolean isConnected() {
            return state == State.REACHABLE || state == State.PERMANENT;
        }

        boolean isTimed() {
            return switch (state) {
                case INCOMPLETE, REACHABLE, DELAY, PROBE -> true;
                case NONE, STALE, FAILED, PERMANENT -> false;
            };
        }
    }

    final Map<String, Entry> entries = new LinkedHashMap<>();   // in the order of their making
    final List<Integer> sent = new ArrayList<>();
    int questionCount;
    int droppedUnresolvedCount;
    int droppedFullCount;
    private final NeighbourSettings settings;
    private final int queueMax;
    private long lastForced = Long.MIN_VALUE / 2;
    private long periodic = NEVER;

    NeighbourModel(NeighbourSettings settings, int queueMax) {
        this.settings = settings;
        this.queueMax = queueMax;
    }

    /// Null if there is no room.
    Entry resolve(String key, long now) {
        Entry known = entries.get(key);
        if (known != null) return known;
        long count = listed().size();
        boolean isFull = count >= settings.gcThreshold3();
        if (isFull || count >= settings.gcThreshold2() && now > lastForced + 5_000_000_000L) {
            if (forcedCollection(count + 1 - settings.gcThreshold2(), now) == 0 && isFull) return null;
        }
        startPeriod(now);
        return make(key, now);
    }

    /// The periodic work begins with the first entry that it may throw out.
    private void startPeriod(long now) {
        if (periodic == NEVER) periodic = now + settings.baseReachableNs() / 2;
    }

    Entry make(String key, long now) {
        var entry = new Entry(key);
        entry.used = now;
        entry.updated = now;
        entry.confirmed = now - 2 * settings.baseReachableNs();
        entries.put(key, entry);
        return entry;
    }

    private List<Entry> listed() {
        return entries.values().stream().filter(each -> each.state != State.PERMANENT).toList();
    }

    private int forcedCollection(long wanted, long now) {
        int removed = 0;
        for (Entry each : listed()) {
            if (removed >= wanted) break;
            if (each.holds > 0 || each.isTimed()) continue;
            if (each.state == State.FAILED || each.updated + 5_000_000_000L < now) {
                entries.remove(each.key);
                removed++;
            }
        }
        lastForced = now;
        return removed;
    }

    void send(Entry entry, int packet, long now) {
        if (entry.isConnected()) {
            sent.add(packet);
            return;
        }
        entry.used = now;
        if (entry.state == State.STALE) {
            change(entry, State.DELAY, now);
            entry.timer = now + settings.delayFirstProbeNs();
        }
        if (entry.isValid()) {
            sent.add(packet);
            return;
        }
        boolean isFirst = entry.state != State.INCOMPLETE;
        if (isFirst) {
            change(entry, State.INCOMPLETE, now);
            entry.probes = settings.unicastProbeCount();
            entry.timer = now + settings.retransmitNs();
        }
        entry.waiting.addLast(packet);
        if (entry.waiting.size() > queueMax) {
            entry.waiting.removeFirst();
            droppedFullCount++;
        }
        if (isFirst) ask(entry);
    }

    private void ask(Entry entry) {
        entry.probes++;
        questionCount++;
    }

    private void change(Entry entry, State to, long now) {
        entry.state = to;
        entry.updated = now;
    }

    void update(Entry entry, Long newMac, State wanted, int flags, long now) {
        boolean isAdmin = (flags & NeighbourUpdate.ADMIN) != 0;
        if (entry.state == State.PERMANENT && !isAdmin) return;
        if (wanted == State.FAILED) {
            State before = entry.state;
            entry.timer = NEVER;
            moveToEndIfListedAnew(entry, before, wanted, now);
            change(entry, State.FAILED, now);
            if (before == State.INCOMPLETE || before == State.PROBE) fail(entry);
            return;
        }
        boolean wasValid = entry.isValid();
        if (newMac == null && !wasValid) return;
        boolean differs = newMac != null && (!wasValid || newMac != entry.mac);
        if (wanted == State.REACHABLE || wanted == State.PERMANENT) entry.confirmed = now;
        State next = wanted;
        boolean tellsRouter = (flags & NeighbourUpdate.TELLS_ROUTER) != 0;
        if (wasValid && differs && (flags & NeighbourUpdate.OVERRIDE) == 0) {
            if ((flags & NeighbourUpdate.WEAK_OVERRIDE) == 0 || !entry.isConnected()) return;
            differs = false;
            next = State.STALE;
            tellsRouter = false;
        } else if (wasValid && !differs && wanted == State.STALE && !isAdmin) {
            next = entry.state;
        }
        if (tellsRouter) entry.isRouter = (flags & NeighbourUpdate.ROUTER) != 0;
        if (differs || next != entry.state) entry.updated = now;
        if (next != entry.state) {
            entry.timer = next == State.REACHABLE ? NEVER - 1 : NEVER;   // due time is set by who knows it
            moveToEndIfListedAnew(entry, entry.state, next, now);
            entry.state = next;
        }
        if (differs) {
            entry.mac = newMac;
            if (!entry.isConnected()) entry.confirmed = now - 2 * settings.baseReachableNs();
        }
        if (!wasValid) {
            List<Integer> released = new ArrayList<>(entry.waiting);
            entry.waiting.clear();
            released.forEach(packet -> send(entry, packet, now));
        }
    }

    /// A permanent entry stands in no list; when it becomes another it goes to the list's end.
    private void moveToEndIfListedAnew(Entry entry, State before, State after, long now) {
        if (before != State.PERMANENT || after == State.PERMANENT) return;
        startPeriod(now);
        entries.remove(entry.key);
        entries.put(entry.key, entry);
    }

    private void fail(Entry entry) {
        droppedUnresolvedCount += entry.waiting.size();
        entry.waiting.clear();
    }

    void remove(Entry entry, long now) {
        update(entry, null, State.FAILED, NeighbourUpdate.ADMIN, now);
        if (entry.holds > 0) return;
        fail(entry);
        entries.remove(entry.key);
    }

    /// Lets every timer fire that is due by then, in the order of their times.
    void passTo(long until, long reachable) {
        while (true) {
            Entry next = entries.values().stream().min(Comparator.comparingLong(each -> each.timer)).orElse(null);
            long at = next == null ? NEVER : next.timer;
            if (Math.min(at, periodic) > until) return;
            if (periodic < at) {
                collect(periodic);
            } else {
                fire(next, at, reachable);
            }
        }
    }

    private void fire(Entry entry, long now, long reachable) {
        entry.timer = NEVER;
        switch (entry.state) {
            case REACHABLE -> {
                if (now <= entry.confirmed + reachable) {
                    entry.timer = Math.max(entry.confirmed + reachable, now + 10_000_000L);
                } else if (now <= entry.used + settings.delayFirstProbeNs()) {
                    change(entry, State.DELAY, now);
                    entry.timer = now + settings.delayFirstProbeNs();
                } else {
                    change(entry, State.STALE, now);
                }
            }
            case DELAY -> {
                if (now <= entry.confirmed + settings.delayFirstProbeNs()) {
                    change(entry, State.REACHABLE, now);
                    entry.timer = Math.max(entry.confirmed + reachable, now + 10_000_000L);
                } else {
                    change(entry, State.PROBE, now);
                    entry.probes = 0;
                    askOrFail(entry, settings.unicastProbeCount(), now);
                }
            }
            case PROBE -> askOrFail(entry, settings.unicastProbeCount(), now);
            case INCOMPLETE -> askOrFail(entry, settings.unicastProbeCount() + settings.multicastProbeCount(), now);
            case NONE, STALE, FAILED, PERMANENT -> throw new AssertionError("no timer in " + entry.state);
        }
    }

    private void askOrFail(Entry entry, int max, long now) {
        if (entry.probes >= max) {
            change(entry, State.FAILED, now);
            fail(entry);
        } else {
            entry.timer = now + settings.retransmitNs();
            ask(entry);
        }
    }

    private void collect(long now) {
        if (listed().size() >= settings.gcThreshold1()) {
            for (Entry each : listed()) {
                if (each.holds > 0 || each.isTimed()) continue;
                long lastUse = Math.max(each.used, each.confirmed);
                if (each.state == State.FAILED || lastUse + settings.gcStaleNs() <= now) entries.remove(each.key);
            }
        }
        periodic = listed().isEmpty() ? NEVER : now + settings.baseReachableNs() / 2;
    }
}
