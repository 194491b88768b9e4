package io.millrace.gro;

import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import static io.millrace.gro.HeldPackets.NOWHERE;

/// Merges the packets of one receive queue: segments of a TCP connection, and datagrams of a UDP flow, that follow each
/// other become one super-packet, a chain of the slots they came in. What Linux 6.18 merges is merged here, in the same
/// order and with the same headers; `docs/gro.md` has the rules and the few departures.
///
/// ```
///  packets of a poll ──receive──▶ 8 buckets (hash & 7) of 8 held packets ──┬─ done, or another flow needs the room
///                        │                                                 ├─ endPoll: the poll is over
///                        └─ can not be merged: at once                     └─ flush: all of them
///                        ▼                                                 ▼
///                      output, in the order in which Linux hands packets up
/// ```
///
/// A packet must have its metadata begun by its driver; the parser need not have seen it. One that comes out merged
/// has GSO type, size and segments, its checksum is PARTIAL, its headers lie in its first slot, and its end and flags
/// in the metadata are those of the whole; the parser's side table knows nothing of it. Every other packet comes out
/// as it went in, but for its checksum state: what had to be summed is noted.
///
/// Belongs to one worker. Owns the packets that it holds, until they come out; frees none.
///
/// ```java
/// for (int from = 0; from < input.count(); ) {
///     from = merging.receive(input, from, output, nowNs);
///     handOn(output);     // and clear it
/// }
/// do { isOver = merging.endPoll(output, nowNs); handOn(output); } while (!isOver);
/// ```
public final class Merging {

    /// Held packets are as old as the ticks that began since they came: the jiffy of a kernel with `HZ` = 250.
    public static final long TICK_NS = 4_000_000;

    /// What one packet can put out: what its bucket holds, and itself.
    private static final int OUTPUT_PER_PACKET_MAX = HeldPackets.PACKETS_PER_BUCKET + 1;
    /// A packet of this length, counted from behind the Ethernet header, is never made (`gro_max_size`).
    private static final int NETWORK_BYTES_LIMIT = 65_536;
    private static final int ETHERNET_BYTES = 14;
    /// Datagrams in a super-packet (`UDP_GRO_CNT_MAX`).
    private static final int DATAGRAMS_MAX = 64;
    private static final int ENDING_FLAGS =
        TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST | TcpFlags.PSH | TcpFlags.URG;

    private final PacketMeta meta;
    private final MergeSettings settings;
    private final Candidate candidate = new Candidate();
    private final PlainTcp plain;
    private final HeaderWalk walk;
    private final HeldPackets held;
    private final Completion completion;

    private long absorbedCount;
    private long mergedCount;
    private boolean hasReceived;
    private long dueNs;

    public Merging(PacketMemory packets, MergeSettings settings) {
        this.meta = new PacketMeta(packets);
        this.settings = settings;
        this.plain = new PlainTcp(packets, candidate);
        this.walk = new HeaderWalk(packets, candidate, settings.forwardUdp());
        this.held = new HeldPackets(packets);
        this.completion = new Completion(packets, held);
    }

    /// Takes packets from `from` on, in order, while the output has room for what they may put out. Returns the index
    /// of the first packet not taken: `input.count()` if all were. The input keeps its numbers; they are no longer the
    /// caller's.
    public int receive(Burst input, int from, Burst output, long nowNs) {
        return receive(input, from, input.count(), output, nowNs);
    }

    /// As above, of a burst in which the packets from `until` on are none of this queue.
    public int receive(Burst input, int from, int until, Burst output, long nowNs) {
        hasReceived = true;
        long tick = nowNs / TICK_NS;
        int index = from;
        while (index < until && output.room() >= OUTPUT_PER_PACKET_MAX) {
            receiveOne(input.packet(index++), output, tick);
        }
        return index;
    }

    private void receiveOne(int packet, Burst output, long tick) {
        int bucket = meta.hash(packet) & HeldPackets.BUCKETS - 1;
        if (!plain.read(packet) && !walk.read(packet)) {
            if (candidate.isFragment) putOutBetweenItsAddresses(bucket, output);
            output.add(packet);
            return;
        }
        int place = held.find(bucket, candidate);
        if (candidate.protocol == IpProtocol.TCP) {
            receiveTcp(bucket, place, output, tick);
        } else {
            receiveUdp(bucket, place, output, tick);
        }
    }

    private void putOutBetweenItsAddresses(int bucket, Burst output) {
        int place = held.findBeginning(bucket, candidate);
        while (place != NOWHERE) {
            putOut(place, output);
            place = held.findBeginning(bucket, candidate);
        }
    }

    private void receiveTcp(int bucket, int place, Burst output, long tick) {
        boolean isMerged = place != NOWHERE && isNextSegment(place);
        // Linux: alone, a segment is short of its measure only if it is empty.
        int segmentBytes = isMerged ? held.segmentBytes(place) : 1;
        if (isMerged) join(place);
        boolean isLast = candidate.gsoSize == 0
            ? candidate.payloadBytes < segmentBytes
            : candidate.payloadBytes != candidate.segmentCount * candidate.gsoSize;
        isLast |= (candidate.tcpFlags & ENDING_FLAGS) != 0;
        if (place != NOWHERE && (!isMerged || isLast)) putOut(place, output);
        if (isMerged) return;
        keep(bucket, isLast, output, tick);
    }

    private boolean isNextSegment(int place) {
        int payloadBytes = candidate.payloadBytes;
        int segmentBytes = held.segmentBytes(place);
        boolean hasRightSize = candidate.gsoSize == 0
            ? payloadBytes > 0 && payloadBytes <= segmentBytes
            : candidate.gsoSize == segmentBytes;
        return held.isContinuedBy(place, candidate)
            && hasRightSize
            && (candidate.tcpFlags & TcpFlags.CWR) == 0
            && candidate.sequence == held.nextSequence(place)
            && fits(place);
    }

    private void receiveUdp(int bucket, int place, Burst output, long tick) {
        if (place == NOWHERE) {
            keep(bucket, false, output, tick);
            return;
        }
        boolean isMerged = held.isContinuedBy(place, candidate)
            && candidate.payloadBytes <= held.segmentBytes(place)
            && fits(place);
        if (isMerged) join(place);
        boolean isLast = candidate.payloadBytes != held.segmentBytes(place)
            || held.segmentCount(place) >= DATAGRAMS_MAX;
        if (!isMerged || isLast) putOut(place, output);
        if (!isMerged) keep(bucket, false, output, tick);
    }

    private boolean fits(int place) {
        return !candidate.endsFlow
            && held.packetBytes(place) - ETHERNET_BYTES + candidate.payloadBytes < NETWORK_BYTES_LIMIT;
    }

    private void join(int place) {
        held.join(place, candidate);
        absorbedCount++;
    }

    /// Holds the candidate, or lets it go on if nothing could follow it.
    private void keep(int bucket, boolean isLast, Burst output, long tick) {
        if (isLast || candidate.endsFlow) {
            output.add(candidate.packet);
            return;
        }
        if (held.count(bucket) == HeldPackets.PACKETS_PER_BUCKET) putOut(held.oldest(bucket), output);
        held.hold(bucket, candidate, tick);
    }

    private void putOut(int place, Burst output) {
        if (held.segmentCount(place) > 1) {
            completion.complete(place);
            mergedCount++;
        }
        output.add(held.packet(place));
        held.release(place);
    }

    /// Ends a poll, whether it brought packets or not: puts out what is due, the oldest of each bucket first.
    ///
    /// - without a timeout: all
    /// - with one, and packets came: those of an earlier tick, and the timeout begins anew
    /// - with one, and none came: all, once [#dueNs] is reached
    ///
    /// False if the output had no room for all of it: hand on what it holds, and call again.
    public boolean endPoll(Burst output, long nowNs) {
        boolean hasTimeout = settings.flushTimeoutNs() > 0;
        boolean isOver;
        if (hasTimeout && hasReceived) {
            isOver = putOutBefore(nowNs / TICK_NS, output);
            dueNs = nowNs + settings.flushTimeoutNs();
        } else {
            isOver = hasTimeout && nowNs < dueNs || flush(output);
        }
        if (!isOver) return false;
        hasReceived = false;
        return true;
    }

    /// Puts out all that is held. False if the output had no room for it: hand on what it holds, and call again.
    public boolean flush(Burst output) {
        return putOutBefore(Long.MAX_VALUE, output);
    }

    /// When a poll that brings nothing puts out what is held; `Long.MAX_VALUE` where nothing is. Known once the poll
    /// that brought it has ended.
    public long dueNs() {
        return held.count() == 0 ? Long.MAX_VALUE : dueNs;
    }

    /// Packets held now; one that is made of several counts once.
    public int heldCount() {
        return held.count();
    }

    /// Packets that became part of another, ever.
    public long absorbedCount() {
        return absorbedCount;
    }

    /// Super-packets put out, ever; those too that came as such and did not grow.
    public long mergedCount() {
        return mergedCount;
    }

    private boolean putOutBefore(long tick, Burst output) {
        for (int bucket = 0; bucket < HeldPackets.BUCKETS; bucket++) {
            while (held.count(bucket) > 0) {
                int place = held.oldest(bucket);
                if (held.tick(place) >= tick) break;
                if (output.room() == 0) return false;
                putOut(place, output);
            }
        }
        return true;
    }
}
