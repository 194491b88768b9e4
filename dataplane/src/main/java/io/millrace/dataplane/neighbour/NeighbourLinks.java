package io.millrace.dataplane.neighbour;

import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The reading side of a [NeighbourTable] for what is done to every packet: a memory that never moves, so that a stage
/// can hold it as a constant.
///
/// @param entries the table's entries, [NeighbourEntries]
public record NeighbourLinks(MemorySegment entries) {

    /// True if there is a MAC address to send to and nothing to be done about it; else ask [NeighbourTable#use].
    public boolean isConnected(int entry) {
        return (NeighbourEntries.state(entries, entry) & NeighbourState.CONNECTED) != 0;
    }

    /// Writes the Ethernet header and tags of the entry so that they end at `endAt` of the packet memory, and returns
    /// how many bytes that is. The 24 bytes in front of `endAt` may be overwritten.
    public int writeHeader(int entry, MemorySegment packets, long endAt, int etherType) {
        int headerBytes = NeighbourEntries.headerBytes(entries, entry);
        long from = NeighbourEntries.headerEnd(entry);
        if (headerBytes == NeighbourEntries.UNTAGGED_BYTES) {
            Wire.i64(packets, endAt - 14, Wire.i64(entries, from - 14));
            Wire.i32(packets, endAt - 6, Wire.i32(entries, from - 6));
            Wire.u16(packets, endAt - 2, etherType);
        } else {
            Wire.i64(packets, endAt - 24, Wire.i64(entries, from - 24));
            Wire.i64(packets, endAt - 16, Wire.i64(entries, from - 16));
            Wire.i64(packets, endAt - 8, Wire.i64(entries, from - 8) | etherType);
        }
        return headerBytes;
    }
}
