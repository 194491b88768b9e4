package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an ICMPv6 message in packet memory (RFC 4443). [NdView] reads what neighbour discovery adds.
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     type      |     code      |           checksum            |
///  +---------------+---------------+-------------------------------+
///  | echo: identifier              | sequence number               |
///  | packet too big:              MTU                              |
///  | parameter problem:           pointer                          |
///  +---------------------------------------------------------------+
///  |  echo: payload.  errors: the quoted packet, from its IPv6     |
///  |  header on                                                    |
///  +---------------------------------------------------------------+
/// ```
///
/// Which of the fields behind the checksum mean anything depends on [#type].
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class Icmpv6View {

    public static final int HEADER_BYTES = 8;
    /// Where the checksum lies, from the header's first byte.
    public static final int CHECKSUM_AT = 2;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int REST = 4;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;

    private final MemorySegment memory;
    private long base;

    public Icmpv6View(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a message beginning at `offset` in the segment.
    public Icmpv6View at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the eight bytes in front of payload or quote lie within `bytesAvailable`. Linux too takes no shorter
    /// message, although RFC 4443 asks for four bytes only.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    /// An [Icmpv6Type].
    public int type()       { return Wire.u8(memory, base + TYPE); }
    public int code()       { return Wire.u8(memory, base + CODE); }
    public int checksum()   { return Wire.u16(memory, base + CHECKSUM_AT); }
    /// The four bytes behind the checksum as they stand in the header.
    public int rest()       { return Wire.i32(memory, base + REST); }
    public int identifier() { return Wire.u16(memory, base + IDENTIFIER); }
    public int sequence()   { return Wire.u16(memory, base + SEQUENCE); }
    public long mtu()       { return Wire.u32(memory, base + REST); }
    /// Byte of the quoted packet that the error is about.
    public long pointer()   { return Wire.u32(memory, base + REST); }

    public void type(int value)       { Wire.u8(memory, base + TYPE, value); }
    public void code(int value)       { Wire.u8(memory, base + CODE, value); }
    public void checksum(int value)   { Wire.u16(memory, base + CHECKSUM_AT, value); }
    public void rest(int value)       { Wire.i32(memory, base + REST, value); }
    public void identifier(int value) { Wire.u16(memory, base + IDENTIFIER, value); }
    public void sequence(int value)   { Wire.u16(memory, base + SEQUENCE, value); }
    public void mtu(long value)       { Wire.i32(memory, base + REST, (int) value); }
    public void pointer(long value)   { Wire.i32(memory, base + REST, (int) value); }
}
