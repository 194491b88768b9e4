package io.millrace.packet.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Off-heap ring of packets between exactly one producer and one consumer thread.
///
/// ```
///  0                   128                 256
///  | head, tail seen   | tail, head seen   | slot 0 | slot 1 | … (i32 each)
/// ```
///
/// The producer writes `tail`, the consumer writes `head`; each reads the other's with acquire, and only when its own
/// copy of it ("seen") promises too little. What the two threads write lies 128 bytes apart and from the slots, so that
/// they never write to one cache line (nor to the pair the prefetcher fetches together). Handing a packet over hands
/// its slots and metadata over.
public final class PacketRing {

    private static final VarHandle CURSOR = ValueLayout.JAVA_LONG.varHandle();
    private static final long HEAD = 0;
    private static final long TAIL_SEEN = 8;
    private static final long TAIL = 128;
    private static final long HEAD_SEEN = 136;
    private static final long SLOTS = 256;

    private final MemorySegment memory;
    private final int slotCount;
    private final int mask;

    public PacketRing(Arena arena, int slotCount) {
        Check.that(slotCount > 0 && Integer.bitCount(slotCount) == 1, "slotCount must be a power of two", slotCount);
        this.memory = arena.allocate(SLOTS + 4L * slotCount + 128, 128);
        this.slotCount = slotCount;
        this.mask = slotCount - 1;
    }

    public int slotCount() {
        return slotCount;
    }

    /// Producer only. Adds the first packets of the burst, as many as fit; returns how many. They stay in the burst.
    public int offer(Burst burst) {
        int wantedCount = burst.count();
        long tail = (long) CURSOR.get(memory, TAIL);
        long room = slotCount - (tail - (long) CURSOR.get(memory, HEAD_SEEN));
        if (room < wantedCount) {
            long headSeen = (long) CURSOR.getAcquire(memory, HEAD);
            CURSOR.set(memory, HEAD_SEEN, headSeen);
            room = slotCount - (tail - headSeen);
        }
        int offeredCount = (int) Math.min(wantedCount, room);
        for (int i = 0; i < offeredCount; i++) {
            Wire.hostI32(memory, slot(tail + i), burst.packet(i));
        }
        CURSOR.setRelease(memory, TAIL, tail + offeredCount);   // publishes all of them at once
        return offeredCount;
    }

    /// Consumer only. Adds up to `burst.room()` packets to the burst; returns how many.
    public int poll(Burst burst) {
        long head = (long) CURSOR.get(memory, HEAD);
        long ready = (long) CURSOR.get(memory, TAIL_SEEN) - head;
        if (ready < burst.room()) {
            long tailSeen = (long) CURSOR.getAcquire(memory, TAIL);
            CURSOR.set(memory, TAIL_SEEN, tailSeen);
            ready = tailSeen - head;
        }
        int polledCount = (int) Math.min(burst.room(), ready);
        for (int i = 0; i < polledCount; i++) {
            burst.add(Wire.hostI32(memory, slot(head + i)));
        }
        CURSOR.setRelease(memory, HEAD, head + polledCount);
        return polledCount;
    }

    /// Packets in the ring; exact when neither side is at work.
    public int count() {
        return (int) ((long) CURSOR.getAcquire(memory, TAIL) - (long) CURSOR.getAcquire(memory, HEAD));
    }

    private long slot(long cursor) {
        return SLOTS + 4L * (cursor & mask);
    }
}
