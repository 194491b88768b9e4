package io.millrace.checksum;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.MemorySegment;

/// Sums over ranges of packets, chains included. Offsets count from the packet's first byte.
///
/// Holds no state: a tool for one thread, or for many.
public final class PacketSum {

    private final MemorySegment memory;
    private final PacketMeta meta;

    public PacketSum(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
    }

    /// The sum of `byteCount` bytes from `from`, as [InternetChecksum] means it: the first byte is the high byte of a
    /// word, wherever slots begin. The range must lie within the packet.
    public long sum(int packet, int from, int byteCount) {
        assert from >= 0 : from;
        assert byteCount >= 0 : byteCount;
        assert from + byteCount <= meta.packetBytes(packet) : from + byteCount;
        if (from + byteCount <= meta.slotBytes(packet)) {
            return InternetChecksum.sum(memory, meta.frameAt(packet) + from, byteCount);
        }
        return chainSum(packet, from, byteCount);
    }

    /// The same without the two bytes at `fieldAt`, which lies an even number of bytes behind `from`.
    public long sumAround(int packet, int from, int byteCount, int fieldAt) {
        assert (fieldAt - from & 1) == 0 : fieldAt - from;
        int behindAt = fieldAt + 2;
        return sum(packet, from, fieldAt - from) + sum(packet, behindAt, from + byteCount - behindAt);
    }

    private long chainSum(int packet, int from, int byteCount) {
        int slot = packet;
        int skipped = from;
        while (skipped >= meta.slotBytes(slot)) {
            skipped -= meta.slotBytes(slot);
            slot = meta.next(slot);
        }
        long sum = 0;
        int done = 0;
        while (done < byteCount) {
            int partBytes = Math.min(meta.slotBytes(slot) - skipped, byteCount - done);
            long part = InternetChecksum.sum(memory, meta.frameAt(slot) + skipped, partBytes);
            sum = InternetChecksum.join(sum, done, part);
            done += partBytes;
            skipped = 0;
            slot = meta.next(slot);
        }
        return InternetChecksum.fold(sum);
    }
}
