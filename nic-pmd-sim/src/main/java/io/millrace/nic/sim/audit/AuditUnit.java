package io.millrace.nic.sim.audit;

import io.millrace.flow.flower.engine.BucketTape;
import io.millrace.flow.flower.engine.FlowerVerdict;
import io.millrace.nic.sim.filter.DeviceFilters;
import io.millrace.nic.sim.filter.FilterStep;
import io.millrace.nic.sim.flow.FlowEntry;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.rss.HashConfig;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One piece of work: what the device was given, what it went by, and what it made of it. The device fills it in
/// between [AuditRing#next] and [AuditRing#put]; then it is software's until [AuditRing#take].
public final class AuditUnit {

    static final int RECORDS_MAX = 8;

    final PacketTape given;
    final PacketTape made;
    final long[] words = new long[ParseRecords.USED_WORDS * RECORDS_MAX];
    private final PacketMeta meta;
    private final MemorySegment memory;
    AuditWork work = AuditWork.NONE;
    boolean isReady;
    int port;
    long timeNs;

    /// What the parser went by, and how many records it made.
    ParseImage image;
    int recordCount;
    /// How it was hashed, or null if it was not.
    HashConfig hashing;
    int hash;
    /// What the device said about checksums: one of [ChecksumState], and of COMPLETE from where and what.
    int checksumState;
    int sumFrom;
    int sum;

    /// The entries of the flow table that the packet's connection has, its own first.
    FlowEntry entry;
    FlowEntry answer;

    /// The filters as they were, what their token buckets held, and what they said.
    FilterStep filters;
    final BucketTape buckets = new BucketTape();
    FlowerVerdict said;
    int filtered;
    boolean isRuled;
    int target;

    /// What cutting goes by beside the packet, and what came of it.
    long fragmentIds;
    Verdict verdict;

    AuditUnit(Arena arena, PacketMemory packets) {
        this.given = new PacketTape(arena);
        this.made = new PacketTape(arena);
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
    }

    private void begin(AuditWork next, int atPort, long nowNs) {
        work = next;
        port = atPort;
        timeNs = nowNs;
        given.clear();
        made.clear();
        hashing = null;
        checksumState = ChecksumState.NONE;
        verdict = Verdict.FORWARD;
    }

    /// Device. Copies a packet that has just been parsed. Null, or why it cannot be audited.
    ///
    /// @param parsedBy what the device's parser ran
    /// @param records  what it found, at `index`
    public AuditSkip received(int packet, int atPort, ParseImage parsedBy, ParseRecords records, int index,
                              long nowNs) {
        begin(AuditWork.RECEIVED, atPort, nowNs);
        recordCount = ParseOutcome.recordCount(records.outcome(index));
        if (recordCount > RECORDS_MAX) return AuditSkip.TOO_MANY_RECORDS;
        if (!given.add(packet, meta, memory)) return AuditSkip.TOO_LONG;
        for (int record = 0; record < recordCount; record++) {
            System.arraycopy(records.words(), ParseRecords.recordAt(index, record), words,
                record * ParseRecords.USED_WORDS, ParseRecords.USED_WORDS);
        }
        image = parsedBy;
        return null;
    }

    /// Device. It has found out about the checksums of the packet.
    public void summed(int packet) {
        checksumState = meta.checksumState(packet);
        sumFrom = meta.checksumStart(packet) - meta.dataAt(packet);
        sum = meta.checksumSum(packet);
    }

    public void hashed(HashConfig by, int found) {
        hashing = by;
        hash = found;
    }

    /// Device. The flow table rewrote the packet by this entry. Null, or why that cannot be audited.
    public AuditSkip forwarded(int packet, FlowEntry by, FlowEntry back) {
        work = AuditWork.FORWARDED;
        entry = by;
        answer = back;
        return made(packet);
    }

    /// Device. Copies a packet that it is about to hold against the filters of a port.
    ///
    /// @param as what the filters are
    public AuditSkip toFilter(int packet, int atPort, FilterStep as, long nowNs) {
        begin(AuditWork.FILTERED, atPort, nowNs);
        filters = as;
        buckets.record();
        return given.add(packet, meta, memory) ? null : AuditSkip.TOO_LONG;
    }

    /// Device. Where the buckets of policers are noted meanwhile.
    public BucketTape buckets() {
        return buckets;
    }

    /// Device. What the filters said; their copies are still there. Null, or why that cannot be audited.
    public AuditSkip filtered(int packet, FlowerVerdict verdict, DeviceFilters by) {
        said = verdict;
        filtered = by.filtered();
        isRuled = by.isRuled();
        target = by.target();
        if (by.copies().isShort()) return AuditSkip.NO_COPY;
        if (!buckets.isWhole()) return AuditSkip.TOO_MANY_BUCKETS;
        AuditSkip skip = FilterOutcome.isOver(verdict) ? null : made(packet);
        for (int i = 0; i < by.copies().count() && skip == null; i++) skip = made(by.copies().copy(i));
        return skip;
    }

    /// Device. Copies a packet whose checksum it is about to fill in.
    public AuditSkip toFillIn(int packet, int atPort, long nowNs) {
        begin(AuditWork.FILLED_IN, atPort, nowNs);
        return given.add(packet, meta, memory) ? null : AuditSkip.TOO_LONG;
    }

    /// Device. Copies a super-packet that it is about to cut.
    ///
    /// @param ids what identifications of fragments are drawn from next
    public AuditSkip toCut(int packet, long ids, int atPort, long nowNs) {
        begin(AuditWork.CUT, atPort, nowNs);
        fragmentIds = ids;
        return given.add(packet, meta, memory) ? null : AuditSkip.TOO_LONG;
    }

    /// Device. What came of it: `FORWARD` or why it could not be done.
    public void concluded(Verdict why) {
        verdict = why;
    }

    /// Device. Copies all packets of a poll of a queue which it is about to merge.
    public AuditSkip toMerge(Burst burst, int atPort, long nowNs) {
        begin(AuditWork.MERGED, atPort, nowNs);
        for (int i = 0; i < burst.count(); i++) {
            if (!given.add(burst.packet(i), meta, memory)) return AuditSkip.TOO_LONG;
        }
        return null;
    }

    /// Device. Another packet that it made.
    public AuditSkip made(int packet) {
        return made.add(packet, meta, memory) ? null : AuditSkip.TOO_LONG;
    }
}
