package io.millrace.nic.port;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Gives a received frame its slots: one, or a chain where it is longer than a slot. For drivers; the caller then
/// copies the frame in, slot by slot.
public final class FrameSlots {

    private final PacketMeta meta;

    public FrameSlots(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
    }

    /// The first slot of a packet of `frameBytes`, its metadata begun, its slots linked and their lengths set, its bytes
    /// undefined. `NONE`, and nothing is taken, where the pool has too few slots.
    public int allocate(PacketPool pool, int frameBytes, int port, int queue, long receiveNs) {
        int first = pool.allocate();
        if (first == NONE) return NONE;
        meta.begin(first, Math.min(frameBytes, FRAME_BYTES_MAX), port, queue, receiveNs);
        if (frameBytes <= FRAME_BYTES_MAX) return first;
        meta.packetBytes(first, frameBytes);
        int last = first;
        for (int leftBytes = frameBytes - FRAME_BYTES_MAX; leftBytes > 0; leftBytes -= FRAME_BYTES_MAX) {
            int slot = pool.allocate();
            if (slot == NONE) {
                pool.release(first);
                return NONE;
            }
            meta.begin(slot, Math.min(leftBytes, FRAME_BYTES_MAX), port, queue, receiveNs);
            meta.next(last, slot);
            meta.last(first, slot);
            last = slot;
        }
        return first;
    }
}
