package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of a GRE header in packet memory (RFC 2784, 2890; version 1, which PPTP uses: RFC 2637 §4.1).
///
/// ```
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-+-+-+-+-------+-+-------+-----+-------------------------------+
///  |C|R|K|S|  …    |A|  …    |vers.|       protocol type           |
///  +-+-+-+-+-------+-+-------+-----+-------------------------------+
///  |  C:  checksum                 |  reserved                     |
///  +-------------------------------+-------------------------------+
///  |  K:  key                         (version 1: payload bytes,   |
///  |                                   then call id)               |
///  +---------------------------------------------------------------+
///  |  S:  sequence number                                          |
///  +---------------------------------------------------------------+
///  |  A:  acknowledgement number (version 1)                       |
///  +---------------------------------------------------------------+
/// ```
///
/// Only the fields whose bit is set are there, one behind the other.
///
/// Call [#isValid] first. The other accessors trust its answer and look at no length; an optional field may be read or
/// written only where its bit is set. Setting the flags invalidates that answer and moves the fields.
public final class GreView {

    public static final int HEADER_BYTES_MIN = 4;
    public static final int HEADER_BYTES_MAX = 16;

    public static final int CHECKSUM_PRESENT = 0x8000;
    /// Source routing (RFC 1701), which RFC 2784 took out.
    public static final int ROUTING_PRESENT = 0x4000;
    public static final int KEY_PRESENT = 0x2000;
    public static final int SEQUENCE_PRESENT = 0x1000;
    public static final int ACKNOWLEDGEMENT_PRESENT = 0x0080;
    public static final int VERSION_MASK = 0x0007;

    private static final int FLAGS = 0;
    private static final int TYPE = 2;
    private static final int FIRST_OPTIONAL = 4;

    private final MemorySegment memory;
    private long base;

    public GreView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public GreView at(long offset) {
        this.base = offset;
        return this;
    }

    /// True if the header with its optional fields lies within `bytesAvailable`, its version is 0 or 1, and it holds
    /// no source route, whose length no field tells.
    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES_MIN
            && version() <= 1
            && (flags() & ROUTING_PRESENT) == 0
            && headerBytes() <= bytesAvailable;
    }

    /// The bits in front of the protocol type, version among them.
    public int flags()   { return Wire.u16(memory, base + FLAGS); }
    public int version() { return flags() & VERSION_MASK; }
    /// An [EtherType].
    public int type()    { return Wire.u16(memory, base + TYPE); }

    public boolean hasChecksum()        { return (flags() & CHECKSUM_PRESENT) != 0; }
    public boolean hasKey()             { return (flags() & KEY_PRESENT) != 0; }
    public boolean hasSequence()        { return (flags() & SEQUENCE_PRESENT) != 0; }
    public boolean hasAcknowledgement() { return version() == 1 && (flags() & ACKNOWLEDGEMENT_PRESENT) != 0; }

    /// Where the optional fields lie, from the header's first byte.
    public int checksumAt()        { return FIRST_OPTIONAL; }
    public int keyAt()             { return FIRST_OPTIONAL + (hasChecksum() ? 4 : 0); }
    public int sequenceAt()        { return keyAt() + (hasKey() ? 4 : 0); }
    public int acknowledgementAt() { return sequenceAt() + (hasSequence() ? 4 : 0); }
    public int headerBytes()       { return acknowledgementAt() + (hasAcknowledgement() ? 4 : 0); }

    public int checksum()        { return Wire.u16(memory, base + checksumAt()); }
    public int key()             { return Wire.i32(memory, base + keyAt()); }
    public int sequence()        { return Wire.i32(memory, base + sequenceAt()); }
    public int acknowledgement() { return Wire.i32(memory, base + acknowledgementAt()); }

    public void flags(int value)           { Wire.u16(memory, base + FLAGS, value); }
    public void type(int value)            { Wire.u16(memory, base + TYPE, value); }

    /// Sets the checksum and clears the reserved bytes behind it.
    public void checksum(int value) {
        assert hasChecksum();
        Wire.i32(memory, base + checksumAt(), value << 16);
    }

    public void key(int value) {
        assert hasKey();
        Wire.i32(memory, base + keyAt(), value);
    }

    public void sequence(int value) {
        assert hasSequence();
        Wire.i32(memory, base + sequenceAt(), value);
    }

    public void acknowledgement(int value) {
        assert hasAcknowledgement();
        Wire.i32(memory, base + acknowledgementAt(), value);
    }
}
