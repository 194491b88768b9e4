package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of one option of a neighbour discovery message in packet memory (RFC 4861 §4.6).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     type      |   bytes / 8   | link-layer address (Ethernet) |
///  +---------------+---------------+                               |
///  | MTU option: MTU               | its last four bytes           |
///  +---------------------------------------------------------------+
/// ```
///
/// Call [#isValid] first; where it says no, the message is malformed (RFC 4861 §6.1, §7.1). The other accessors trust
/// its answer and look at no length. The next option lies [#optionBytes] further.
public final class NdOptionView {

    public static final int OPTION_BYTES_MIN = 8;
    /// Bytes of an option that holds the link-layer address of an Ethernet.
    public static final int LINK_ADDRESS_BYTES = 8;

    public static final int SOURCE_LINK_ADDRESS = 1;
    public static final int TARGET_LINK_ADDRESS = 2;
    public static final int PREFIX_INFORMATION = 3;
    public static final int REDIRECTED_HEADER = 4;
    public static final int MTU = 5;
    public static final int NONCE = 14;

    private static final int TYPE = 0;
    private static final int LENGTH = 1;
    private static final int MAC = 2;
    private static final int MTU_VALUE = 4;

    private final MemorySegment memory;
    private long base;

    public NdOptionView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at an option beginning at `offset` in the segment.
    public NdOptionView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the option lies within `bytesAvailable` and is not empty.
    public boolean isValid(int bytesAvailable) {
        if (bytesAvailable < OPTION_BYTES_MIN) return false;
        int optionBytes = optionBytes();
        return optionBytes > 0
            && optionBytes <= bytesAvailable;
    }

    public int type()        { return Wire.u8(memory, base + TYPE); }
    /// Bytes of the whole option.
    public int optionBytes() { return Wire.u8(memory, base + LENGTH) * 8; }
    /// The Ethernet address in a link-layer address option of [#LINK_ADDRESS_BYTES].
    public long mac()        { return Wire.u48(memory, base + MAC); }
    /// The MTU in an option [#MTU].
    public long mtu()        { return Wire.u32(memory, base + MTU_VALUE); }

    public void type(int value) { Wire.u8(memory, base + TYPE, value); }

    public void optionBytes(int value) {
        assert value > 0;
        assert value <= 255 * 8 : value;
        assert value % 8 == 0 : value;
        Wire.u8(memory, base + LENGTH, value / 8);
    }

    public void mac(long value) { Wire.u48(memory, base + MAC, value); }
    public void mtu(long value) { Wire.i32(memory, base + MTU_VALUE, (int) value); }
}
