package io.millrace.nic.sim.ring;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Off-heap ring of packet descriptors between exactly one producer and one consumer.
///
/// ```
///  0             128               256
///  | completed   | doorbell        | descriptor 0 | descriptor 1 | …
///
///  descriptor: i64 address in the UMEM   i32 bytes of the packet   i32 options
/// ```
///
/// A descriptor has the shape of AF_XDP's `xdp_desc`; what else is known of its packet lies in the metadata in front
/// of the frame, as XDP's does. The producer writes descriptors ([#put]) that nobody sees until it rings the doorbell
/// ([#ring]). The consumer takes them ([#take]) and completes them ([#complete]), at once or later; only what is
/// completed makes room. Handing a descriptor over hands its packet over.
///
/// Both counters only ever grow. Each side keeps its own place in plain fields, and a copy of the other side's counter
/// that it refreshes when the copy promises too little. The counters lie 128 bytes apart.
public final class DescriptorRing {

    public static final int SLOTS_MIN = 64;
    public static final int SLOTS_MAX = 4096;
    public static final int DESCRIPTOR_BYTES = 16;

    private static final VarHandle CURSOR = ValueLayout.JAVA_LONG.varHandle();
    private static final long COMPLETED = 0;
    private static final long DOORBELL = 128;
    private static final long DESCRIPTORS = 256;
    private static final int LENGTH = 8;
    private static final int OPTIONS = 12;

    private final MemorySegment memory;
    private final int slotCount;
    private final Producing producing = new Producing();
    private final Consuming consuming = new Consuming();

    /// The producer's own.
    private static final class Producing {
        private long put;
        private long completedSeen;
    }

    /// The consumer's own.
    private static final class Consuming {
        private long taken;
        private long completed;
        private long doorbellSeen;
    }

    /// @param slotCount a power of two from [#SLOTS_MIN] to [#SLOTS_MAX]
    public DescriptorRing(Arena arena, int slotCount) {
        Check.that(isSize(slotCount), "a ring has a power of two of slots, 64 to 4096", slotCount);
        this.memory = arena.allocate(DESCRIPTORS + (long) DESCRIPTOR_BYTES * slotCount + 128, 128);
        this.slotCount = slotCount;
    }

    public static boolean isSize(int slotCount) {
        return slotCount >= SLOTS_MIN && slotCount <= SLOTS_MAX && Integer.bitCount(slotCount) == 1;
    }

    public int slotCount() {
        return slotCount;
    }

    /// Producer. How many descriptors fit, at least as far as `wanted` asks.
    public int room(int wanted) {
        long room = slotCount - (producing.put - producing.completedSeen);
        if (room < wanted) {
            producing.completedSeen = (long) CURSOR.getAcquire(memory, COMPLETED);
            room = slotCount - (producing.put - producing.completedSeen);
        }
        return (int) room;
    }

    /// Producer. Writes the next descriptor; there must be room. Nobody sees it before [#ring].
    public void put(long address, int bytes, int options) {
        assert room(1) > 0 : "ring is full";
        long at = at(producing.put++);
        Wire.hostI64(memory, at, address);
        Wire.hostI32(memory, at + LENGTH, bytes);
        Wire.hostI32(memory, at + OPTIONS, options);
    }

    /// Producer. Rings the doorbell: what was put is the consumer's.
    public void ring() {
        CURSOR.setRelease(memory, DOORBELL, producing.put);
    }

    /// Consumer. How many descriptors are there to be taken, at least as far as `wanted` asks.
    public int ready(int wanted) {
        long ready = consuming.doorbellSeen - consuming.taken;
        if (ready < wanted) {
            consuming.doorbellSeen = (long) CURSOR.getAcquire(memory, DOORBELL);
            ready = consuming.doorbellSeen - consuming.taken;
        }
        return (int) ready;
    }

    /// Consumer. The address in the next descriptor, which must be ready; it stays the next one.
    public long address() {
        return Wire.hostI64(memory, at(consuming.taken));
    }

    public int bytes() {
        return Wire.hostI32(memory, at(consuming.taken) + LENGTH);
    }

    public int options() {
        return Wire.hostI32(memory, at(consuming.taken) + OPTIONS);
    }

    /// Consumer. Goes on behind the next descriptor.
    public void take() {
        assert ready(1) > 0 : "ring is empty";
        consuming.taken++;
    }

    /// Consumer. Completes the first `count` of those that were taken and not completed: the producer may use their
    /// places again.
    public void complete(int count) {
        assert count <= consuming.taken - consuming.completed : count;
        consuming.completed += count;
        CURSOR.setRelease(memory, COMPLETED, consuming.completed);
    }

    /// Consumer. Taken, not completed.
    public int takenCount() {
        return (int) (consuming.taken - consuming.completed);
    }

    /// Descriptors whose doorbell was rung and that are not completed; exact when neither side is at work.
    public int count() {
        long completed = (long) CURSOR.getAcquire(memory, COMPLETED);
        return (int) ((long) CURSOR.getAcquire(memory, DOORBELL) - completed);
    }

    private long at(long cursor) {
        return DESCRIPTORS + (cursor & slotCount - 1) * DESCRIPTOR_BYTES;
    }
}
