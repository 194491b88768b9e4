package io.millrace.flow.track;

import io.millrace.flow.track.machine.SctpPacket;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.header.SctpChunkView;
import io.millrace.packet.header.SctpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads the chunks of an SCTP packet. Of a packet that is a chain of slots those of the first slot count.
final class SctpReader {

    private static final int CHUNK_HEADER_BYTES = 4;
    private static final int INITIATE_BYTES = 16;

    private final MemorySegment memory;
    private final SctpView sctp;
    private final SctpPacket packet = new SctpPacket();

    SctpReader(PacketMemory packets) {
        this.memory = packets.segment();
        this.sctp = new SctpView(packets);
    }

    SctpPacket packet() {
        return packet;
    }

    /// False if the header is not all there, a chunk has no length, or chunks are together that must not be.
    boolean read(TupleReader from) {
        if (!from.isPresent(SctpView.HEADER_BYTES)) return false;
        long headerAt = from.l4At();
        packet.begin(sctp.at(headerAt).verificationTag());
        int at = SctpView.HEADER_BYTES;
        while (from.isPresent(at + CHUNK_HEADER_BYTES)) {
            int type = Wire.u8(memory, headerAt + at);
            int chunkBytes = Wire.u16(memory, headerAt + at + 2);
            if (chunkBytes == 0 || !packet.add(type, Wire.u8(memory, headerAt + at + 1))) return false;
            boolean announces = type == SctpChunkView.INIT || type == SctpChunkView.INIT_ACK;
            if (announces && from.isPresent(at + CHUNK_HEADER_BYTES + INITIATE_BYTES)) {
                packet.announce(Wire.i32(memory, headerAt + at + CHUNK_HEADER_BYTES));
            }
            at += chunkBytes + 3 & ~3;
        }
        return packet.isWellBundled();
    }
}
