package io.millrace.packet.memory;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Copies a packet's bytes out of it in order, wherever slots of its chain begin and end. A tool of one worker; it
/// keeps its place between two calls, so a packet is copied part by part in one pass.
public final class PacketReader {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private int slot = NONE;
    private int slotOffset;

    public PacketReader(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
    }

    /// Goes to a byte of the packet, counted from its first; at most to its end.
    public PacketReader from(int packet, int offset) {
        assert offset >= 0 : offset;
        assert offset <= meta.packetBytes(packet) : offset;
        slot = packet;
        slotOffset = offset;
        return this;
    }

    /// Copies the next `byteCount` bytes, which the packet has, to `targetAt` in the same memory, and goes on behind
    /// them. The target must not overlap what is still to be read.
    public void copy(long targetAt, int byteCount) {
        int leftBytes = byteCount;
        while (leftBytes > 0) {
            int presentBytes = meta.slotBytes(slot) - slotOffset;
            if (presentBytes <= 0) {
                slotOffset -= meta.slotBytes(slot);
                slot = meta.next(slot);
                continue;
            }
            int partBytes = Math.min(presentBytes, leftBytes);
            Wire.copy(memory, meta.frameAt(slot) + slotOffset, memory, targetAt + byteCount - leftBytes, partBytes);
            slotOffset += partBytes;
            leftBytes -= partBytes;
        }
    }
}
