package io.millrace.nic.sim.audit;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.META_BYTES;
import static io.millrace.packet.memory.PacketMemory.NONE;

/// Copies of packets, one behind the other, from which the same packets can be made in another memory.
///
/// ```
///  | metadata of a slot, 128 | its bytes | metadata of the next slot | its bytes | ...
/// ```
///
/// Metadata is copied as it is, so where data begins in a slot, and what counts from there, stays true. Bounded in
/// bytes and in slots. One thread writes, then one reads; what hands the tape over is its owner's business.
final class PacketTape {

    /// What a burst of full frames needs, and a super-packet cut into full frames.
    static final int BYTES_MAX = 128 << 10;
    static final int SLOTS_MAX = 512;

    private final MemorySegment tape;
    private long endAt;
    private int slotCount;
    private int packetCount;

    PacketTape(Arena arena) {
        this.tape = arena.allocate(BYTES_MAX, Long.BYTES);
    }

    void clear() {
        endAt = 0;
        slotCount = 0;
        packetCount = 0;
    }

    int packetCount() {
        return packetCount;
    }

    /// Appends a copy of the packet; false, and nothing is appended, if it does not fit.
    boolean add(int packet, PacketMeta meta, MemorySegment memory) {
        long at = endAt;
        int slots = slotCount;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            if (slots == SLOTS_MAX || at + META_BYTES + slotBytes > BYTES_MAX) return false;
            Wire.copy(memory, PacketMemory.at(slot), tape, at, META_BYTES);
            Wire.copy(memory, meta.frameAt(slot), tape, at + META_BYTES, slotBytes);
            at += META_BYTES + slotBytes;
            slots++;
        }
        endAt = at;
        slotCount = slots;
        packetCount++;
        return true;
    }

    /// Makes all packets again, into `target` from 0 on. The pool has room for them.
    void play(PacketPool pool, PacketMeta meta, int[] target) {
        MemorySegment memory = pool.packets().segment();
        long at = 0;
        for (int i = 0; i < packetCount; i++) {
            int before = NONE;
            boolean hasMore = true;
            while (hasMore) {
                int slot = pool.allocate();
                Wire.copy(tape, at, memory, PacketMemory.at(slot), META_BYTES);
                int slotBytes = meta.slotBytes(slot);
                Wire.copy(tape, at + META_BYTES, memory, meta.frameAt(slot), slotBytes);
                at += META_BYTES + slotBytes;
                hasMore = meta.next(slot) != NONE;
                meta.next(slot, NONE);
                meta.last(slot, NONE);
                if (before == NONE) {
                    target[i] = slot;
                } else {
                    meta.next(before, slot);
                    meta.last(target[i], slot);
                }
                before = slot;
            }
        }
    }
}
