package io.millrace.dataplane.reassembly;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.fragment.Ipv6FragmentId;
import io.millrace.dataplane.fragment.OriginalPieces;
import io.millrace.packet.header.Ipv6FragmentView;
import io.millrace.packet.header.Ipv6View;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Puts IPv6 packets together from their fragments (RFC 8200 §4.5), by the rules of Linux 6.18's
/// `nf_conntrack_reasm.c`. The same contract as [Ipv4Reassembly], and:
///
/// - The fragment header is taken out of the whole packet; what lies in front of it is the first fragment's.
/// - Fragments that contradict the datagram's length are dropped alone; only an overlap takes all with it (RFC 5722).
/// - A fragment that is not the last and does not end at a multiple of 8 ends the datagram, and goes on as it is; so
///   does, without harm to others, a first fragment that holds less than its headers.
/// - A fragment header around a whole packet is taken out, whatever else waits under that identification (RFC 6946;
///   Linux lets it disturb the others).
public final class Ipv6Reassembly {

    private static final int PAYLOAD_BYTES_MAX = 0xffff;
    private static final int U16_MAX = 0xffff;
    private static final int UNIT_MASK = 7;

    private final Ledger ledger;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final Ipv6View ip;
    private final FragmentHeaderSearch search;
    private final WaitingDatagrams waiting;
    private final OriginalPieces originals;
    private final FragmentQueues queues;
    private final FragmentKey key = new FragmentKey();

    /// See [Ipv4Reassembly].
    public Ipv6Reassembly(Arena arena, PacketPool pool, Ledger ledger, ReassemblySettings settings, long seed) {
        this.ledger = ledger;
        this.memory = pool.packets().segment();
        this.meta = new PacketMeta(pool.packets());
        this.ip = new Ipv6View(pool.packets());
        this.search = new FragmentHeaderSearch(pool.packets());
        this.waiting = new WaitingDatagrams(arena, pool, ledger, settings, seed);
        this.originals = new OriginalPieces(pool);
        this.queues = waiting.queues();
    }

    /// Takes a packet: `l3` and `ingress` are set, its header is sound, nothing lies behind its end. Returns the whole
    /// packet if it was the last fragment missing, the packet itself if it is no fragment or one that is left as it
    /// is (its parse flags still say so), else `NONE`: then it waits, or it was dropped.
    public int add(int packet, int user, long nowNs) {
        ip.at(meta.frameAt(packet) + meta.l3(packet));
        if (ip.payloadBytes() == 0 || !search.find(packet) || search.isTransportCut()) return packet;
        Ipv6FragmentView fragment = search.fragment();
        int payloadAt = search.fragmentAt() + Ipv6FragmentView.HEADER_BYTES;
        int pieceBytes = meta.l3(packet) + ip.totalBytes() - payloadAt;
        if (fragment.isAtomic()) return unwrapped(packet, pieceBytes);
        setKey(packet, fragment.identification(), user);
        int queue = waiting.queue(key, nowNs);
        if (queue == FragmentQueues.NONE) {
            ledger.drop(packet, Verdict.FRAGMENTS_MAX);
            return NONE;
        }
        int offset = fragment.fragmentOffsetBytes();
        int end = offset + pieceBytes;
        boolean isLast = !fragment.moreFragments();
        if (end > PAYLOAD_BYTES_MAX) return refuse(queue, packet, Verdict.FRAGMENT_MALFORMED);
        if (!isLast && (end & UNIT_MASK) != 0) {
            waiting.drop(queue, Verdict.FRAGMENT_MALFORMED);
            return packet;
        }
        if (!waiting.agreesWithEnd(queue, end, isLast) || end == offset) {
            return refuse(queue, packet, Verdict.FRAGMENT_MALFORMED);
        }
        return place(queue, packet, payloadAt, offset, end);
    }

    private void setKey(int packet, int identification, int user) {
        long targetHigh = ip.targetHigh();
        boolean isOfLink = targetHigh >>> 56 == 0xff || targetHigh >>> 54 == 0xfe80 >>> 6;
        key.ipv6(ip.sourceHigh(), ip.sourceLow(), targetHigh, ip.targetLow(), identification,
            isOfLink ? meta.ingress(packet) : 0, user);
    }

    private int place(int queue, int packet, int payloadAt, int offset, int end) {
        switch (waiting.place(queue, packet, payloadAt, offset, end)) {
            case DUPLICATE -> {
                ledger.drop(packet, Verdict.FRAGMENT_DUPLICATE);
                return NONE;
            }
            case OVERLAP -> {
                waiting.drop(queue, Verdict.FRAGMENTS_OVERLAP);
                ledger.drop(packet, Verdict.FRAGMENTS_OVERLAP);
                return NONE;
            }
            default -> { }
        }
        int ecn = 1 << (ip.trafficClass() & FragmentEcn.FIELD_MASK);
        queues.ecn(queue, queues.ecn(queue) | ecn);
        queues.fragmentBytesMax(queue, Math.max(queues.fragmentBytesMax(queue), ip.totalBytes()));
        return waiting.isComplete(queue) ? whole(queue, meta.receiveNs(packet)) : NONE;
    }

    /// Drops one fragment; a queue that it was the first of goes with it.
    private int refuse(int queue, int packet, Verdict verdict) {
        if (queues.packetCount(queue) == 0) waiting.drop(queue, verdict);
        ledger.drop(packet, verdict);
        return NONE;
    }

    private int whole(int queue, long receiveNs) {
        int ecn = queues.ecn(queue);
        int first = waiting.firstPacket(queue);
        int headerBytes = waiting.firstPayloadAt(queue) - meta.l3(first) - Ipv6FragmentView.HEADER_BYTES;
        int payloadBytes = headerBytes - Ipv6View.HEADER_BYTES + queues.lengthBytes(queue);
        if (FragmentEcn.isMixed(ecn)) {
            waiting.drop(queue, Verdict.FRAGMENTS_ECN_MIXED);
            return NONE;
        }
        if (payloadBytes > PAYLOAD_BYTES_MAX) {
            waiting.drop(queue, Verdict.DATAGRAM_TOO_LONG);
            return NONE;
        }
        int bytesMax = queues.fragmentBytesMax(queue);
        int whole = waiting.join(queue);
        search.find(whole);
        int identification = search.fragment().identification();
        removeFragmentHeader(whole, payloadBytes);
        ip.trafficClass(ip.trafficClass() | FragmentEcn.added(ecn));
        meta.receiveNs(whole, receiveNs);
        waiting.gatherHeaders(whole, meta.l4(whole));
        if (ip.totalBytes() <= bytesMax) {
            originals.forget(whole);   // fits into the largest fragment: Linux sends it whole
        } else {
            meta.fragmentBytesMax(whole, Math.min(bytesMax, U16_MAX));
            meta.fragmentId(whole, Ipv6FragmentId.bound(ip, identification));
        }
        return whole;
    }

    private int unwrapped(int packet, int pieceBytes) {
        if (pieceBytes == 0) {
            ledger.drop(packet, Verdict.FRAGMENT_MALFORMED);
            return NONE;
        }
        removeFragmentHeader(packet, ip.payloadBytes() - Ipv6FragmentView.HEADER_BYTES);
        meta.flags(packet, meta.flags(packet) & ~(ParseFlags.FRAGMENT | ParseFlags.FIRST_FRAGMENT));
        return packet;
    }

    /// Moves what lies in front of the fragment header, which the search has found, over it. `ip` is the moved header.
    private void removeFragmentHeader(int packet, int payloadBytes) {
        int fragmentAt = search.fragmentAt();
        long frameAt = meta.frameAt(packet);
        Wire.u8(memory, frameAt + search.announcedAt(), search.fragment().nextHeader());
        Wire.copy(memory, frameAt, memory, frameAt + Ipv6FragmentView.HEADER_BYTES, fragmentAt);
        int l3 = meta.l3(packet);
        int packetBytes = meta.packetBytes(packet) - Ipv6FragmentView.HEADER_BYTES;
        meta.slotBytes(packet, meta.slotBytes(packet) - Ipv6FragmentView.HEADER_BYTES);
        meta.dataAt(packet, meta.dataAt(packet) + Ipv6FragmentView.HEADER_BYTES);
        meta.packetBytes(packet, packetBytes);
        meta.l4(packet, fragmentAt);
        meta.end(packet, Math.min(packetBytes, U16_MAX));
        ip.at(meta.frameAt(packet) + l3);
        ip.payloadBytes(payloadBytes);
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
