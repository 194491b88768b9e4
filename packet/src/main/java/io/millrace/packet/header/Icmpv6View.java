package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an ICMPv6 header in packet memory (RFC 4443), and of the neighbour discovery messages that begin with it
/// (RFC 4861): their target address follows, then options, see [NdOptionView].
///
/// ```
///  0        1        2                 4                  8              24
///  +--------+--------+-----------------+------------------+--------------+---------
///  |  type  |  code  |    checksum     | id+seq|MTU|flags | ND: target   | options
///  +--------+--------+-----------------+------------------+--------------+---------
/// ```
public final class Icmpv6View {

    public static final int HEADER_BYTES = 8;
    /// Neighbour solicitation or advertisement without options.
    public static final int NEIGHBOUR_BYTES_MIN = 24;
    /// Redirect without options: target and destination address.
    public static final int REDIRECT_BYTES_MIN = 40;

    public static final int FLAG_ROUTER = 1 << 31;
    public static final int FLAG_SOLICITED = 1 << 30;
    public static final int FLAG_OVERRIDE = 1 << 29;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int REST = 4;
    private static final int IDENTIFIER = 4;
    private static final int ECHO_SEQUENCE = 6;
    private static final int TARGET_HIGH = 8;
    private static final int TARGET_LOW = 16;
    private static final int DESTINATION_HIGH = 24;
    private static final int DESTINATION_LOW = 32;

    private final MemorySegment memory;
    private long base;

    public Icmpv6View(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public Icmpv6View at(long offset) {
        this.base = offset;
        return this;
    }

    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    public int type() { return Wire.u8(memory, base + TYPE); }
    public int code() { return Wire.u8(memory, base + CODE); }
    public int checksum() { return Wire.u16(memory, base + CHECKSUM); }
    /// The second word: MTU, pointer, or the flags of an advertisement.
    public int rest() { return Wire.i32(memory, base + REST); }
    /// Echo.
    public int identifier() { return Wire.u16(memory, base + IDENTIFIER); }
    /// Echo.
    public int sequence() { return Wire.u16(memory, base + ECHO_SEQUENCE); }
    /// Neighbour discovery.
    public long targetHigh() { return Wire.i64(memory, base + TARGET_HIGH); }
    /// Neighbour discovery.
    public long targetLow() { return Wire.i64(memory, base + TARGET_LOW); }
    /// Redirect.
    public long destinationHigh() { return Wire.i64(memory, base + DESTINATION_HIGH); }
    /// Redirect.
    public long destinationLow() { return Wire.i64(memory, base + DESTINATION_LOW); }

    public void type(int value) { Wire.u8(memory, base + TYPE, value); }
    public void code(int value) { Wire.u8(memory, base + CODE, value); }
    public void checksum(int value) { Wire.u16(memory, base + CHECKSUM, value); }
    public void rest(int value) { Wire.i32(memory, base + REST, value); }
    public void identifier(int value) { Wire.u16(memory, base + IDENTIFIER, value); }
    public void sequence(int value) { Wire.u16(memory, base + ECHO_SEQUENCE, value); }
    public void targetHigh(long value) { Wire.i64(memory, base + TARGET_HIGH, value); }
    public void targetLow(long value) { Wire.i64(memory, base + TARGET_LOW, value); }
    public void destinationHigh(long value) { Wire.i64(memory, base + DESTINATION_HIGH, value); }
    public void destinationLow(long value) { Wire.i64(memory, base + DESTINATION_LOW, value); }
}
