package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IP authentication header in packet memory (RFC 4302 §2).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |  next header  | bytes / 4 - 2 |           reserved            |
///  +---------------+---------------+-------------------------------+
///  |               security parameters index (SPI)                 |
///  +---------------------------------------------------------------+
///  |                        sequence number                        |
///  +---------------------------------------------------------------+
///  |                integrity check value (variable)               |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class AuthenticationView {

    public static final int HEADER_BYTES_MIN = 12;
    public static final int HEADER_BYTES_MAX = 1028;
    /// Where the integrity check value lies, from the header's first byte.
    public static final int CHECK_VALUE_AT = 12;

    private static final int NEXT_HEADER = 0;
    private static final int LENGTH = 1;
    private static final int SPI = 4;
    private static final int SEQUENCE = 8;

    private final MemorySegment memory;
    private long base;

    public AuthenticationView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public AuthenticationView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable` and is no shorter than its fixed part.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES_MIN) return false;
        int headerBytes = headerBytes();
        return headerBytes >= HEADER_BYTES_MIN
            && headerBytes <= bytesAvailable;
    }

    public int nextHeader()  { return Wire.u8(memory, base + NEXT_HEADER); }
    public int headerBytes() { return (Wire.u8(memory, base + LENGTH) + 2) * 4; }
    public int spi()         { return Wire.i32(memory, base + SPI); }
    public int sequence()    { return Wire.i32(memory, base + SEQUENCE); }

    public void nextHeader(int value) { Wire.u8(memory, base + NEXT_HEADER, value); }

    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= HEADER_BYTES_MAX : value;
        assert value % 4 == 0 : value;
        Wire.u8(memory, base + LENGTH, value / 4 - 2);
    }

    public void spi(int value)        { Wire.i32(memory, base + SPI, value); }
    public void sequence(int value)   { Wire.i32(memory, base + SEQUENCE, value); }
}
