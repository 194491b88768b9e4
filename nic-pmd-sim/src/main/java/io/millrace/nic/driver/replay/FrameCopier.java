package io.millrace.nic.driver.replay;

import io.millrace.nic.port.FrameSlots;
import io.millrace.packet.memory.CacheLines;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import static io.millrace.packet.memory.PacketMemory.FRAME_AT;
import static io.millrace.packet.memory.PacketMemory.FRAME_BYTES_MAX;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Copies frames of a [FrameStore] into slots, for who does it at a pace. [ReplayPort], which does nothing else, has
/// the same in its own loop: calling this instead cost it 13 ns a packet of 6 (`bench io`).
public final class FrameCopier {

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final FrameStore frames;
    private final int port;

    /// @param port index of the port that packets are received from
    public FrameCopier(PacketMemory packets, FrameStore frames, int port) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.frames = frames;
        this.port = port;
    }

    /// A packet with this frame; `NONE`, and nothing is taken, where the pool has too few slots.
    public int copy(int frame, PacketPool pool, long receiveNs) {
        int packet = pool.allocate();
        if (packet == NONE || fill(packet, frame, pool, receiveNs)) return packet;
        pool.release(packet);
        return NONE;
    }

    /// Makes a slot the first of a packet with this frame. False where the pool has too few further ones: then the
    /// packet can only be released.
    boolean fill(int packet, int frame, PacketPool pool, long receiveNs) {
        long place = frames.place(frame);
        int frameBytes = FrameStore.bytes(place);
        if (!slots.begin(packet, pool, frameBytes, port, 0, receiveNs)) return false;
        copy(place, packet, frameBytes);
        if (!frames.isPlain()) {
            meta.linkType(packet, frames.linkType(frame));
            meta.originalBytes(packet, frames.originalBytes(frame));
        }
        return true;
    }

    /// Copies whole cache lines: what lies behind the frame's end in its last slot is nobody's.
    private void copy(long place, int packet, int frameBytes) {
        long from = FrameStore.at(place);
        long target = packets.slotAt(packet) + FRAME_AT;
        if (frameBytes <= CacheLines.LINE_BYTES) {
            CacheLines.copyOne(frames.memory(), from, packets.segment(), target);
        } else if (frameBytes <= FRAME_BYTES_MAX) {
            Wire.copy(frames.memory(), from, packets.segment(), target, frameBytes);
        } else {
            copyChain(from, packet, frameBytes);
        }
    }

    private void copyChain(long from, int packet, int frameBytes) {
        int copiedBytes = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            Wire.copy(frames.memory(), from + copiedBytes, packets.segment(), packets.slotAt(slot) + FRAME_AT,
                slotBytes);
            copiedBytes += slotBytes;
        }
        assert copiedBytes == frameBytes : copiedBytes;
    }
}
