package io.millrace.dataplane.reassembly;

import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.Arena;

import static io.millrace.packet.memory.PacketMemory.CHUNK_BYTES;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// What both families have in common: fragments that wait, how much memory they use, when they are given up, and how a
/// datagram's packets become one.
///
/// Bounded by `highThreshBytes`, and in any case by half of the packet memory. A queue holds at least one packet, but
/// for the time of one call.
final class WaitingDatagrams {

    /// Bytes behind the IP header that lie in the first slot of a whole packet, if it has so many: the longest TCP
    /// header, or the quote of an ICMP error with its own transport header.
    private static final int HEADER_BYTES_WANTED = 128;

    private final Ledger ledger;
    private final PacketMeta meta;
    private final PacketReader reader;
    private final FragmentQueues queues;
    private final FragmentRuns runs;
    private final SourceCounts sources;
    private final int slotsMax;
    private ReassemblySettings settings;
    private int slotCount;

    WaitingDatagrams(Arena arena, PacketPool pool, Ledger ledger, ReassemblySettings settings, long seed) {
        this.ledger = ledger;
        this.meta = new PacketMeta(pool.packets());
        this.reader = new PacketReader(pool.packets());
        this.slotsMax = Math.max(1, pool.packets().slotCount() / 2);
        this.queues = new FragmentQueues(arena, slotsMax, seed);
        this.runs = new FragmentRuns(arena, queues, slotsMax, seed);
        this.sources = new SourceCounts(arena, slotsMax, seed);
        this.settings = settings;
    }

    FragmentQueues queues()            { return queues; }
    SourceCounts sources()             { return sources; }
    ReassemblySettings settings()      { return settings; }

    void settings(ReassemblySettings changed) {
        settings = changed;
    }

    /// The packet with the lowest offset.
    int firstPacket(int queue) {
        return runs.packet(queues.firstPiece(queue));
    }

    /// Where the payload begins in that packet.
    int firstPayloadAt(int queue) {
        return runs.payloadAt(queues.firstPiece(queue));
    }

    /// The key's queue, made if need be; `NONE` while too much memory is in use.
    int queue(FragmentKey key, long nowNs) {
        if (settings.highThreshBytes() == 0 || slotCount >= slotsMax) return FragmentQueues.NONE;
        if ((long) slotCount * CHUNK_BYTES > settings.highThreshBytes()) return FragmentQueues.NONE;
        int queue = queues.find(key);
        return queue == FragmentQueues.NONE ? queues.create(key, nowNs + settings.timeoutNs()) : queue;
    }

    /// Takes note of where a fragment ends. False if that contradicts what is known of the datagram's length.
    boolean agreesWithEnd(int queue, int end, boolean isLast) {
        int flags = queues.flags(queue);
        boolean isLengthKnown = (flags & FragmentQueues.LAST_IN) != 0;
        int lengthBytes = queues.lengthBytes(queue);
        if (isLast) {
            if (end < lengthBytes || isLengthKnown && end != lengthBytes) return false;
            queues.flags(queue, flags | FragmentQueues.LAST_IN);
            queues.lengthBytes(queue, end);
        } else if (end > lengthBytes) {
            if (isLengthKnown) return false;
            queues.lengthBytes(queue, end);
        }
        return true;
    }

    /// Lets a fragment wait; it is cut to its payload's end.
    FragmentRuns.Place place(int queue, int packet, int payloadAt, int offset, int end) {
        FragmentRuns.Place place = runs.place(queue, packet, payloadAt, offset, end);
        if (place != FragmentRuns.Place.PLACED) return place;
        assert meta.packetBytes(packet) == payloadAt + end - offset;
        int addedSlots = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) addedSlots++;
        slotCount += addedSlots;
        queues.slotCount(queue, queues.slotCount(queue) + addedSlots);
        queues.packetCount(queue, queues.packetCount(queue) + 1);
        queues.presentBytes(queue, queues.presentBytes(queue) + end - offset);
        queues.ingress(queue, meta.ingress(packet));
        if (offset == 0) queues.flags(queue, queues.flags(queue) | FragmentQueues.FIRST_IN);
        ledger.held(1);
        return place;
    }

    boolean isComplete(int queue) {
        return queues.flags(queue) == (FragmentQueues.FIRST_IN | FragmentQueues.LAST_IN)
            && queues.presentBytes(queue) == queues.lengthBytes(queue);
    }

    /// Ends all packets of a datagram, and its queue.
    void drop(int queue, Verdict verdict) {
        dropPackets(queue, verdict);
        remove(queue);
    }

    /// Ends all packets of a datagram, for which the wait begins anew.
    void restart(int queue, Verdict verdict, long nowNs) {
        dropPackets(queue, verdict);
        queues.empty(queue);
        queues.renew(queue, nowNs + settings.timeoutNs());
    }

    private void dropPackets(int queue, Verdict verdict) {
        ledger.held(-queues.packetCount(queue));
        int piece = queues.firstPiece(queue);
        while (piece != FragmentRuns.NONE) {
            ledger.drop(runs.packet(piece), verdict);
            piece = runs.release(piece);
        }
        slotCount -= queues.slotCount(queue);
    }

    private void remove(int queue) {
        if (queues.sourceRecord(queue) != FragmentQueues.NONE) sources.release(queues.sourceRecord(queue));
        queues.remove(queue);
    }

    /// Makes one packet of all, without copying payload; headers as in the first fragment. The queue is gone
    /// afterwards.
    int join(int queue) {
        int whole = firstPacket(queue);
        int last = whole;
        int packetBytes = firstPayloadAt(queue);
        int piece = queues.firstPiece(queue);
        while (piece != FragmentRuns.NONE) {
            int packet = runs.packet(piece);
            int pieceBytes = runs.end(piece) - runs.offset(piece);
            if (packet != whole) {
                cutFront(packet, runs.payloadAt(piece));
                meta.next(last, packet);
            }
            meta.pieceBytes(packet, pieceBytes);
            last = lastSlot(packet);
            packetBytes += pieceBytes;
            piece = runs.release(piece);
        }
        meta.last(whole, last == whole ? NONE : last);
        meta.packetBytes(whole, packetBytes);
        meta.ingress(whole, queues.ingress(queue));
        meta.flags(whole, meta.flags(whole) & ~(ParseFlags.FRAGMENT | ParseFlags.FIRST_FRAGMENT));
        meta.checksumState(whole, ChecksumState.NONE);
        meta.checksumFlags(whole, 0);
        int packetCount = queues.packetCount(queue);
        ledger.held(-packetCount);
        ledger.absorbed(packetCount);
        slotCount -= queues.slotCount(queue);
        remove(queue);
        return whole;
    }

    private void cutFront(int packet, int byteCount) {
        int slotBytes = meta.slotBytes(packet);
        meta.slotBytes(packet, slotBytes - byteCount);
        meta.dataAt(packet, meta.dataAt(packet) + byteCount);
    }

    private int lastSlot(int packet) {
        int slot = packet;
        while (meta.next(slot) != NONE) {
            slot = meta.next(slot);
            meta.pieceBytes(slot, 0);
        }
        return slot;
    }

    /// Moves bytes behind the IP header from later slots to the first, where a short first fragment left a header in
    /// parts. A slot that gave all it had stays in the chain.
    void gatherHeaders(int whole, int l4) {
        int wantedBytes = Math.min(l4 + HEADER_BYTES_WANTED, meta.packetBytes(whole));
        int slotBytes = meta.slotBytes(whole);
        int movedBytes = Math.min(wantedBytes - slotBytes, CHUNK_BYTES - meta.dataAt(whole) - slotBytes);
        if (movedBytes <= 0) return;
        reader.from(whole, slotBytes).copy(meta.frameAt(whole) + slotBytes, movedBytes);
        meta.slotBytes(whole, slotBytes + movedBytes);
        int leftBytes = movedBytes;
        for (int slot = meta.next(whole); leftBytes > 0; slot = meta.next(slot)) {
            int partBytes = Math.min(leftBytes, meta.slotBytes(slot));
            cutFront(slot, partBytes);
            leftBytes -= partBytes;
        }
    }

    /// Gives up datagrams whose time is over, at most `budget`; returns how many.
    int expire(long nowNs, int budget, ExpiredFragment told) {
        int expiredCount = 0;
        while (expiredCount < budget) {
            int queue = queues.soonest();
            if (queue == FragmentQueues.NONE || queues.dueNs(queue) > nowNs) break;
            if ((queues.flags(queue) & FragmentQueues.FIRST_IN) != 0) {
                int first = firstPacket(queue);
                meta.ingress(first, queues.ingress(queue));
                told.expired(first, nowNs);
            }
            drop(queue, Verdict.FRAGMENTS_INCOMPLETE);
            expiredCount++;
        }
        return expiredCount;
    }

    /// Ends everything that waits: the run is over.
    void releaseHeld() {
        while (queues.soonest() != FragmentQueues.NONE) drop(queues.soonest(), Verdict.INPUT_ENDED);
    }

    /// Slots that fragments wait in.
    int slotCount() {
        return slotCount;
    }

    /// Datagrams that wait.
    int count() {
        return queues.count();
    }

    long soonestNs() {
        int queue = queues.soonest();
        return queue == FragmentQueues.NONE ? Long.MAX_VALUE : queues.dueNs(queue);
    }
}
