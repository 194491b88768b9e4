package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a hop-by-hop or destination options header in packet memory (RFC 8200 §4.2, §4.3, §4.6). Its options lie
/// between [#optionsAt] and the header's end.
///
/// ```
///  0           1          2
///  +-----------+----------+--------------------------
///  |next header|  length  | options: type, length, …
///  +-----------+----------+--------------------------
/// ```
public final class Ipv6OptionsView {

    public static final int HEADER_BYTES_MIN = 8;
    private static final int OPTIONS = 2;

    private static final int NEXT_HEADER = 0;
    private static final int LENGTH = 1;

    private final MemorySegment memory;
    private long base;

    public Ipv6OptionsView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public Ipv6OptionsView at(long offset) {
        this.base = offset;
        return this;
    }

    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES_MIN && headerBytes() <= bytesAvailable;
    }

    public int headerBytes()  { return (lengthUnits() + 1) * 8; }
    /// Where the first option lies in the segment.
    public long optionsAt()   { return base + OPTIONS; }

    public int nextHeader() { return Wire.u8(memory, base + NEXT_HEADER); }
    /// Units of eight bytes behind the first eight.
    public int lengthUnits() { return Wire.u8(memory, base + LENGTH); }

    public void nextHeader(int value) { Wire.u8(memory, base + NEXT_HEADER, value); }
    public void lengthUnits(int value) { Wire.u8(memory, base + LENGTH, value); }
}
