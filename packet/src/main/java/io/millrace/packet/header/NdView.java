package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a neighbour discovery message in packet memory, from its ICMPv6 type on (RFC 4861 §4).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     type      |     code      |           checksum            |
///  +-+-+-+---------+---------------+-------------------------------+
///  |R|S|O|  flags of an advertisement, else reserved               |
///  +-+-+-+---------------------------------------------------------+
///  |     target (solicitation, advertisement, redirect; 16 bytes)  |
///  +---------------------------------------------------------------+
///  |     destination (redirect; 16 bytes)                          |
///  +---------------------------------------------------------------+
///  |     options, see NdOptionView                                 |
///  +---------------------------------------------------------------+
/// ```
///
/// A router solicitation has its options behind the reserved word; a router advertisement behind two words more, of
/// which a router needs none.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length.
public final class NdView {

    /// Bytes in front of the options of a neighbour solicitation or advertisement.
    public static final int NEIGHBOUR_BYTES = 24;

    /// Bytes in front of the options of a redirect.
    public static final int REDIRECT_BYTES = 40;

    private static final int ROUTER_SOLICITATION_BYTES = 8;
    private static final int ROUTER_ADVERTISEMENT_BYTES = 16;

    private static final int ROUTER = 0x80;
    private static final int SOLICITED = 0x40;
    private static final int OVERRIDE = 0x20;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int FLAGS = 4;
    private static final int TARGET_HIGH = 8;
    private static final int TARGET_LOW = 16;
    private static final int DESTINATION_HIGH = 24;
    private static final int DESTINATION_LOW = 32;

    private final MemorySegment memory;
    private long base;

    public NdView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a message beginning at `offset` in the segment.
    public NdView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if this is a neighbour discovery message whose code is 0 and whose fixed part lies within
    /// `bytesAvailable`.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= ROUTER_SOLICITATION_BYTES
            && Icmpv6Type.isNeighbourDiscovery(type())
            && Wire.u8(memory, base + CODE) == 0
            && optionsAt() <= bytesAvailable;
    }

    /// One of the five types of [Icmpv6Type#isNeighbourDiscovery].
    public int type()            { return Wire.u8(memory, base + TYPE); }
    /// R, S and O as they stand in the three high bits.
    public int flags()           { return Wire.u8(memory, base + FLAGS); }
    public boolean isRouter()    { return (flags() & ROUTER) != 0; }
    public boolean isSolicited() { return (flags() & SOLICITED) != 0; }
    public boolean isOverride()  { return (flags() & OVERRIDE) != 0; }
    public long targetHigh()     { return Wire.i64(memory, base + TARGET_HIGH); }
    public long targetLow()      { return Wire.i64(memory, base + TARGET_LOW); }

    /// Where the options begin, from the message's first byte.
    public int optionsAt() {
        return switch (type()) {
            case Icmpv6Type.ROUTER_SOLICITATION -> ROUTER_SOLICITATION_BYTES;
            case Icmpv6Type.ROUTER_ADVERTISEMENT -> ROUTER_ADVERTISEMENT_BYTES;
            case Icmpv6Type.REDIRECT -> REDIRECT_BYTES;
            default -> NEIGHBOUR_BYTES;
        };
    }

    /// Sets the type and code 0.
    public void type(int value) {
        Wire.u8(memory, base + TYPE, value);
        Wire.u8(memory, base + CODE, 0);
    }

    /// Sets the three flags and clears the reserved bits behind them.
    public void flags(boolean isRouter, boolean isSolicited, boolean isOverride) {
        int flags = (isRouter ? ROUTER : 0) | (isSolicited ? SOLICITED : 0) | (isOverride ? OVERRIDE : 0);
        Wire.i32(memory, base + FLAGS, flags << 24);
    }

    public void targetHigh(long value) { Wire.i64(memory, base + TARGET_HIGH, value); }
    public void targetLow(long value)  { Wire.i64(memory, base + TARGET_LOW, value); }

    /// Redirect: the destination that goes another way.
    public void destination(long high, long low) {
        Wire.i64(memory, base + DESTINATION_HIGH, high);
        Wire.i64(memory, base + DESTINATION_LOW, low);
    }
}
