package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// One worker's free slots: last in, first out, because a slot freed a moment ago is still in cache. Behind it, shared
/// by all pools of one memory, lies a ring that a pool draws from when it runs empty and feeds when it overflows.
///
/// Touched by its worker alone. Under `-ea` a released slot is filled with `0xDE`, and releasing it twice names both
/// places.
public final class PacketPool {

    /// Slots a pool keeps before it gives half of them back to the ring that all pools share.
    private static final int KEPT_MAX = 4096;

    /// Marks a slot's metadata as free under `-ea`; a slot in use holds `NONE` or a slot number there.
    private static final int FREED = 0xDEDEDEDE;
    private static final byte POISON = (byte) 0xDE;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FreeRing shared;
    private final int[] free;
    private final Throwable[] releasedAt;   // under -ea: where each slot was released, null while it is in use
    private int freeCount;

    /// The first pool of a memory; it owns every slot until others take from the shared ring.
    public PacketPool(Arena arena, PacketMemory packets) {
        this(packets, new FreeRing(arena, packets.slotCount()), new Throwable[packets.slotCount()]);
        for (int packet = packets.slotCount() - 1; packet >= 0; packet--) {
            shared.put(packet);
        }
    }

    private PacketPool(PacketMemory packets, FreeRing shared, Throwable[] releasedAt) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.shared = shared;
        this.free = new int[Math.min(KEPT_MAX, packets.slotCount())];
        this.releasedAt = releasedAt;
    }

    /// A pool for another worker over the same memory.
    public PacketPool another() {
        return new PacketPool(packets, shared, releasedAt);
    }

    public PacketMemory packets() {
        return packets;
    }

    /// A slot with undefined content (see [PacketMeta#begin]), or `NONE` when there is none left.
    public int allocate() {
        if (freeCount == 0 && !refill()) return NONE;
        int packet = free[--freeCount];
        assert markTaken(packet);
        return packet;
    }

    /// Takes back a packet with its whole chain. It must not be used afterwards.
    public void release(int packet) {
        int slot = packet;
        do {
            int next = meta.next(slot);
            assert markReleased(slot);
            if (freeCount == free.length) spill();
            free[freeCount++] = slot;
            slot = next;
        } while (slot != NONE);
    }

    /// Takes back every packet of the burst and empties it.
    public void releaseAll(Burst burst) {
        for (int i = 0; i < burst.count(); i++) {
            release(burst.packet(i));
        }
        burst.clear();
    }

    private boolean refill() {
        int wantedCount = Math.max(1, free.length / 2);
        while (freeCount < wantedCount) {
            int packet = shared.take();
            if (packet == NONE) break;
            free[freeCount++] = packet;
        }
        // The ring gave them in rising order; the top of the stack should be the lowest, as if just released.
        for (int low = 0, high = freeCount - 1; low < high; low++, high--) {
            int swapped = free[low];
            free[low] = free[high];
            free[high] = swapped;
        }
        return freeCount > 0;
    }

    private void spill() {
        int spilledCount = Math.max(1, free.length / 2);
        for (int i = 0; i < spilledCount; i++) {
            shared.put(free[i]);   // the oldest: the recently freed stay here
        }
        System.arraycopy(free, spilledCount, free, 0, freeCount - spilledCount);
        freeCount -= spilledCount;
    }

    private boolean markTaken(int packet) {
        releasedAt[packet] = null;
        meta.next(packet, NONE);
        return true;
    }

    private boolean markReleased(int packet) {
        Throwable first = releasedAt[packet];
        if (first != null) {
            var error = new AssertionError("packet " + packet + " released twice: here, and where the cause says", first);
            throw error;
        }
        releasedAt[packet] = new Throwable("packet " + packet + " was first released here");
        MemorySegment memory = packets.segment();
        memory.asSlice(packets.slotAt(packet), PacketMemory.SLOT_BYTES).fill(POISON);
        assert meta.next(packet) == FREED;
        return true;
    }
}
