package io.millrace.checksum;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.MemorySegment;

/// Sums and CRCs over ranges of packets, chains included. Offsets count from the packet's first byte.
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

    /// The CRC32c of `byteCount` bytes from `from` as if the four bytes at `fieldAt` were 0: what an SCTP packet's
    /// header should carry, as a number.
    public int crc32cAround(int packet, int from, int byteCount, int fieldAt) {
        int behindAt = fieldAt + Integer.BYTES;
        int register = crcUpdate(Crc32c.INITIAL, packet, from, fieldAt - from);
        register = Crc32c.updateZeros(register, Integer.BYTES);
        return Crc32c.finish(crcUpdate(register, packet, behindAt, from + byteCount - behindAt));
    }

    private int crcUpdate(int register, int packet, int from, int byteCount) {
        assert byteCount >= 0 : byteCount;
        assert from + byteCount <= meta.packetBytes(packet) : from + byteCount;
        int crc = register;
        int done = 0;
        int slotFrom = 0;
        for (int slot = packet; done < byteCount; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            int skippedBytes = Math.max(0, from - slotFrom);
            int partBytes = Math.min(slotBytes - skippedBytes, byteCount - done);
            if (partBytes > 0) {
                crc = Crc32c.update(crc, memory, meta.frameAt(slot) + skippedBytes, partBytes);
                done += partBytes;
            }
            slotFrom += slotBytes;
        }
        return crc;
    }

    private long chainSum(int packet, int from, int byteCount) {
        long sum = 0;
        int done = 0;
        int slotFrom = 0;
        for (int slot = packet; done < byteCount; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            int skippedBytes = Math.max(0, from - slotFrom);
            int partBytes = Math.min(slotBytes - skippedBytes, byteCount - done);
            if (partBytes > 0) {
                long part = InternetChecksum.sum(memory, meta.frameAt(slot) + skippedBytes, partBytes);
                sum = InternetChecksum.join(sum, done, part);
                done += partBytes;
            }
            slotFrom += slotBytes;
        }
        return sum;
    }
}
