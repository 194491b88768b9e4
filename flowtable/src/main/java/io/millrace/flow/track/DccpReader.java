package io.millrace.flow.track;

import io.millrace.flow.track.machine.DccpKind;
import io.millrace.flow.tuple.TupleReader;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads of a DCCP header (RFC 4340 §5.1) what its connection needs to know.
final class DccpReader {

    private static final int HEADER_BYTES_MIN = 12;
    private static final int LONG_HEADER_BYTES = 16;
    private static final int ACKNOWLEDGEMENT_BYTES = 8;
    private static final int DATA_OFFSET = 4;
    private static final int COVERAGE = 5;
    private static final int KIND = 8;
    private static final int SEQUENCE = 8;

    private final MemorySegment memory;
    private int kind;
    private long sequence;
    private long acknowledgement;

    DccpReader(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// A [DccpKind].
    int kind()             { return kind; }
    /// 48 bits, or 24 in a short header.
    long sequence()        { return sequence; }
    /// Likewise; 0 where there is none.
    long acknowledgement() { return acknowledgement; }

    /// False if the header is not all there, contradicts itself, or is of a reserved type.
    boolean read(TupleReader packet) {
        if (!packet.isPresent(HEADER_BYTES_MIN)) return false;
        long at = packet.l4At();
        int headerBytes = Wire.u8(memory, at + DATA_OFFSET) * 4;
        if (headerBytes < HEADER_BYTES_MIN || !packet.isPresent(headerBytes)) return false;
        int coverage = Wire.u8(memory, at + COVERAGE) & 0x0f;
        if (coverage != 0 && (coverage - 1) * 4 > packet.l4Bytes()) return false;
        kind = Wire.u8(memory, at + KIND) >>> 1 & 0x0f;
        if (kind >= DccpKind.COUNT) return false;
        boolean isLong = (Wire.u8(memory, at + KIND) & 1) != 0;
        int fixedBytes = isLong ? LONG_HEADER_BYTES : HEADER_BYTES_MIN;
        if (!packet.isPresent(fixedBytes)) return false;
        sequence = isLong ? Wire.u48(memory, at + SEQUENCE + 2) : Wire.i32(memory, at + SEQUENCE) & 0xff_ffff;
        acknowledgement = 0;
        boolean isAcknowledging = kind != DccpKind.REQUEST && kind != DccpKind.DATA;
        if (isAcknowledging && packet.isPresent(fixedBytes + ACKNOWLEDGEMENT_BYTES)) {
            acknowledgement = Wire.u48(memory, at + fixedBytes + 2);
        }
        return true;
    }
}
