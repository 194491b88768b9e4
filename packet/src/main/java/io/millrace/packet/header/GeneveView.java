package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a Geneve header in packet memory (RFC 8926 §3.4).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---+-----------+-+-+-----------+-------------------------------+
///  |ver| opt. b./ 4|O|C|  reserved |       protocol type           |
///  +---+-----------+-+-+-----------+---------------+---------------+
///  |        virtual network identifier (VNI)       |   reserved    |
///  +-----------------------------------------------+---------------+
///  |  options                                                      |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
/// Setting the header's length invalidates that answer.
public final class GeneveView {

    public static final int HEADER_BYTES_MIN = 8;
    public static final int HEADER_BYTES_MAX = 260;
    public static final int PORT = 6081;
    /// Where the options lie, from the header's first byte.
    public static final int OPTIONS_AT = 8;

    private static final int CONTROL = 0x80;
    private static final int CRITICAL = 0x40;

    private static final int VERSION_OPTIONS = 0;
    private static final int FLAGS = 1;
    private static final int TYPE = 2;
    private static final int VNI = 4;

    private final MemorySegment memory;
    private long base;

    public GeneveView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public GeneveView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header with its options lies within `bytesAvailable` and is version 0.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES_MIN
            && version() == 0
            && headerBytes() <= bytesAvailable;
    }

    public int version()        { return Wire.u8(memory, base + VERSION_OPTIONS) >>> 6; }
    public int headerBytes()    { return OPTIONS_AT + (Wire.u8(memory, base + VERSION_OPTIONS) & 0x3f) * 4; }
    /// O: a message of the tunnel's ends to each other.
    public boolean isControl()  { return (Wire.u8(memory, base + FLAGS) & CONTROL) != 0; }
    /// C: an option that must be understood is among the options.
    public boolean isCritical() { return (Wire.u8(memory, base + FLAGS) & CRITICAL) != 0; }
    /// An [EtherType]; [EtherType#ETHERNET] for a frame.
    public int type()           { return Wire.u16(memory, base + TYPE); }
    public int vni()            { return Wire.i32(memory, base + VNI) >>> 8; }

    /// Sets version 0 and the header's length.
    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= HEADER_BYTES_MAX : value;
        assert value % 4 == 0 : value;
        Wire.u8(memory, base + VERSION_OPTIONS, (value - OPTIONS_AT) / 4);
    }

    /// Sets both flags and clears the reserved bits behind them.
    public void flags(boolean isControl, boolean isCritical) {
        Wire.u8(memory, base + FLAGS, (isControl ? CONTROL : 0) | (isCritical ? CRITICAL : 0));
    }

    public void type(int value) { Wire.u16(memory, base + TYPE, value); }

    /// Sets the VNI and clears the reserved byte behind it.
    public void vni(int value) {
        assert value >> 24 == 0 : value;
        Wire.i32(memory, base + VNI, value << 8);
    }
}
