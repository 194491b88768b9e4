package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a PPPoE header in packet memory (RFC 2516 §4), and of the PPP protocol behind it in a session (RFC 1661 §2).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------+-------+---------------+-------------------------------+
///  |ver.: 1|type: 1|  code         |         session id            |
///  +-------+-------+---------------+-------------------------------+
///  |  bytes behind this header     |  PPP protocol (session)       |
///  +-------------------------------+-------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
/// Setting the length invalidates that answer.
public final class PppoeView {

    /// Without the PPP protocol.
    public static final int HEADER_BYTES = 6;
    /// With the PPP protocol in two bytes.
    public static final int SESSION_HEADER_BYTES = 8;

    /// The code of a session's packets; discovery has others.
    public static final int SESSION = 0;

    /// PPP protocol numbers (IANA "PPP Numbers").
    public static final int PPP_IPV4 = 0x0021;
    public static final int PPP_IPV6 = 0x0057;
    public static final int PPP_LCP = 0xc021;

    private static final int VERSION_1_TYPE_1 = 0x11;

    private static final int VERSION_TYPE = 0;
    private static final int CODE = 1;
    private static final int SESSION_ID = 2;
    private static final int PAYLOAD_BYTES = 4;
    private static final int PROTOCOL = 6;

    private final MemorySegment memory;
    private long base;

    public PppoeView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public PppoeView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if header and payload lie within `bytesAvailable`, version and type are 1, and a session's payload has
    /// room for the PPP protocol.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES
            && Wire.u8(memory, base + VERSION_TYPE) == VERSION_1_TYPE_1
            && totalBytes() <= bytesAvailable
            && (code() != SESSION || payloadBytes() >= 2);
    }

    public int code()         { return Wire.u8(memory, base + CODE); }
    public int session()      { return Wire.u16(memory, base + SESSION_ID); }
    /// Bytes behind the six of the header; the PPP protocol counts.
    public int payloadBytes() { return Wire.u16(memory, base + PAYLOAD_BYTES); }
    /// Header and payload together.
    public int totalBytes()   { return HEADER_BYTES + payloadBytes(); }

    /// True if the PPP protocol is one byte: the low bit of its last byte is set, so here of its first.
    public boolean isProtocolCompressed() { return (Wire.u8(memory, base + PROTOCOL) & 1) != 0; }

    /// The PPP protocol of a session's packet.
    public int protocol() {
        return isProtocolCompressed() ? Wire.u8(memory, base + PROTOCOL) : Wire.u16(memory, base + PROTOCOL);
    }

    /// Sets version 1, type 1 and the code.
    public void code(int value) {
        Wire.u8(memory, base + VERSION_TYPE, VERSION_1_TYPE_1);
        Wire.u8(memory, base + CODE, value);
    }

    public void session(int value)      { Wire.u16(memory, base + SESSION_ID, value); }
    public void payloadBytes(int value) { Wire.u16(memory, base + PAYLOAD_BYTES, value); }
    /// Sets the PPP protocol in two bytes.
    public void protocol(int value)     { Wire.u16(memory, base + PROTOCOL, value); }
}
