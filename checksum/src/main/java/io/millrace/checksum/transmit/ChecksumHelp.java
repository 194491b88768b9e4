package io.millrace.checksum.transmit;

import io.millrace.checksum.Crc32c;
import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PacketSum;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Completes a PARTIAL checksum in software, exactly as Linux's `skb_checksum_help` does: the sum from the start to the
/// packet's end, with the seed that lies in the field already, goes into the field, and a 0 goes as 0xFFFF whatever the
/// protocol. Padding behind the IP packet must not be there yet, or be zero.
public final class ChecksumHelp {

    /// What help came to. Whatever is not `DONE` left the packet as it was.
    public enum Outcome {
        /// The packet can be sent: nothing remains to be filled in.
        DONE,
        /// A packet of several segments has several checksums: cut it first.
        SEGMENT_FIRST,
        /// Start or field lie outside the packet's first slot.
        FIELD_OUTSIDE
    }

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final ChecksumRecord record;
    private final PacketSum sums;

    public ChecksumHelp(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.record = new ChecksumRecord(packets);
        this.sums = new PacketSum(packets);
    }

    public Outcome checksumHelp(int packet) {
        if (record.state(packet) == ChecksumState.PARTIAL) return complete(packet);
        record.none(packet);
        return Outcome.DONE;
    }

    private Outcome complete(int packet) {
        boolean isCrc32c = record.isCrc32c(packet);
        if (meta.gsoSize(packet) != 0) return Outcome.SEGMENT_FIRST;
        int start = record.start(packet);
        int fieldAt = record.fieldAt(packet);
        int slotBytes = meta.slotBytes(packet);
        if (start < 0 || start >= slotBytes || fieldAt + record.fieldBytes(packet) > slotBytes) {
            return Outcome.FIELD_OUTSIDE;
        }
        int summedBytes = meta.packetBytes(packet) - start;
        long at = meta.frameAt(packet) + fieldAt;
        if (isCrc32c) {
            Wire.i32(memory, at, Crc32c.toWire(sums.crc32cAround(packet, start, summedBytes, fieldAt)));
        } else {
            Wire.u16(memory, at, InternetChecksum.finishNotZero(sums.sum(packet, start, summedBytes)));
        }
        record.none(packet);
        return Outcome.DONE;
    }
}
