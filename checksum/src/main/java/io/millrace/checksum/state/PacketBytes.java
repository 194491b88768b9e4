package io.millrace.checksum.state;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Takes bytes from a packet, adds some and rewrites them, and keeps its checksum state true.
///
/// ```
///         pull ->                       remove at ->
///  | headroom |#######| rest …        | front |####| rest …      the front moves up over what is removed
///         <- push                       <- insert at             the front moves down, zeros lie in the gap
/// ```
///
/// Offsets count from the packet's first byte and lie in its first slot; only [#trim] reaches into a chain. Lengths in
/// the metadata follow; the parser's offsets do not: whoever moves headers parses again. Checksums that lie in the
/// packet are bytes like all others, see [TransportRewrite] for them.
public final class PacketBytes {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;

    public PacketBytes(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    /// Takes the first `byteCount` bytes away. A checksum still to be filled in whose start goes is forgotten.
    public void pull(int packet, int byteCount) {
        remove(packet, 0, byteCount);
    }

    /// Adds `byteCount` bytes in front, which the caller writes; false, and nothing changed, if there is no headroom.
    public boolean push(int packet, int byteCount) {
        if (meta.dataAt(packet) - byteCount < PacketMemory.META_BYTES) return false;
        moveFront(packet, 0, byteCount);
        return true;
    }

    /// Takes `byteCount` bytes out at `at`. A checksum still to be filled in whose start or field goes is forgotten.
    public void remove(int packet, int at, int byteCount) {
        int behindAt = at + byteCount;
        assert behindAt <= meta.slotBytes(packet) : behindAt;
        int start = record.start(packet);
        int state = record.state(packet);
        if (state == ChecksumState.COMPLETE && start < behindAt) {
            removeFromSum(packet, start, at, behindAt);
        } else if (state == ChecksumState.PARTIAL && start < behindAt) {
            removeFromPartial(packet, start, at, behindAt);
        }
        moveFront(packet, at, -byteCount);
    }

    /// Opens a gap of `byteCount` bytes of zero at `at`; false, and nothing changed, if there is no headroom. A
    /// checksum still to be filled in whose field is torn is forgotten.
    public boolean insert(int packet, int at, int byteCount) {
        assert at <= meta.slotBytes(packet) : at;
        if (meta.dataAt(packet) - byteCount < PacketMemory.META_BYTES) return false;
        int start = record.start(packet);
        int state = record.state(packet);
        if (state == ChecksumState.COMPLETE && start < at) {
            long front = sums.sum(packet, start, at - start);
            long rest = InternetChecksum.without(meta.checksumSum(packet), front);
            record.moveComplete(packet, start - byteCount, front + placed(byteCount, rest));
        } else if (state == ChecksumState.PARTIAL && start < at) {
            insertIntoPartial(packet, start, at, byteCount);
        }
        moveFront(packet, at, byteCount);
        long gapAt = meta.frameAt(packet) + at;
        for (int i = 0; i < byteCount; i++) {
            Wire.u8(memory, gapAt + i, 0);
        }
        return true;
    }

    /// Cuts the packet to its first `newBytes`; slots that hold nothing any more go back to the pool. False, and
    /// nothing changed, if a checksum still to be filled in would lose its field.
    public boolean trim(int packet, int newBytes, PacketPool pool) {
        int cutBytes = meta.packetBytes(packet) - newBytes;
        assert cutBytes >= 0 : cutBytes;
        int state = record.state(packet);
        int fieldEnd = record.fieldAt(packet) + record.fieldBytes(packet);
        if (state == ChecksumState.PARTIAL && newBytes < fieldEnd) return false;
        if (state == ChecksumState.COMPLETE) trimSum(packet, newBytes, cutBytes);
        if (cutBytes > 0) cutChain(packet, newBytes, pool);
        return true;
    }

    /// Rewrites the 16 bits at `at`.
    public void u16(int packet, int at, int value) {
        long before = coveredSum(packet, at, Short.BYTES);
        Wire.u16(memory, meta.frameAt(packet) + at, value);
        replaceCovered(packet, before, coveredSum(packet, at, Short.BYTES));
    }

    /// Rewrites `byteCount` bytes at `at` with those at `sourceAt` in another segment.
    public void copy(int packet, int at, MemorySegment source, long sourceAt, int byteCount) {
        assert at + byteCount <= meta.slotBytes(packet) : at + byteCount;
        long before = coveredSum(packet, at, byteCount);
        Wire.copy(source, sourceAt, memory, meta.frameAt(packet) + at, byteCount);
        replaceCovered(packet, before, coveredSum(packet, at, byteCount));
    }

    private void removeFromSum(int packet, int start, int at, int behindAt) {
        int frontBytes = Math.max(0, at - start);
        long front = sums.sum(packet, start, frontBytes);
        long upToRest = sums.sum(packet, start, behindAt - start);
        long rest = placed(behindAt - start, InternetChecksum.without(meta.checksumSum(packet), upToRest));
        record.moveComplete(packet, behindAt - frontBytes, front + placed(frontBytes, rest));
    }

    private void removeFromPartial(int packet, int start, int at, int behindAt) {
        int fieldAt = record.fieldAt(packet);
        boolean isBefore = fieldAt + record.fieldBytes(packet) <= at;
        if (start >= at || !isBefore && fieldAt < behindAt) {
            record.none(packet);
        } else {
            int movedBytes = behindAt - at;
            record.movePartial(packet, start + movedBytes, isBefore ? fieldAt + movedBytes : fieldAt);
        }
    }

    private void insertIntoPartial(int packet, int start, int at, int byteCount) {
        int fieldAt = record.fieldAt(packet);
        boolean isBefore = fieldAt + record.fieldBytes(packet) <= at;
        if (!isBefore && fieldAt < at) {
            record.none(packet);
        } else {
            record.movePartial(packet, start - byteCount, isBefore ? fieldAt - byteCount : fieldAt);
        }
    }

    private void trimSum(int packet, int newBytes, int cutBytes) {
        int keptBytes = newBytes - record.start(packet);
        if (keptBytes < 0) {
            record.none(packet);
            return;
        }
        long cut = placed(keptBytes, sums.sum(packet, newBytes, cutBytes));
        meta.checksumSum(packet, InternetChecksum.fold(InternetChecksum.without(meta.checksumSum(packet), cut)));
    }

    private void cutChain(int packet, int newBytes, PacketPool pool) {
        int slot = packet;
        int leftBytes = newBytes;
        while (leftBytes > meta.slotBytes(slot)) {
            leftBytes -= meta.slotBytes(slot);
            slot = meta.next(slot);
        }
        int behind = meta.next(slot);
        meta.slotBytes(slot, leftBytes);
        meta.packetBytes(packet, newBytes);
        if (behind == NONE) return;
        meta.next(slot, NONE);
        meta.last(packet, slot == packet ? NONE : slot);
        pool.release(behind);
    }

    /// Moves the first `frontBytes` down into the headroom by `byteCount` bytes, or up where that is negative.
    private void moveFront(int packet, int frontBytes, int byteCount) {
        long frameAt = meta.frameAt(packet);
        if (frontBytes > 0) Wire.copy(memory, frameAt, memory, frameAt - byteCount, frontBytes);
        int slotBytes = meta.slotBytes(packet) + byteCount;
        meta.slotBytes(packet, 0);   // so that at no time the slot seems to reach over its end
        meta.dataAt(packet, meta.dataAt(packet) - byteCount);
        meta.slotBytes(packet, slotBytes);
        meta.packetBytes(packet, meta.packetBytes(packet) + byteCount);
    }

    /// What a range adds to the sum of COMPLETE; 0 in any other state.
    private long coveredSum(int packet, int at, int byteCount) {
        if (record.state(packet) != ChecksumState.COMPLETE) return 0;
        int start = record.start(packet);
        int from = Math.max(start, at);
        int coveredBytes = at + byteCount - from;
        return coveredBytes <= 0 ? 0 : placed(from - start, sums.sum(packet, from, coveredBytes));
    }

    private void replaceCovered(int packet, long before, long after) {
        if (record.state(packet) != ChecksumState.COMPLETE) return;
        long sum = InternetChecksum.without(meta.checksumSum(packet), before) + after;
        meta.checksumSum(packet, InternetChecksum.fold(sum));
    }

    /// The sum of a range that begins `offset` bytes into what it is added to.
    private static long placed(int offset, long sum) {
        return InternetChecksum.join(0, offset, sum);
    }
}
