package io.millrace.dataplane.account;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

/// One worker's account of its packets. Over a process, in packets:
///
/// `received + created + split = sent + delivered + dropped + absorbed + held`
///
/// Written by its worker alone; others may read values that are a little old. [#drop] and [#deliver] are the doors by
/// which a packet leaves: they count the verdict and release the slots, so neither is forgotten.
public final class Ledger {

    private final PacketPool pool;
    private final long[] countsByVerdict = new long[Verdict.COUNT];
    private final long[] createdByOrigin = new long[Origin.COUNT];
    private long receivedCount;
    private long splitCount;
    private long absorbedCount;
    private long heldCount;
    private PacketWatch watch;

    public Ledger(PacketPool pool) {
        this.pool = pool;
    }

    /// Who is told of each packet that ends here, or null.
    public void watch(PacketWatch watcher) {
        watch = watcher;
    }

    public void received(int packetCount) {
        receivedCount += packetCount;
    }

    /// Counts packets that a port took. The port releases them.
    public void sent(int packetCount) {
        countsByVerdict[Verdict.SENT.ordinal()] += packetCount;
    }

    /// A packet made here, before it is sent or dropped like any other.
    public void created(Origin origin) {
        createdByOrigin[origin.ordinal()]++;
    }

    /// One packet became `partCount`.
    public void split(int partCount) {
        splitCount += partCount - 1;
    }

    /// `partCount` packets became one.
    public void absorbed(int partCount) {
        absorbedCount += partCount - 1;
    }

    /// Packets that now wait in a queue (positive) or have left it (negative).
    public void held(int packetCount) {
        heldCount += packetCount;
    }

    /// Ends a packet: counts why, and releases its slots.
    public void drop(int packet, Verdict verdict) {
        assert verdict.ending() == Verdict.Ending.DROPPED : verdict;
        countsByVerdict[verdict.ordinal()]++;
        if (watch != null) watch.ended(packet, verdict);
        pool.release(packet);
    }

    /// Ends every packet of the burst.
    public void dropAll(Burst burst, Verdict verdict) {
        for (int i = 0; i < burst.count(); i++) {
            drop(burst.packet(i), verdict);
        }
        burst.clear();
    }

    /// Counts drops whose slots someone else has released, such as a port.
    public void droppedElsewhere(long packetCount, Verdict verdict) {
        assert verdict.ending() == Verdict.Ending.DROPPED : verdict;
        countsByVerdict[verdict.ordinal()] += packetCount;
    }

    /// Ends a packet that was for this host.
    public void deliver(int packet, Verdict verdict) {
        assert verdict.ending() == Verdict.Ending.DELIVERED : verdict;
        countsByVerdict[verdict.ordinal()]++;
        if (watch != null) watch.ended(packet, verdict);
        pool.release(packet);
    }

    /// Ends a packet that was for this host and begins another in its slots: an answer in place.
    public void answered(Verdict verdict, Origin origin) {
        assert verdict.ending() == Verdict.Ending.DELIVERED : verdict;
        countsByVerdict[verdict.ordinal()]++;
        created(origin);
    }

    public long received()              { return receivedCount; }
    public long split()                 { return splitCount; }
    public long absorbed()              { return absorbedCount; }
    public long held()                  { return heldCount; }
    public long count(Verdict verdict)  { return countsByVerdict[verdict.ordinal()]; }
    public long createdBy(Origin origin) { return createdByOrigin[origin.ordinal()]; }

    public long created() {
        long sum = 0;
        for (long count : createdByOrigin) sum += count;
        return sum;
    }

    /// Sum over the verdicts of one ending.
    public long count(Verdict.Ending ending) {
        long sum = 0;
        for (int i = 0; i < Verdict.COUNT; i++) {
            if (Verdict.of(i).ending() == ending) sum += countsByVerdict[i];
        }
        return sum;
    }

    /// Left side of the equation minus the right side: 0 unless a packet was lost or made up.
    public long unaccounted() {
        long in = receivedCount + created() + splitCount;
        long out = count(Verdict.Ending.SENT) + count(Verdict.Ending.DELIVERED) + count(Verdict.Ending.DROPPED)
            + absorbedCount + heldCount;
        return in - out;
    }
}
