package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a GTP-U header, version 1, in packet memory (3GPP TS 29.281 §5.1).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-----+-+-+-+-+-+---------------+-------------------------------+
///  | ver |T|r|E|S|P| message type  |  bytes behind the first eight |
///  +-----+-+-+-+-+-+---------------+-------------------------------+
///  |                tunnel endpoint identifier (TEID)              |
///  +-------------------------------+---------------+---------------+
///  |  any of E, S, P:  sequence    | N-PDU number  | next ext. type|
///  +-------------------------------+---------------+---------------+
///  |  E:  extension headers: bytes / 4, content, next type         |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length. Extension headers are not part of
/// it; walk them so, which ends for every content:
///
/// ```
/// int type = view.hasExtension() ? view.extensionType() : 0;
/// for (int at = view.headerBytes(); type != 0; at += view.extensionBytes(at)) {
///     if (!view.isExtensionValid(at)) …   // malformed; stop
///     …
///     type = view.nextExtensionType(at);
/// }
/// ```
public final class GtpuView {

    public static final int HEADER_BYTES_MIN = 8;
    public static final int HEADER_BYTES_MAX = 12;
    public static final int PORT = 2152;
    /// The message type that carries a user's packet.
    public static final int USER_PACKET = 255;

    public static final int EXTENSION_PRESENT = 0x04;
    public static final int SEQUENCE_PRESENT = 0x02;
    public static final int NPDU_PRESENT = 0x01;

    private static final int VERSION_1_GTP = 0x30;
    private static final int VERSION_MASK = 0xf0;      // T too: GTP, not the charging protocol GTP'
    private static final int OPTIONAL_PRESENT = EXTENSION_PRESENT | SEQUENCE_PRESENT | NPDU_PRESENT;

    private static final int FLAGS = 0;
    private static final int TYPE = 1;
    private static final int BODY_BYTES = 2;
    private static final int TEID = 4;
    private static final int SEQUENCE = 8;
    private static final int EXTENSION_TYPE = 11;

    private final MemorySegment memory;
    private long base;

    public GtpuView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public GtpuView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header lies within `bytesAvailable`, is GTP version 1, and its length covers the optional fields
    /// and lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES_MIN
            && (Wire.u8(memory, base + FLAGS) & VERSION_MASK) == VERSION_1_GTP
            && headerBytes() <= totalBytes()
            && totalBytes() <= bytesAvailable;
    }

    /// True if the extension header at `at` is not empty and lies within the message.
    public boolean isExtensionValid(int at) {
        return at < totalBytes()
            && Wire.u8(memory, base + at) > 0
            && at + extensionBytes(at) <= totalBytes();
    }

    /// E, S and P.
    public int flags()            { return Wire.u8(memory, base + FLAGS) & OPTIONAL_PRESENT; }
    public boolean hasExtension() { return (flags() & EXTENSION_PRESENT) != 0; }
    public boolean hasSequence()  { return (flags() & SEQUENCE_PRESENT) != 0; }
    public int type()             { return Wire.u8(memory, base + TYPE); }
    /// The whole message.
    public int totalBytes()       { return HEADER_BYTES_MIN + Wire.u16(memory, base + BODY_BYTES); }
    /// Without extension headers.
    public int headerBytes()      { return flags() == 0 ? HEADER_BYTES_MIN : HEADER_BYTES_MAX; }
    public int teid()             { return Wire.i32(memory, base + TEID); }
    public int sequence()         { return Wire.u16(memory, base + SEQUENCE); }
    /// Type of the first extension header, where there is one.
    public int extensionType()    { return Wire.u8(memory, base + EXTENSION_TYPE); }

    /// Bytes of the extension header at `at`, at least 4.
    public int extensionBytes(int at) {
        return Math.max(1, Wire.u8(memory, base + at)) * 4;
    }

    /// Type of the extension header behind the one at `at`; 0 for none.
    public int nextExtensionType(int at) {
        return Wire.u8(memory, base + at + extensionBytes(at) - 1);
    }

    /// Sets version 1 and E, S and P.
    public void flags(int value) {
        assert (value & ~OPTIONAL_PRESENT) == 0 : value;
        Wire.u8(memory, base + FLAGS, VERSION_1_GTP | value);
    }

    public void type(int value) { Wire.u8(memory, base + TYPE, value); }

    public void totalBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= HEADER_BYTES_MIN + 0xffff : value;
        Wire.u16(memory, base + BODY_BYTES, value - HEADER_BYTES_MIN);
    }

    public void teid(int value)          { Wire.i32(memory, base + TEID, value); }
    public void sequence(int value)      { Wire.u16(memory, base + SEQUENCE, value); }
    public void extensionType(int value) { Wire.u8(memory, base + EXTENSION_TYPE, value); }
}
