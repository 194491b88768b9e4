package io.millrace.packet.header;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// View of an Ethernet II header in packet memory (IEEE 802.3 §3, RFC 894). MAC addresses are 48 bits in a `long`.
///
/// ```
///  0            6            12         14
///  +------------+------------+----------+
///  |   target   |   source   | EtherType|
///  +------------+------------+----------+
/// ```
public final class EthernetView {

    public static final int HEADER_BYTES = 14;
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final int TARGET = 0;
    private static final int SOURCE = 6;
    private static final int ETHER_TYPE = 12;

    private final MemorySegment memory;
    private long base;

    public EthernetView(PacketMemory packets) {
        this.memory = packets.segment();
    }

    /// Points this view at a header beginning at `offset` in the segment.
    public EthernetView at(long offset) {
        this.base = offset;
        return this;
    }

    public boolean isValid(int bytesAvailable) {
        return bytesAvailable >= HEADER_BYTES;
    }

    public long target() { return Wire.u48(memory, base + TARGET); }
    public long source() { return Wire.u48(memory, base + SOURCE); }
    public int etherType() { return Wire.u16(memory, base + ETHER_TYPE); }

    public void target(long value) { Wire.u48(memory, base + TARGET, value); }
    public void source(long value) { Wire.u48(memory, base + SOURCE, value); }
    public void etherType(int value) { Wire.u16(memory, base + ETHER_TYPE, value); }
}
