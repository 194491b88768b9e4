package io.millrace.nic.driver.gen.receive;

import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.walk.ChecksumKind;
import io.millrace.checksum.walk.ChecksumSink;
import io.millrace.checksum.walk.ChecksumWalk;
import io.millrace.nic.driver.gen.stream.Stamp;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Looks at every packet that comes back and books it under the stream that its stamp names. The stamp lies at the end
/// of the frame, or, where a minimum length filled it up, at the end of what the IP header counts.
///
/// Belongs to the thread that gives it packets; others may read counts that are a little old. Packets stay the
/// caller's.
public final class Receiver {

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TAGS_MAX = 2;
    private static final int IPV6_BYTES = 40;
    private static final int PADDED_BYTES_MAX = 64;
    private static final int NOWHERE = -1;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final StreamReceipt[] streams;
    private final MemorySegment straddling;
    private final ChecksumWalk walk;
    private final Wrongs wrongs = new Wrongs();
    private final boolean checksChecksums;
    private long unknownCount;
    private long unknownCorruptedCount;

    /// @param streamCount      of the profile
    /// @param checksChecksums  true if every checksum of every packet is verified; false where speed counts more
    public Receiver(Arena arena, PacketMemory packets, int streamCount, boolean checksChecksums) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.straddling = arena.allocate(Stamp.BYTES, Long.BYTES);
        this.walk = new ChecksumWalk(packets);
        this.checksChecksums = checksChecksums;
        this.streams = new StreamReceipt[streamCount];
        for (int i = 0; i < streamCount; i++) streams[i] = new StreamReceipt();
    }

    public StreamReceipt stream(int id)     { return streams[id]; }
    public int streamCount()                { return streams.length; }
    /// Packets without a stamp of this profile.
    public long unknownCount()              { return unknownCount; }
    /// Of these, those with a wrong checksum: damaged in flight, stamp included, unless they were sent so.
    public long unknownCorruptedCount()     { return unknownCorruptedCount; }

    /// True if the packet had a stamp and was booked.
    public boolean receive(int packet, long nowNs) {
        int frameBytes = meta.packetBytes(packet);
        boolean isWrong = checksChecksums && isWrong(packet);
        if (meta.isChain(packet)) return receiveChain(packet, frameBytes, isWrong, nowNs);
        long at = meta.frameAt(packet);
        long stampAt = at + frameBytes - Stamp.BYTES;
        if (frameBytes < Stamp.BYTES || !Stamp.isValid(memory, stampAt)) stampAt = behindPadding(at, frameBytes);
        return book(memory, stampAt, frameBytes, isWrong, nowNs);
    }

    private boolean receiveChain(int packet, int frameBytes, boolean isWrong, long nowNs) {
        int from = frameBytes - Stamp.BYTES;
        int slotFrom = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            for (int i = Math.max(from, slotFrom); i < slotFrom + slotBytes; i++) {
                Wire.u8(straddling, i - from, Wire.u8(memory, meta.frameAt(slot) + i - slotFrom));
            }
            slotFrom += slotBytes;
        }
        return book(straddling, Stamp.isValid(straddling, 0) ? 0 : NOWHERE, frameBytes, isWrong, nowNs);
    }

    private boolean book(MemorySegment stamp, long stampAt, int frameBytes, boolean isWrong, long nowNs) {
        int stream = stampAt == NOWHERE ? streams.length : Stamp.stream(stamp, stampAt);
        if (stream >= streams.length) {
            unknownCount++;
            if (isWrong) unknownCorruptedCount++;
            return false;
        }
        if (isWrong) streams[stream].receiveCorrupted();
        else streams[stream].receive(Stamp.sequence(stamp, stampAt), Stamp.timeNs(stamp, stampAt), nowNs, frameBytes);
        return true;
    }

    /// Where the stamp of a frame that was filled up is, by the length of its IP packet; else nowhere.
    private long behindPadding(long at, int frameBytes) {
        if (frameBytes > PADDED_BYTES_MAX || frameBytes < ETHERNET_BYTES + IPV6_BYTES) return NOWHERE;
        int l3 = ETHERNET_BYTES;
        int type = Wire.u16(memory, at + l3 - 2);
        for (int tag = 0; tag < TAGS_MAX && EtherType.isVlan(type); tag++) {
            l3 += TAG_BYTES;
            type = Wire.u16(memory, at + l3 - 2);
        }
        int end = l3 + switch (type) {
            case EtherType.IPV4 -> Wire.u16(memory, at + l3 + 2);
            case EtherType.IPV6 -> IPV6_BYTES + Wire.u16(memory, at + l3 + 4);
            default -> 0;
        };
        if (end > frameBytes || end < l3 + Stamp.BYTES) return NOWHERE;
        long stampAt = at + end - Stamp.BYTES;
        return Stamp.isValid(memory, stampAt) ? stampAt : NOWHERE;
    }

    private boolean isWrong(int packet) {
        wrongs.count = 0;
        walk.walk(packet, wrongs);
        return wrongs.count > 0;
    }

    /// Forgets what was counted: a measurement begins.
    public void reset() {
        for (StreamReceipt stream : streams) stream.reset();
        unknownCount = 0;
        unknownCorruptedCount = 0;
    }

    private static final class Wrongs implements ChecksumSink {

        private int count;

        @Override
        public void onChecksum(ChecksumKind kind, ChecksumStatus status) {
            if (status == ChecksumStatus.BAD || status == ChecksumStatus.ILLEGAL) count++;
        }
    }
}
