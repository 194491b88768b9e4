package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.output.Output;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;

import java.util.random.RandomGenerator;

import static io.millrace.dataplane.neighbour.NeighbourState.CONNECTED;
import static io.millrace.dataplane.neighbour.NeighbourState.DELAY;
import static io.millrace.dataplane.neighbour.NeighbourState.FAILED;
import static io.millrace.dataplane.neighbour.NeighbourState.INCOMPLETE;
import static io.millrace.dataplane.neighbour.NeighbourState.PERMANENT;
import static io.millrace.dataplane.neighbour.NeighbourState.PROBE;
import static io.millrace.dataplane.neighbour.NeighbourState.REACHABLE;
import static io.millrace.dataplane.neighbour.NeighbourState.STALE;
import static io.millrace.dataplane.neighbour.NeighbourState.TIMED;
import static io.millrace.dataplane.neighbour.NeighbourState.VALID;
import static io.millrace.dataplane.neighbour.NeighbourState.NOARP;

/// The life of neighbours: which state follows on use, on news, on time (RFC 4861 §7.3.3 as Linux's `neighbour.c`
/// does it, for ARP too).
///
/// ```
///           packet              answer                reachable time over
///  NONE ---------> INCOMPLETE ----------> REACHABLE ----------------------> STALE (or DELAY if just used)
///                   | 3 questions           ^    ^                            | packet
///                   v                answer |    | answer                     v
///                  FAILED <--------------- PROBE <------- 5 s ------------- DELAY
///                          3 questions
/// ```
final class NeighbourStates {

    private static final long TICK_NS = 10_000_000L;             // no timer is shorter: HZ / 100
    private static final long RANDOM_PERIOD_NS = 300_000_000_000L;
    private static final long LONG_AGO_NS = Long.MIN_VALUE / 2;

    private final NeighbourEntries entries;
    private final NeighbourStore store;
    private final WaitingPackets waiting;
    private final Ledger ledger;
    private final NeighbourSettings[] settings;                  // by family, like the next three
    private final Solicitor[] solicitors = new Solicitor[2];
    private final long[] reachableNs = new long[2];
    private final long[] drawnAtNs = {LONG_AGO_NS, LONG_AGO_NS};
    private final NeighbourTimers timers;                        // of each entry, then of each family's periodic work
    private final RandomGenerator random;
    private Output output;
    private Unresolved unresolved;
    private NeighbourWatch watch;

    NeighbourStates(NeighbourEntries entries, NeighbourStore store, WaitingPackets waiting, Ledger ledger,
                    NeighbourSettings ipv4, NeighbourSettings ipv6, RandomGenerator random) {
        this.entries = entries;
        this.store = store;
        this.waiting = waiting;
        this.ledger = ledger;
        this.settings = new NeighbourSettings[] {ipv4, ipv6};
        this.timers = new NeighbourTimers(entries.entryCount() + settings.length);
        this.random = random;
        for (int family = 0; family < settings.length; family++) drawReachableTime(family);
    }

    void apply(NeighbourSettings ipv4, NeighbourSettings ipv6) {
        NeighbourSettings[] changed = {ipv4, ipv6};
        for (int family = 0; family < settings.length; family++) {
            boolean hasOtherTime = changed[family].baseReachableNs() != settings[family].baseReachableNs();
            settings[family] = changed[family];
            if (hasOtherTime) drawReachableTime(family);
        }
    }

    void connect(Output toOutput, Unresolved toUnresolved) {
        output = toOutput;
        unresolved = toUnresolved;
    }

    void watch(NeighbourWatch watcher) {
        watch = watcher;
    }

    /// Tells who watches what the entry is now.
    private void tell(int entry) {
        if (watch == null) return;
        boolean isConnected = (entries.state(entry) & CONNECTED) != 0;
        watch.changed(entries.interfaceIndex(entry), entries.high(entry), entries.low(entry), isConnected,
            entries.mac(entry));
    }

    void solicitor(int family, Solicitor solicitor) {
        solicitors[NeighbourStore.familyIndex(family)] = solicitor;
    }

    boolean makeRoom(int family, long nowNs) {
        int familyIndex = NeighbourStore.familyIndex(family);
        return store.makeRoom(familyIndex, settings[familyIndex], nowNs);
    }

    /// A new entry's times.
    void begin(int entry, long nowNs) {
        entries.usedNs(entry, nowNs);
        entries.updatedNs(entry, nowNs);
        entries.confirmedNs(entry, nowNs - 2 * settings(entry).baseReachableNs());
    }

    /// Sees to it that the periodic work of the entry's family, which may throw it out, is done.
    void watch(int entry, long nowNs) {
        int familyIndex = familyIndex(entry);
        int periodic = entries.entryCount() + familyIndex;
        if (timers.isRunning(periodic)) return;
        timers.set(periodic, nowNs + settings[familyIndex].baseReachableNs() / 2);
        if (drawnAtNs[familyIndex] == LONG_AGO_NS) drawnAtNs[familyIndex] = nowNs;   // time begins
    }

    /// True if the entry has a MAC address though nobody vouches for it now.
    boolean useUnconfirmed(int entry, long nowNs) {
        entries.usedNs(entry, nowNs);
        int state = entries.state(entry);
        if (state == STALE) {
            enter(entry, DELAY, nowNs);
            timers.set(entry, nowNs + settings(entry).delayFirstProbeNs());
            return true;
        }
        return (state & VALID) != 0;
    }

    void enqueue(int packet, int entry, long nowNs) {
        int state = entries.state(entry);
        assert (state & VALID) == 0 : NeighbourState.name(state);
        NeighbourSettings limits = settings(entry);
        boolean isNew = state != INCOMPLETE;
        if (isNew && limits.multicastProbeCount() == 0) {
            enter(entry, FAILED, nowNs);
            ledger.drop(packet, Verdict.NEIGHBOUR_UNRESOLVED);
            return;
        }
        if (isNew) {
            entries.probes(entry, limits.unicastProbeCount());   // there is no address yet to ask by unicast
            enter(entry, INCOMPLETE, nowNs);
            timers.set(entry, nowNs + Math.max(limits.retransmitNs(), TICK_NS));
        }
        int weightBytes = waiting.weightBytes(packet);
        while (!waiting.isEmpty(entry) && entries.waitingBytes(entry) + weightBytes > limits.queueBytesMax()) {
            ledger.drop(takeWaiting(entry), Verdict.NEIGHBOUR_QUEUE_FULL);
        }
        waiting.add(entry, packet);
        ledger.held(1);
        if (isNew) probe(entry, waiting.receiveNs(packet), nowNs);
    }

    /// See [NeighbourTable#update].
    void update(int entry, long mac, int state, int allowed, long causeNs, long nowNs) {
        int old = entries.state(entry);
        boolean isAdmin = (allowed & NeighbourUpdate.ADMIN) != 0;
        if (!isAdmin && (old & (NOARP | PERMANENT)) != 0) return;
        if ((state & VALID) == 0) {
            invalidate(entry, state, nowNs);
            return;
        }
        boolean wasValid = (old & VALID) != 0;
        if (mac == NeighbourUpdate.NO_MAC && !wasValid) return;
        boolean isOther = mac != NeighbourUpdate.NO_MAC && !(wasValid && mac == entries.mac(entry));
        if ((state & CONNECTED) != 0) entries.confirmedNs(entry, nowNs);
        int next = state;
        boolean mayOverride = (allowed & NeighbourUpdate.OVERRIDE) != 0;
        if (wasValid && isOther && !mayOverride) {
            boolean isDoubted = (allowed & NeighbourUpdate.WEAK_OVERRIDE) != 0 && (old & CONNECTED) != 0;
            if (!isDoubted) return;
            isOther = false;   // keeps its address, but has to be asked before long
            next = STALE;
        } else {
            if (wasValid && !isOther && state == STALE && !isAdmin) next = old;
            if ((allowed & NeighbourUpdate.TELLS_ROUTER) != 0) tellRouter(entry, allowed);
        }
        if (next != old || isOther) entries.updatedNs(entry, nowNs);
        if (next != old) move(entry, next, nowNs);
        if (isOther) {
            entries.mac(entry, mac);
            if ((next & CONNECTED) == 0) {
                entries.confirmedNs(entry, nowNs - 2 * settings(entry).baseReachableNs());
            }
            tell(entry);
        }
        if (!wasValid) flush(entry, causeNs, nowNs);
    }

    private void tellRouter(int entry, int allowed) {
        boolean isRouter = (allowed & NeighbourUpdate.ROUTER) != 0;
        int others = entries.flags(entry) & ~NeighbourEntries.IS_ROUTER;
        entries.flags(entry, isRouter ? others | NeighbourEntries.IS_ROUTER : others);
    }

    private void move(int entry, int next, long nowNs) {
        timers.cancel(entry);
        if (next == PROBE) entries.probes(entry, 0);
        if ((next & TIMED) != 0) timers.set(entry, nowNs + (next == REACHABLE ? reachableNs[familyIndex(entry)] : 0));
        enter(entry, next, nowNs);
    }

    private void enter(int entry, int next, long nowNs) {
        boolean wasListed = entries.state(entry) != PERMANENT;
        boolean isListed = next != PERMANENT;
        if (wasListed && !isListed) store.unlist(entry);
        if (!wasListed && isListed) {
            store.list(entry);
            watch(entry, nowNs);
        }
        entries.state(entry, next);
        entries.updatedNs(entry, nowNs);
        if ((next & TIMED) == 0) store.hope(entry);
        tell(entry);
    }

    /// Packets that have waited go out. Each may find the entry stale and set it in motion again.
    private void flush(int entry, long causeNs, long nowNs) {
        store.hold(entry);
        while ((entries.state(entry) & VALID) != 0 && !waiting.isEmpty(entry)) {
            int packet = takeWaiting(entry);
            waiting.receiveNs(packet, causeNs);   // what is sent now was caused by the answer
            output.toNeighbour(packet, entry, nowNs);
        }
        store.release(entry);
        dropWaiting(entry, Verdict.NEIGHBOUR_UNRESOLVED);
    }

    private void invalidate(int entry, int state, long nowNs) {
        int old = entries.state(entry);
        timers.cancel(entry);
        enter(entry, state, nowNs);
        if ((old & (INCOMPLETE | PROBE)) != 0 && state == FAILED) fail(entry, nowNs);
    }

    /// Tells of the packets that waited in vain, and drops them.
    private void fail(int entry, long nowNs) {
        store.hold(entry);   // an error may need a neighbour, and that one room
        while (entries.state(entry) == FAILED && !waiting.isEmpty(entry)) {
            int packet = takeWaiting(entry);
            waiting.receiveNs(packet, nowNs);     // a timer caused the error, not the packet's arrival
            unresolved.unresolved(packet, nowNs);
            ledger.drop(packet, Verdict.NEIGHBOUR_UNRESOLVED);
        }
        store.release(entry);
        dropWaiting(entry, Verdict.NEIGHBOUR_UNRESOLVED);
    }

    void dropWaiting(int entry, Verdict verdict) {
        while (!waiting.isEmpty(entry)) ledger.drop(takeWaiting(entry), verdict);
    }

    private int takeWaiting(int entry) {
        ledger.held(-1);
        return waiting.remove(entry);
    }

    boolean isLocked(int entry, long nowNs) {
        return nowNs <= entries.updatedNs(entry) + settings(entry).lockNs();
    }

    void stopTimer(int entry) {
        timers.cancel(entry);
    }

    int expire(long nowNs, int budget) {
        int expiredCount = 0;
        while (expiredCount < budget && timers.nextNs() <= nowNs) {
            int number = timers.take();
            if (number < entries.entryCount()) {
                expire(number, nowNs);
            } else {
                expirePeriod(number - entries.entryCount(), nowNs);
            }
            expiredCount++;
        }
        return expiredCount;
    }

    long reachableNs(int family) {
        return reachableNs[NeighbourStore.familyIndex(family)];
    }

    long nextTimerNs() {
        return timers.nextNs();
    }

    private void expire(int entry, long nowNs) {
        NeighbourSettings times = settings(entry);
        long retransmitAtNs = nowNs + Math.max(times.retransmitNs(), TICK_NS);
        long trustedUntilNs = entries.confirmedNs(entry) + reachableNs[familyIndex(entry)];
        long nextNs = retransmitAtNs;
        switch (entries.state(entry)) {
            case REACHABLE -> {
                if (nowNs <= trustedUntilNs) {
                    nextNs = trustedUntilNs;
                } else if (nowNs <= entries.usedNs(entry) + times.delayFirstProbeNs()) {
                    enter(entry, DELAY, nowNs);
                    nextNs = nowNs + times.delayFirstProbeNs();
                } else {
                    enter(entry, STALE, nowNs);
                }
            }
            case DELAY -> {
                if (nowNs <= entries.confirmedNs(entry) + times.delayFirstProbeNs()) {
                    enter(entry, REACHABLE, nowNs);
                    nextNs = trustedUntilNs;
                } else {
                    enter(entry, PROBE, nowNs);
                    entries.probes(entry, 0);
                }
            }
            default -> { }
        }
        int state = entries.state(entry);
        if ((state & (INCOMPLETE | PROBE)) != 0 && entries.probes(entry) >= probesMax(state, times)) {
            enter(entry, FAILED, nowNs);
            fail(entry, nowNs);
            return;
        }
        if ((state & TIMED) != 0) timers.set(entry, Math.max(nextNs, nowNs + TICK_NS));
        if ((state & (INCOMPLETE | PROBE)) != 0) probe(entry, nowNs, nowNs);
    }

    private static int probesMax(int state, NeighbourSettings times) {
        return times.unicastProbeCount() + (state == PROBE ? 0 : times.multicastProbeCount());
    }

    private void probe(int entry, long causeNs, long nowNs) {
        boolean isUnicast = entries.probes(entry) < settings(entry).unicastProbeCount();
        int last = waiting.isEmpty(entry) ? PacketMemory.NONE : entries.lastWaiting(entry);
        entries.probes(entry, entries.probes(entry) + 1);
        solicitors[familyIndex(entry)].solicit(entry, isUnicast, last, causeNs, nowNs);
    }

    private void expirePeriod(int familyIndex, long nowNs) {
        if (nowNs > drawnAtNs[familyIndex] + RANDOM_PERIOD_NS) {
            drawReachableTime(familyIndex);
            drawnAtNs[familyIndex] = nowNs;
        }
        store.collect(familyIndex, settings[familyIndex], nowNs);
        if (store.listedCount(familyIndex) == 0) return;   // the next entry starts the period again
        timers.set(entries.entryCount() + familyIndex, nowNs + settings[familyIndex].baseReachableNs() / 2);
    }

    private void drawReachableTime(int familyIndex) {
        long baseNs = settings[familyIndex].baseReachableNs();
        reachableNs[familyIndex] = baseNs / 2 + random.nextLong(baseNs);
    }

    private NeighbourSettings settings(int entry) {
        return settings[familyIndex(entry)];
    }

    private int familyIndex(int entry) {
        return NeighbourStore.familyIndex(entries.family(entry));
    }
}
