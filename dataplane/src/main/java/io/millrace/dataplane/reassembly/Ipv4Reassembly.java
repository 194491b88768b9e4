package io.millrace.dataplane.reassembly;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.dataplane.account.Ledger;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Puts IPv4 packets together from their fragments (RFC 791 §3.2), by the rules of Linux 6.18's `ip_fragment.c` for
/// connection tracking.
///
/// ```
///  | link | IP header | payload ....... |  offset 0, MF     slot a        whole: | link | IP header | payload ... |
///  | link | IP header | payload ....... |  offset n, MF     slot b   ──▶         .. payload ...... |
///  | link | IP header | payload .. |       offset m          slot c              .. payload .. |
/// ```
///
/// - Fragments belong together by source, target, identification, protocol and the caller's number (the zone).
/// - One that lies within others is a duplicate and ignored; one that overlaps in any other way takes all with it.
/// - The header is the first fragment's; TTL too. DF is set if the largest fragment had it.
/// - ECN: "congestion experienced" on one is so on the whole; "not capable" mixed with any other drops all.
///
/// The whole is one packet, its slots those of the fragments with the headers cut off; nothing is copied but what a
/// header in several fragments needs to lie in the first slot. Its metadata says how it came (`fragmentBytesMax`,
/// `fragmentsHadDf`, `pieceBytes`), for [io.millrace.dataplane.fragment.Ipv4Fragmenter] to cut it the same way when it
/// leaves. Slots may be empty, so it must be cut (which copies) or delivered here. What the parser found is that of
/// the first fragment, `l3`, `l4` and `end` apart: it has to see the packet again.
///
/// Belongs to one worker. Owns the packets that wait.
public final class Ipv4Reassembly {

    private static final int TOTAL_BYTES_MAX = 0xffff;
    private static final int END_MAX = 0xffff;       // what PacketMeta#end can say
    private static final int UNIT_MASK = 7;          // offsets count units of 8 bytes

    private final PacketPool pool;
    private final Ledger ledger;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv4View ip;
    private final WaitingDatagrams waiting;
    private final FragmentQueues queues;
    private final FragmentKey key = new FragmentKey();

    /// @param arena owns the tables: some 200 bytes for each two slots of packet memory, of which pages are taken when
    ///              first needed
    /// @param seed  what senders do not know, so that they cannot make the tables slow
    public Ipv4Reassembly(Arena arena, PacketPool pool, Ledger ledger, ReassemblySettings settings, long seed) {
        this.pool = pool;
        this.ledger = ledger;
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ip = new Ipv4View(pool.packets());
        this.waiting = new WaitingDatagrams(arena, pool, ledger, settings, seed);
        this.queues = waiting.queues();
    }

    /// Takes a fragment: `l3` and `ingress` are set, its header is sound, nothing lies behind its end. Returns the
    /// whole packet if it was the last one missing, else `NONE`: then it waits, or it was dropped.
    ///
    /// @param user keeps apart what must not be mixed, such as zones
    public int add(int packet, int user, long nowNs) {
        int l3 = meta.l3(packet);
        ip.at(meta.frameAt(packet) + l3);
        assert ip.isFragment();
        assert meta.packetBytes(packet) == l3 + ip.totalBytes();
        key.ipv4(ip.source(), ip.target(), ip.identification(), ip.protocol(), user);
        int queue = waiting.queue(key, nowNs);
        if (queue == FragmentQueues.NONE) {
            ledger.drop(packet, Verdict.FRAGMENTS_MAX);
            return NONE;
        }
        if (isTooFar(queue)) waiting.restart(queue, Verdict.FRAGMENTS_TOO_FAR, nowNs);
        boolean isLast = !ip.moreFragments();
        int offset = ip.fragmentOffsetBytes();
        int end = offset + ip.totalBytes() - ip.headerBytes();
        if (!isLast) end &= ~UNIT_MASK;
        if (!waiting.agreesWithEnd(queue, end, isLast) || end == offset) {
            return dropAll(queue, packet, Verdict.FRAGMENT_MALFORMED);
        }
        return place(queue, packet, offset, end);
    }

    /// True if too many fragments of its source's other datagrams have come since the datagram's latest: then their
    /// identifications may have wrapped around.
    private boolean isTooFar(int queue) {
        int distanceMax = waiting.settings().distanceMax();
        if (distanceMax == 0) return false;
        int record = queues.sourceRecord(queue);
        if (record == FragmentQueues.NONE) {
            record = waiting.sources().use(ip.source());
            queues.sourceRecord(queue, record);
        }
        int count = waiting.sources().count(record);
        int distance = count - queues.sourceCount(queue);
        queues.sourceCount(queue, count);
        return queues.firstPiece(queue) != FragmentRuns.NONE && distance > distanceMax;
    }

    private int place(int queue, int packet, int offset, int end) {
        int headerBytes = ip.headerBytes();
        int payloadAt = meta.l3(packet) + headerBytes;
        boolean hasDf = ip.dontFragment();
        int ecn = 1 << (ip.tos() & FragmentEcn.FIELD_MASK);
        if (payloadAt + end - offset < meta.packetBytes(packet)) pool.trim(packet, payloadAt + end - offset);
        switch (waiting.place(queue, packet, payloadAt, offset, end)) {
            case DUPLICATE -> {
                ledger.drop(packet, Verdict.FRAGMENT_DUPLICATE);
                return NONE;
            }
            case OVERLAP -> {
                return dropAll(queue, packet, Verdict.FRAGMENTS_OVERLAP);
            }
            default -> { }
        }
        int fragmentBytes = headerBytes + end - offset;
        queues.ecn(queue, queues.ecn(queue) | ecn);
        queues.fragmentBytesMax(queue, Math.max(queues.fragmentBytesMax(queue), fragmentBytes));
        if (hasDf) queues.dfBytesMax(queue, Math.max(queues.dfBytesMax(queue), fragmentBytes));
        return waiting.isComplete(queue) ? whole(queue, meta.receiveNs(packet)) : NONE;
    }

    private int dropAll(int queue, int packet, Verdict verdict) {
        waiting.drop(queue, verdict);
        ledger.drop(packet, verdict);
        return NONE;
    }

    private int whole(int queue, long receiveNs) {
        int ecn = queues.ecn(queue);
        int totalBytes = waiting.firstPayloadAt(queue) - meta.l3(waiting.firstPacket(queue))
            + queues.lengthBytes(queue);
        if (FragmentEcn.isMixed(ecn)) {
            waiting.drop(queue, Verdict.FRAGMENTS_ECN_MIXED);
            return NONE;
        }
        if (totalBytes > TOTAL_BYTES_MAX) {
            waiting.drop(queue, Verdict.DATAGRAM_TOO_LONG);
            return NONE;
        }
        int bytesMax = queues.fragmentBytesMax(queue);
        boolean hasDf = queues.dfBytesMax(queue) == bytesMax;
        int whole = waiting.join(queue);
        long at = meta.frameAt(whole) + meta.l3(whole);
        ip.at(at);
        ip.totalBytes(totalBytes);
        ip.tos(ip.tos() | FragmentEcn.added(ecn));
        ip.flagsAndOffset(hasDf ? Ipv4View.DONT_FRAGMENT : 0);
        Ipv4Checksum.fill(memory, at);
        int l4 = meta.l3(whole) + ip.headerBytes();
        meta.l4(whole, l4);
        meta.end(whole, Math.min(meta.packetBytes(whole), END_MAX));
        meta.receiveNs(whole, receiveNs);
        meta.fragmentBytesMax(whole, bytesMax);
        meta.fragmentsHadDf(whole, hasDf);
        waiting.gatherHeaders(whole, l4);
        return whole;
    }

    /// Gives up datagrams whose time is over, at most `budget`; returns how many.
    public int expire(long nowNs, int budget, ExpiredFragment told) {
        return waiting.expire(nowNs, budget, told);
    }

    /// Ends all that waits as `INPUT_ENDED`.
    public void releaseHeld() {
        waiting.releaseHeld();
    }

    /// For the worker's thread, between two bursts; holds for what comes from now on.
    public void settings(ReassemblySettings changed) {
        waiting.settings(changed);
    }

    /// When [#expire] next has something to do; `Long.MAX_VALUE` where nothing waits.
    public long dueNs()    { return waiting.soonestNs(); }

    /// Datagrams of which fragments wait, and the slots of packet memory that those use.
    public int count()     { return waiting.count(); }
    public int slotCount() { return waiting.slotCount(); }
}
