package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an ICMP header in packet memory (RFC 792). What the last four bytes mean depends on the type.
///
/// ```
///  0        1        2                 4                                   8
///  +--------+--------+-----------------+-----------------------------------+
///  |  type  |  code  |    checksum     |  rest: id, sequence | MTU | pointer |
///  +--------+--------+-----------------+-----------------------------------+
/// ```
public final class IcmpView {

    public static final int HEADER_BYTES = 8;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int REST = 4;
    private static final int POINTER = 4;
    private static final int IDENTIFIER = 4;
    private static final int ECHO_SEQUENCE = 6;
    private static final int MTU = 6;

    private final MemorySegment memory;
    private long base;

    public IcmpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public IcmpView at(long offset) {
        this.base = offset;
        return this;
    }

    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    public int type() { return Wire.u8(memory, base + TYPE); }
    public int code() { return Wire.u8(memory, base + CODE); }
    public int checksum() { return Wire.u16(memory, base + CHECKSUM); }
    /// The last four bytes as one number: the gateway of a redirect.
    public int rest() { return Wire.i32(memory, base + REST); }
    /// Parameter problem: the byte that is wrong.
    public int pointer() { return Wire.u8(memory, base + POINTER); }
    /// Echo.
    public int identifier() { return Wire.u16(memory, base + IDENTIFIER); }
    /// Echo.
    public int sequence() { return Wire.u16(memory, base + ECHO_SEQUENCE); }
    /// Fragmentation needed: the next link's MTU (RFC 1191).
    public int mtuBytes() { return Wire.u16(memory, base + MTU); }

    public void type(int value) { Wire.u8(memory, base + TYPE, value); }
    public void code(int value) { Wire.u8(memory, base + CODE, value); }
    public void checksum(int value) { Wire.u16(memory, base + CHECKSUM, value); }
    public void rest(int value) { Wire.i32(memory, base + REST, value); }
    public void pointer(int value) { Wire.u8(memory, base + POINTER, value); }
    public void identifier(int value) { Wire.u16(memory, base + IDENTIFIER, value); }
    public void sequence(int value) { Wire.u16(memory, base + ECHO_SEQUENCE, value); }
    public void mtuBytes(int value) { Wire.u16(memory, base + MTU, value); }
}
