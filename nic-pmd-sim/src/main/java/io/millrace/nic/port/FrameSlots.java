package io.millrace.nic.port;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Gives a received frame its slots: one, or a chain where it is longer than a slot. For drivers, which then copy the
/// frame in, slot by slot.
public final class FrameSlots {

    private final PacketMeta meta;

    public FrameSlots(PacketMemory packets) {
        this.meta = new PacketMeta(packets);
    }

    /// The first slot of a packet of `frameBytes`, begun as [#begin] does. `NONE`, and nothing is taken, where the pool
    /// has too few slots.
    public int allocate(PacketPool pool, int frameBytes, int port, int queue, long receiveNs) {
        int packet = pool.allocate();
        if (packet == NONE || begin(packet, pool, frameBytes, port, queue, receiveNs)) return packet;
        pool.release(packet);
        return NONE;
    }

    /// Makes a slot the first of a packet of `frameBytes`: metadata begun, further slots taken and linked, the length
    /// of each set, the bytes of the frame undefined. False where the pool has too few: then the packet can only be
    /// released.
    public boolean begin(int packet, PacketPool pool, int frameBytes, int port, int queue, long receiveNs) {
        meta.begin(packet, Math.min(frameBytes, FRAME_BYTES_MAX), port, queue, receiveNs);
        return frameBytes <= FRAME_BYTES_MAX || chain(packet, pool, frameBytes, port, queue, receiveNs);
    }

    private boolean chain(int packet, PacketPool pool, int frameBytes, int port, int queue, long receiveNs) {
        meta.packetBytes(packet, frameBytes);
        int last = packet;
        for (int leftBytes = frameBytes - FRAME_BYTES_MAX; leftBytes > 0; leftBytes -= FRAME_BYTES_MAX) {
            int slot = pool.allocate();
            if (slot == NONE) return false;
            meta.begin(slot, Math.min(leftBytes, FRAME_BYTES_MAX), port, queue, receiveNs);
            meta.next(last, slot);
            meta.last(packet, slot);
            last = slot;
        }
        return true;
    }
}
