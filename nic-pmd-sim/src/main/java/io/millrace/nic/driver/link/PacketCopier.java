package io.millrace.nic.driver.link;

import io.millrace.nic.port.FrameSlots;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Makes packets of the same bytes as others, for whoever needs one twice.
public final class PacketCopier {

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final FrameSlots slots;

    public PacketCopier(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
    }

    /// A packet with the bytes of another and nothing known of it; `NONE` where the pool has too few slots.
    public int copy(int packet, PacketPool pool, long timeNs) {
        int copy = slots.allocate(pool, meta.packetBytes(packet), 0, 0, timeNs);
        if (copy == NONE) return NONE;
        // Slots may be cut differently: byte ranges are copied from one chain to the other.
        int from = packet;
        int to = copy;
        int fromDone = 0;
        int toDone = 0;
        while (from != NONE && to != NONE) {
            int partBytes = Math.min(meta.slotBytes(from) - fromDone, meta.slotBytes(to) - toDone);
            Wire.copy(memory, meta.frameAt(from) + fromDone, memory, meta.frameAt(to) + toDone, partBytes);
            fromDone += partBytes;
            toDone += partBytes;
            if (fromDone == meta.slotBytes(from)) {
                from = meta.next(from);
                fromDone = 0;
            }
            if (toDone == meta.slotBytes(to)) {
                to = meta.next(to);
                toDone = 0;
            }
        }
        return copy;
    }
}
