package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an IPv6 hop-by-hop or destination options header in packet memory (RFC 8200 §4.2, §4.3, §4.6).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |  next header  | bytes / 8 - 1 |                               |
///  +---------------+---------------+                               |
///  |                            options                            |
///  +---------------------------------------------------------------+
///
///  an option:  Pad1 +----+     any other +------+-----------+------ - -
///                   | 0  |               | type | data len. | data
///                   +----+               +------+-----------+------ - -
/// ```
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length. Options are not part of that
/// answer; walk them so, which ends for every content:
///
/// ```
/// for (int at = OPTIONS_AT; at < view.headerBytes(); at += view.optionBytes(at)) {
///     if (!view.isOptionValid(at)) …   // malformed; stop
/// }
/// ```
public final class Ipv6OptionsView {

    public static final int HEADER_BYTES_MIN = 8;
    public static final int HEADER_BYTES_MAX = 2048;
    /// Where the first option lies, from the header's first byte.
    public static final int OPTIONS_AT = 2;

    public static final int PAD_1 = 0x00;
    public static final int PAD_N = 0x01;
    public static final int ROUTER_ALERT = 0x05;
    public static final int CALIPSO = 0x07;
    public static final int IOAM = 0x31;
    public static final int JUMBO_PAYLOAD = 0xc2;
    public static final int HOME_ADDRESS = 0xc9;

    /// What is to be done about an option that is not known: its type's two high bits.
    public static final int UNKNOWN_SKIP = 0;
    public static final int UNKNOWN_DISCARD = 1;
    public static final int UNKNOWN_REPORT = 2;
    public static final int UNKNOWN_REPORT_UNLESS_MULTICAST = 3;

    private static final int NEXT_HEADER = 0;
    private static final int LENGTH = 1;
    private static final int OPTION_LENGTH = 1;
    private static final int OPTION_DATA = 2;

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

    /// True if the header lies within `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES_MIN
            && headerBytes() <= bytesAvailable;
    }

    /// True if the option at `at` lies within the header.
    public boolean isOptionValid(int at) {
        int headerBytes = headerBytes();
        if (at >= headerBytes) return false;
        if (optionType(at) == PAD_1) return true;
        return at + OPTION_DATA <= headerBytes
            && at + optionBytes(at) <= headerBytes;
    }

    public int nextHeader()  { return Wire.u8(memory, base + NEXT_HEADER); }
    public int headerBytes() { return (Wire.u8(memory, base + LENGTH) + 1) * 8; }

    public int optionType(int at) { return Wire.u8(memory, base + at); }

    /// Bytes of the whole option, at least 1.
    public int optionBytes(int at) {
        return optionType(at) == PAD_1 ? 1 : OPTION_DATA + Wire.u8(memory, base + at + OPTION_LENGTH);
    }

    /// Where the option's data begin, from the header's first byte.
    public int optionDataAt(int at) { return at + OPTION_DATA; }

    /// One of the four `UNKNOWN_` actions.
    public static int actionIfUnknown(int optionType) {
        return optionType >>> 6;
    }

    public void nextHeader(int value) { Wire.u8(memory, base + NEXT_HEADER, value); }

    public void headerBytes(int value) {
        assert value >= HEADER_BYTES_MIN;
        assert value <= HEADER_BYTES_MAX : value;
        assert value % 8 == 0 : value;
        Wire.u8(memory, base + LENGTH, value / 8 - 1);
    }

    /// Writes type and length of an option that is not Pad1.
    public void option(int at, int type, int optionBytes) {
        assert type != PAD_1;
        assert optionBytes >= OPTION_DATA;
        assert optionBytes <= OPTION_DATA + 255 : optionBytes;
        Wire.u8(memory, base + at, type);
        Wire.u8(memory, base + at + OPTION_LENGTH, optionBytes - OPTION_DATA);
    }
}
