package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a TCP header in packet memory (RFC 9293 §3.1).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          source port          |          target port          |
///  +-------------------------------+-------------------------------+
///  |                        sequence number                        |
///  +---------------------------------------------------------------+
///  |                     acknowledgement number                    |
///  +-------+-------+---------------+-------------------------------+
///  | bytes | reser-|C|E|U|A|P|R|S|F|                               |
///  | / 4   | ved   |W|C|R|C|S|S|Y|I|            window             |
///  |       |       |R|E|G|K|H|T|N|N|                               |
///  +-------+-------+---------------+-------------------------------+
///  |           checksum            |        urgent pointer         |
///  +-------------------------------+-------------------------------+
///  |              options, padded to 4 bytes with zeros            |
///  +---------------------------------------------------------------+
///
///  an option:  end, NOP +------+    any other +------+-------+------ - -
///                       | kind |              | kind | bytes | data
///                       +------+              +------+-------+------ - -
/// ```
///
/// Sequence numbers are 32 bits without a sign: compare their difference, never themselves.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length. Setting the header's length
/// invalidates that answer. Options are not part of it; walk them so, which ends for every content:
///
/// ```
/// for (int at = OPTIONS_AT; at < view.headerBytes(); at += view.optionBytes(at)) {
///     if (!view.isOptionValid(at)) …   // malformed; stop
///     if (view.optionKind(at) == TcpOption.END) break;
/// }
/// ```
public final class TcpView {

    public static final int HEADER_BYTES_MIN = 20;
    public static final int HEADER_BYTES_MAX = 60;
    /// Where the first option lies, from the header's first byte.
    public static final int OPTIONS_AT = 20;
    /// Where the checksum lies, from the header's first byte.
    public static final int CHECKSUM_AT = 16;

    private static final int SOURCE_PORT = 0;
    private static final int TARGET_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGEMENT = 8;
    private static final int HEADER_WORDS = 12;
    private static final int FLAGS = 13;
    private static final int WINDOW = 14;
    private static final int URGENT_POINTER = 18;
    private static final int OPTION_BYTES = 1;

    private final MemorySegment memory;
    private long base;

    public TcpView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public TcpView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header with its options lies within `bytesAvailable` and is no shorter than its fixed part.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < HEADER_BYTES_MIN) return false;
        int headerBytes = headerBytes();
        return headerBytes >= HEADER_BYTES_MIN
            && headerBytes <= bytesAvailable;
    }

    /// True if the option at `at` lies within the header and is no shorter than its kind and length.
    public boolean isOptionValid(int at) {
        int headerBytes = headerBytes();
        if (at >= headerBytes) return false;
        if (optionKind(at) <= TcpOption.NOP) return true;
        if (at + OPTION_BYTES >= headerBytes) return false;
        int optionBytes = Wire.u8(memory, base + at + OPTION_BYTES);
        return optionBytes >= TcpOption.BYTES_MIN
            && at + optionBytes <= headerBytes;
    }

    public int sourcePort()      { return Wire.u16(memory, base + SOURCE_PORT); }
    public int targetPort()      { return Wire.u16(memory, base + TARGET_PORT); }
    public int sequence()        { return Wire.i32(memory, base + SEQUENCE); }
    public int acknowledgement() { return Wire.i32(memory, base + ACKNOWLEDGEMENT); }
    public int headerBytes()     { return (Wire.u8(memory, base + HEADER_WORDS) >>> 4) * 4; }
    /// The four bits between length and flags; the lowest is accurate ECN's AE.
    public int reserved()        { return Wire.u8(memory, base + HEADER_WORDS) & 0x0f; }
    /// [TcpFlags].
    public int flags()           { return Wire.u8(memory, base + FLAGS); }
    /// As it stands in the header, not scaled.
    public int window()          { return Wire.u16(memory, base + WINDOW); }
    public int checksum()        { return Wire.u16(memory, base + CHECKSUM_AT); }
    public int urgentPointer()   { return Wire.u16(memory, base + URGENT_POINTER); }

    /// A [TcpOption].
    public int optionKind(int at) { return Wire.u8(memory, base + at); }

    /// Bytes of the whole option, at least 1.
    public int optionBytes(int at) {
        if (optionKind(at) <= TcpOption.NOP) return 1;
        return Math.max(1, Wire.u8(memory, base + at + OPTION_BYTES));
    }

    public void sourcePort(int value)      { Wire.u16(memory, base + SOURCE_PORT, value); }
    public void targetPort(int value)      { Wire.u16(memory, base + TARGET_PORT, value); }
    public void sequence(int value)        { Wire.i32(memory, base + SEQUENCE, value); }
    public void acknowledgement(int value) { Wire.i32(memory, base + ACKNOWLEDGEMENT, value); }

    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= HEADER_BYTES_MAX : value;
        assert value % 4 == 0 : value;
        Wire.u8(memory, base + HEADER_WORDS, value / 4 << 4 | reserved());
    }

    public void reserved(int value) {
        assert value >> 4 == 0 : value;
        Wire.u8(memory, base + HEADER_WORDS, Wire.u8(memory, base + HEADER_WORDS) & 0xf0 | value);
    }

    public void flags(int value)           { Wire.u8(memory, base + FLAGS, value); }
    public void window(int value)          { Wire.u16(memory, base + WINDOW, value); }
    public void checksum(int value)        { Wire.u16(memory, base + CHECKSUM_AT, value); }
    public void urgentPointer(int value)   { Wire.u16(memory, base + URGENT_POINTER, value); }
}
