package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// One worker's free slots: last in, first out, because a slot freed a moment ago is still in cache. Behind it, shared
/// by all pools of one memory, lies a ring that a pool draws from when it runs empty and feeds when it overflows.
///
/// Touched by its worker alone. Under `-ea` a released slot is filled with `0xDE`; releasing it twice names both
/// places, and writing to it names the place of its release when it is next allocated.
public final class PacketPool {

    /// Slots a pool keeps before it gives half of them back to the ring that all pools share.
    public static final int KEPT_MAX = 4096;

    /// What a free slot holds under `-ea`.
    private static final MemorySegment POISON =
        MemorySegment.ofArray(new byte[PacketMemory.CHUNK_BYTES]).fill((byte) 0xDE);

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FreeRing shared;
    private final int[] free;
    private final Throwable[] releasedAt;   // under -ea: where each slot was released, null while it is in use
    private int freeCount;

    /// The first pool of a memory; it owns every slot until others take from the shared ring.
    public PacketPool(Arena arena, PacketMemory packets) {
        this(packets, new FreeRing(arena, packets.slotCount()), new Throwable[packets.slotCount()]);
        for (int packet = 0; packet < packets.slotCount(); packet++) {
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

    /// A slot that is no chain and may be released as it is, else with undefined content (see [PacketMeta#begin]); or
    /// `NONE` when there is none left.
    public int allocate() {
        if (freeCount == 0 && !refill()) return NONE;
        int packet = free[--freeCount];
        assert markTaken(packet);
        meta.next(packet, NONE);
        return packet;
    }

    /// Adds up to `wantedCount` slots to the burst, each as [#allocate()] gives it; returns how many.
    public int allocate(Burst burst, int wantedCount) {
        assert wantedCount <= burst.room() : wantedCount;
        int takenCount = 0;
        while (takenCount < wantedCount) {
            if (freeCount == 0 && !refill()) break;
            int runCount = Math.min(wantedCount - takenCount, freeCount);
            for (int i = 0; i < runCount; i++) {
                int packet = free[--freeCount];
                assert markTaken(packet);
                meta.next(packet, NONE);
                burst.add(packet);
            }
            takenCount += runCount;
        }
        return takenCount;
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

    /// Slots that this pool could still give: its own and those in the ring behind. Exact while no other pool is at
    /// work.
    public int freeCount() {
        return freeCount + shared.count();
    }

    /// Cuts a packet to its first `packetBytes` bytes, which it has at least; slots that hold none of them are taken
    /// back.
    public void trim(int packet, int packetBytes) {
        assert packetBytes <= meta.packetBytes(packet) : packetBytes;
        meta.packetBytes(packet, packetBytes);
        int slot = packet;
        int leftBytes = packetBytes;
        while (leftBytes > meta.slotBytes(slot)) {
            leftBytes -= meta.slotBytes(slot);
            slot = meta.next(slot);
        }
        meta.slotBytes(slot, leftBytes);
        int behind = meta.next(slot);
        if (behind == NONE) return;
        meta.next(slot, NONE);
        meta.last(packet, slot == packet ? NONE : slot);
        release(behind);
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
        // The ring of a fresh memory gives them in rising order; keep it, neighbours in memory are used together.
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
        Throwable release = releasedAt[packet];
        if (release != null && slot(packet).mismatch(POISON) >= 0) {
            throw new AssertionError("packet " + packet + " was written to after its release, see the cause", release);
        }
        releasedAt[packet] = null;
        return true;
    }

    private boolean markReleased(int packet) {
        Throwable first = releasedAt[packet];
        if (first != null) {
            throw new AssertionError("packet " + packet + " released twice: here, and where the cause says", first);
        }
        releasedAt[packet] = new Throwable("packet " + packet + " was first released here");
        slot(packet).copyFrom(POISON);
        return true;
    }

    private MemorySegment slot(int packet) {
        return packets.segment().asSlice(packets.slotAt(packet), PacketMemory.CHUNK_BYTES);
    }
}
