package io.millrace.packet.memory;

import java.lang.foreign.MemorySegment;

/// Copies packets, slot by slot, for one thread: the copies come from its pool.
public final class PacketCopy {

    private final PacketPool pool;
    private final PacketMeta meta;
    private final MemorySegment memory;

    public PacketCopy(PacketPool pool) {
        this.pool = pool;
        this.meta = new PacketMeta(pool.packets());
        this.memory = pool.packets().segment();
    }

    /// Another packet with the same bytes, of which the same is known; `PacketMemory.NONE` if packet memory is
    /// exhausted.
    public int of(int packet) {
        int copy = pool.allocate();
        if (copy == PacketMemory.NONE) return PacketMemory.NONE;
        meta.beginFrom(packet, copy, meta.dataAt(packet), meta.slotBytes(packet));
        Wire.copy(memory, meta.frameAt(packet), memory, meta.frameAt(copy), meta.slotBytes(packet));
        int before = copy;
        for (int slot = meta.next(packet); slot != PacketMemory.NONE; slot = meta.next(slot)) {
            int next = pool.allocate();
            if (next == PacketMemory.NONE) {
                pool.release(copy);
                return PacketMemory.NONE;
            }
            meta.beginFrom(slot, next, meta.dataAt(slot), meta.slotBytes(slot));
            Wire.copy(memory, meta.frameAt(slot), memory, meta.frameAt(next), meta.slotBytes(slot));
            meta.next(before, next);
            meta.last(copy, next);
            before = next;
        }
        meta.packetBytes(copy, meta.packetBytes(packet));
        return copy;
    }
}
