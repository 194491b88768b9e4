package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an ICMP message in packet memory (RFC 792; next-hop MTU: RFC 1191; length of the quote: RFC 4884).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     type      |     code      |           checksum            |
///  +---------------+---------------+-------------------------------+
///  | echo, timestamp: identifier   | sequence number               |
///  | unreachable: 0| quote / 4     | next-hop MTU                  |
///  | time exc.:   0| quote / 4     | 0                             |
///  | param.: points| quote / 4     | 0                             |
///  | redirect:                     gateway                         |
///  +---------------------------------------------------------------+
///  |  echo: payload.  errors: the quoted packet, from its IPv4     |
///  |  header on                                                    |
///  +---------------------------------------------------------------+
/// ```
///
/// Which of the fields behind the checksum mean anything depends on [#type].
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class IcmpView {

    public static final int HEADER_BYTES = 8;
    /// Where the checksum lies, from the header's first byte.
    public static final int CHECKSUM_AT = 2;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int REST = 4;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;
    private static final int POINTER = 4;
    private static final int QUOTE_WORDS = 5;
    private static final int MTU = 6;

    private final MemorySegment memory;
    private long base;

    public IcmpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a message beginning at `offset` in the segment.
    public IcmpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the eight bytes in front of payload or quote lie within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    /// An [IcmpType].
    public int type()       { return Wire.u8(memory, base + TYPE); }
    public int code()       { return Wire.u8(memory, base + CODE); }
    public int checksum()   { return Wire.u16(memory, base + CHECKSUM_AT); }
    /// The four bytes behind the checksum as they stand in the header; in a redirect the gateway's address.
    public int rest()       { return Wire.i32(memory, base + REST); }
    public int identifier() { return Wire.u16(memory, base + IDENTIFIER); }
    public int sequence()   { return Wire.u16(memory, base + SEQUENCE); }
    /// Byte of the quoted packet that the error is about.
    public int pointer()    { return Wire.u8(memory, base + POINTER); }
    /// Where extensions follow the quote: its length. 0 where none do.
    public int quoteBytes() { return Wire.u8(memory, base + QUOTE_WORDS) * 4; }
    /// Fragmentation needed: what the next hop can take; 0 from routers before RFC 1191.
    public int mtu()        { return Wire.u16(memory, base + MTU); }

    public void type(int value)       { Wire.u8(memory, base + TYPE, value); }
    public void code(int value)       { Wire.u8(memory, base + CODE, value); }
    public void checksum(int value)   { Wire.u16(memory, base + CHECKSUM_AT, value); }
    public void rest(int value)       { Wire.i32(memory, base + REST, value); }
    public void identifier(int value) { Wire.u16(memory, base + IDENTIFIER, value); }
    public void sequence(int value)   { Wire.u16(memory, base + SEQUENCE, value); }
    public void pointer(int value)    { Wire.u8(memory, base + POINTER, value); }

    public void quoteBytes(int value) {
        assert value >= 0;
        assert value <= 255 * 4 : value;
        assert value % 4 == 0 : value;
        Wire.u8(memory, base + QUOTE_WORDS, value / 4);
    }

    public void mtu(int value)        { Wire.u16(memory, base + MTU, value); }
}
