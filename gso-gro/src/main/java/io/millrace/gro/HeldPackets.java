package io.millrace.gro;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The packets that wait for the next segment of their flow: 8 buckets of 8, as Linux has them, with all that a segment
/// is compared with, so that no header of a held packet is read again.
///
/// A *place* is the index of a held packet: `bucket × 8 + 0…7`. Places of a bucket are listed by age beside it.
final class HeldPackets {

    static final int BUCKETS = 8;
    static final int PACKETS_PER_BUCKET = 8;
    static final int NOWHERE = -1;

    private static final int PLACES = BUCKETS * PACKETS_PER_BUCKET;
    private static final int OUTER_ID_FIXED = 1;
    private static final int INNER_ID_FIXED = 2;

    private final MemorySegment memory;
    private final PacketMeta meta;

    /// Of a place: the key's signature and the key, the strict words, and the rest field by field.
    private final long[] signatures = new long[PLACES];
    private final long[] keys = new long[PLACES * Candidate.KEY_WORDS_MAX];
    private final long[] stricts = new long[PLACES * Candidate.STRICT_WORDS_MAX];
    private final int[] keyCounts = new int[PLACES];
    private final int[] strictCounts = new int[PLACES];
    private final int[] packets = new int[PLACES];
    private final int[] lastSlots = new int[PLACES];
    private final int[] packetBytes = new int[PLACES];
    private final int[] segmentBytes = new int[PLACES];
    private final int[] segmentCounts = new int[PLACES];
    private final int[] nextSequences = new int[PLACES];
    private final int[] outerIds = new int[PLACES];
    private final int[] innerIds = new int[PLACES];
    private final int[] fixedIds = new int[PLACES];
    private final int[] tcpFlags = new int[PLACES];
    private final long[] ticks = new long[PLACES];
    /// Where the headers lie: outer L3, tunnel, inner L3, L4, each 16 bits.
    private final long[] headers = new long[PLACES];
    private final int[] kinds = new int[PLACES];

    /// Of a bucket: its places, oldest first, and how many they are; and the place that was found last.
    private final int[] byAge = new int[PLACES];
    private final int[] counts = new int[BUCKETS];
    private final int[] foundLast = new int[BUCKETS];
    private int count;

    HeldPackets(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        Arrays.fill(this.packets, NONE);
        for (int bucket = 0; bucket < BUCKETS; bucket++) foundLast[bucket] = bucket * PACKETS_PER_BUCKET;
    }

    int count()            { return count; }
    int count(int bucket)  { return counts[bucket]; }
    int oldest(int bucket) { return byAge[bucket * PACKETS_PER_BUCKET]; }

    int packet(int place)       { return packets[place]; }
    int lastSlot(int place)     { return lastSlots[place]; }
    int packetBytes(int place)  { return packetBytes[place]; }
    /// Payload bytes of each segment; of the first, which sets the measure.
    int segmentBytes(int place) { return segmentBytes[place]; }
    int segmentCount(int place) { return segmentCounts[place]; }
    /// The sequence number of the byte behind what is held.
    int nextSequence(int place) { return nextSequences[place]; }
    /// Flags of all segments, ORed.
    int tcpFlags(int place)     { return tcpFlags[place]; }
    /// When it came, in [Merging#TICK_NS].
    long tick(int place)        { return ticks[place]; }
    int outerL3(int place)      { return (int) headers[place] & 0xffff; }
    int tunnelAt(int place)     { return (int) headers[place] >>> 16; }
    int innerL3(int place)      { return (int) (headers[place] >>> 32) & 0xffff; }
    int l4(int place)           { return (int) (headers[place] >>> 48); }
    /// A [Tunnel].
    int tunnel(int place)       { return kinds[place] >>> 8; }
    int protocol(int place)     { return kinds[place] & 0xff; }

    boolean isOuterIdFixed(int place) { return (fixedIds[place] & OUTER_ID_FIXED) != 0; }
    boolean isInnerIdFixed(int place) { return (fixedIds[place] & INNER_ID_FIXED) != 0; }

    /// The place of the packet that is of the candidate's flow, or `NOWHERE`. There is never more than one.
    int find(int bucket, Candidate candidate) {
        int likely = foundLast[bucket];
        if (isOfFlow(likely, candidate)) return likely;
        int first = bucket * PACKETS_PER_BUCKET;
        for (int place = first; place < first + PACKETS_PER_BUCKET; place++) {
            if (isOfFlow(place, candidate)) {
                foundLast[bucket] = place;
                return place;
            }
        }
        return NOWHERE;
    }

    private boolean isOfFlow(int place, Candidate candidate) {
        if (signatures[place] != candidate.signature || packets[place] == NONE) return false;
        return keyCounts[place] == candidate.keyCount
            && areEqual(keys, place * Candidate.KEY_WORDS_MAX, candidate.key, candidate.keyCount);
    }

    /// Whether the candidate's other header fields are as they must be to be merged with the packet of its flow. Ids
    /// either count up with the segments or stay: the second segment decides, for each IPv4 header.
    boolean isContinuedBy(int place, Candidate candidate) {
        return strictCounts[place] == candidate.strictCount
            && areEqual(stricts, place * Candidate.STRICT_WORDS_MAX, candidate.strict, candidate.strictCount)
            && isIdNext(place, outerIds[place], candidate.outerId, OUTER_ID_FIXED)
            && isIdNext(place, innerIds[place], candidate.innerId, INNER_ID_FIXED);
    }

    private boolean isIdNext(int place, int firstId, int id, int fixedFlag) {
        if (firstId == Candidate.NO_ID) return true;
        int offset = id - firstId & 0xffff;
        int segmentCount = segmentCounts[place];
        if (offset == 0 && segmentCount == 1) fixedIds[place] |= fixedFlag;
        int wanted = (fixedIds[place] & fixedFlag) != 0 ? 0 : segmentCount & 0xffff;
        return offset == wanted;
    }

    private static boolean areEqual(long[] held, int from, long[] words, int wordCount) {
        for (int i = 0; i < wordCount; i++) {
            if (held[from + i] != words[i]) return false;
        }
        return true;
    }

    /// Links the candidate's slots behind those of the held packet. Its headers are cut off by moving where its data
    /// begins; their bytes stay, and room for headers with them.
    void join(int place, Candidate candidate) {
        int slot = candidate.packet;
        long slotAt = PacketMemory.at(slot);
        int dataAt = PacketMeta.dataAt(PacketMeta.extent(memory, slotAt));
        int headerBytes = candidate.payloadAt;
        PacketMeta.extent(memory, slotAt, dataAt + headerBytes, candidate.slotBytes - headerBytes);
        meta.next(lastSlots[place], slot);
        lastSlots[place] = lastSlotOf(slot);
        packetBytes[place] += candidate.payloadBytes;
        segmentCounts[place] += candidate.segmentCount;
        nextSequences[place] += candidate.payloadBytes;
        tcpFlags[place] |= candidate.tcpFlags;
    }

    private int lastSlotOf(int packet) {
        return meta.next(packet) == NONE ? packet : meta.last(packet);
    }

    /// Holds the candidate; its bucket has room.
    void hold(int bucket, Candidate candidate, long tick) {
        int place = bucket * PACKETS_PER_BUCKET;
        while (packets[place] != NONE) place++;
        byAge[bucket * PACKETS_PER_BUCKET + counts[bucket]++] = place;
        count++;
        foundLast[bucket] = place;
        signatures[place] = candidate.signature;
        keyCounts[place] = candidate.keyCount;
        strictCounts[place] = candidate.strictCount;
        copy(candidate.key, keys, place * Candidate.KEY_WORDS_MAX, candidate.keyCount);
        copy(candidate.strict, stricts, place * Candidate.STRICT_WORDS_MAX, candidate.strictCount);
        packets[place] = candidate.packet;
        lastSlots[place] = lastSlotOf(candidate.packet);
        packetBytes[place] = candidate.packetBytes;
        segmentBytes[place] = candidate.gsoSize == 0 ? candidate.payloadBytes : candidate.gsoSize;
        segmentCounts[place] = candidate.segmentCount;
        nextSequences[place] = candidate.sequence + candidate.payloadBytes;
        outerIds[place] = candidate.outerId;
        innerIds[place] = candidate.innerId;
        fixedIds[place] = 0;
        tcpFlags[place] = candidate.tcpFlags;
        ticks[place] = tick;
        headers[place] = candidate.outerL3 | (long) candidate.tunnelAt << 16 | (long) candidate.innerL3 << 32
            | (long) candidate.l4 << 48;
        kinds[place] = candidate.tunnel << 8 | candidate.protocol;
    }

    private static void copy(long[] words, long[] target, int targetAt, int wordCount) {
        for (int i = 0; i < wordCount; i++) target[targetAt + i] = words[i];
    }

    /// Forgets the packet at the place; it is the caller's.
    void release(int place) {
        int bucket = place / PACKETS_PER_BUCKET;
        int first = bucket * PACKETS_PER_BUCKET;
        int heldCount = --counts[bucket];
        count--;
        int from = first;
        while (byAge[from] != place) from++;
        for (int i = from; i < first + heldCount; i++) byAge[i] = byAge[i + 1];
        packets[place] = NONE;
    }
}
