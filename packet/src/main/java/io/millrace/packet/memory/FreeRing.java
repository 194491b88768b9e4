package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Free slots shared by all workers: a bounded ring with any number of producers and consumers (after Vyukov's
/// queue: each cell carries a sequence number that says whose turn it is). Large enough for every slot of the
/// memory, so putting one back never fails; it waits at most for a thread that is just leaving the cell it needs.
///
/// ```
///  0        128      256
///  | head   | tail   | cell 0: i64 sequence, i32 packet, pad | …
/// ```
final class FreeRing {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long HEAD = 0;
    private static final long TAIL = 128;
    private static final long CELLS = 256;
    private static final int CELL_BYTES = 16;
    private static final int PACKET = 8;

    private final MemorySegment memory;
    private final int mask;

    FreeRing(Arena arena, int slotCount) {
        int cellCount = Integer.highestOneBit(Math.max(1, slotCount - 1)) << 1;
        this.memory = arena.allocate(CELLS + (long) cellCount * CELL_BYTES, 128);
        this.mask = cellCount - 1;
        for (int i = 0; i < cellCount; i++) {
            LONG.set(memory, cell(i), (long) i);
        }
    }

    void put(int packet) {
        while (true) {
            long tail = (long) LONG.getVolatile(memory, TAIL);
            long cell = cell(tail);
            long sequence = (long) LONG.getAcquire(memory, cell);
            if (sequence < tail) {
                // Full, or a thread that took this cell's slot one round ago has not left the cell yet.
                assert tail - (long) LONG.getVolatile(memory, HEAD) <= mask : "more free slots than there are slots";
                Thread.onSpinWait();
            } else if (sequence == tail && LONG.compareAndSet(memory, TAIL, tail, tail + 1)) {
                Wire.hostI32(memory, cell + PACKET, packet);
                LONG.setRelease(memory, cell, tail + 1);
                return;
            }
        }
    }

    /// A free slot, or `NONE`: there is none, or the next in turn is just being put back.
    int take() {
        while (true) {
            long head = (long) LONG.getVolatile(memory, HEAD);
            long cell = cell(head);
            long sequence = (long) LONG.getAcquire(memory, cell);
            if (sequence <= head) return PacketMemory.NONE;
            if (sequence == head + 1 && LONG.compareAndSet(memory, HEAD, head, head + 1)) {
                int packet = Wire.hostI32(memory, cell + PACKET);
                LONG.setRelease(memory, cell, head + mask + 1);
                return packet;
            }
        }
    }

    /// Slots in the ring; a little wrong while others put and take.
    int count() {
        return (int) ((long) LONG.getVolatile(memory, TAIL) - (long) LONG.getVolatile(memory, HEAD));
    }

    private long cell(long cursor) {
        return CELLS + CELL_BYTES * (cursor & mask);
    }
}
