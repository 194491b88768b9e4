package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a VXLAN header in packet memory (RFC 7348 §5). An Ethernet frame follows.
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-+-+-+-+-+-+-+-+-----------------------------------------------+
///  |R|R|R|R|I|R|R|R|                   reserved                    |
///  +-+-+-+-+-+-+-+-+-------------------------------+---------------+
///  |        VXLAN network identifier (VNI)         |   reserved    |
///  +-----------------------------------------------+---------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class VxlanView {

    public static final int HEADER_BYTES = 8;
    public static final int PORT = 4789;
    /// The I flag: the VNI is valid, which it must be.
    public static final int VNI_PRESENT = 0x08;

    private static final int FLAGS = 0;
    private static final int VNI = 4;

    private final MemorySegment memory;
    private long base;

    public VxlanView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public VxlanView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable` and its VNI is valid.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES
            && (flags() & VNI_PRESENT) != 0;
    }

    public int flags() { return Wire.u8(memory, base + FLAGS); }
    public int vni()   { return Wire.i32(memory, base + VNI) >>> 8; }

    /// Sets the flags and clears the reserved bytes behind them.
    public void flags(int value) { Wire.i32(memory, base + FLAGS, value << 24); }

    /// Sets the VNI and clears the reserved byte behind it.
    public void vni(int value) {
        assert value >> 24 == 0 : value;
        Wire.i32(memory, base + VNI, value << 8);
    }
}
