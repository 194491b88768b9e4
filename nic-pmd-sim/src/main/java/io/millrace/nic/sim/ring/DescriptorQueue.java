package io.millrace.nic.sim.ring;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import java.lang.foreign.Arena;

/// One queue of a port, in one direction: the ring in use, and how it is replaced by one of another size while packets
/// are on their way.
///
/// The producer goes on in the new ring at once; the consumer empties the old one first. So nothing is lost and nothing
/// overtakes. Packets are numbered from 0 in the order in which they were put, over all rings; the number of the last
/// one given away is what the order of a flow that changes sides hangs on.
///
/// Producer and consumer are one thread each.
public final class DescriptorQueue {

    private final Arena arena;
    private final PacketMeta meta;
    private volatile Segment newest;
    private Segment producing;
    private Segment consuming;
    private long putCount;
    private long rungCount;
    private long taken;

    /// A ring and the one that came after it.
    private static final class Segment {
        private final DescriptorRing ring;
        private volatile Segment next;

        Segment(DescriptorRing ring) {
            this.ring = ring;
        }
    }

    public DescriptorQueue(Arena arena, PacketMemory packets, int slotCount) {
        this.arena = arena;
        this.meta = new PacketMeta(packets);
        this.newest = new Segment(new DescriptorRing(arena, slotCount));
        this.producing = newest;
        this.consuming = newest;
    }

    /// Any thread: slots of the ring that the producer uses.
    public int slotCount() {
        return newest.ring.slotCount();
    }

    /// Producer. Goes on in a ring of another size. Memory of the old one is given back with the arena.
    public void resize(int slotCount) {
        if (slotCount == producing.ring.slotCount()) return;
        ring();
        var next = new Segment(new DescriptorRing(arena, slotCount));
        Segment before = producing;
        producing = next;
        newest = next;
        before.next = next;   // the consumer looks for it when the old ring is empty
    }

    /// Producer. Packets that fit, at least as far as `wanted` asks.
    public int room(int wanted) {
        return producing.ring.room(wanted);
    }

    /// Producer. Puts a packet, for which there must be room; seen from the next [#ring] on.
    public void put(int packet, int options) {
        producing.ring.put(PacketMemory.at(packet), meta.packetBytes(packet), options);
        putCount++;
    }

    /// Producer. Rings the doorbell.
    public void ring() {
        if (rungCount == putCount) return;
        rungCount = putCount;
        producing.ring.ring();
    }

    /// Producer. Packets put so far; the number that the next one gets.
    public long putCount() {
        return putCount;
    }

    /// Consumer. True if a packet is there; it is the one that [#peek] gives.
    public boolean hasNext() {
        while (consuming.ring.ready(1) == 0) {
            Segment next = consuming.next;
            if (next == null) return false;
            // What was put before the ring was replaced was published before it.
            if (consuming.ring.ready(1) > 0) return true;
            consuming = next;
        }
        return true;
    }

    /// Consumer. Packets that [#take(Burst, int)] gives for certain, at least as far as `wanted` asks and the ring in use
    /// goes.
    public int ready(int wanted) {
        return hasNext() ? consuming.ring.ready(wanted) : 0;
    }

    /// Consumer. The packet that [#hasNext].
    public int peek() {
        return (int) (consuming.ring.address() / PacketMemory.STRIDE_BYTES);
    }

    /// Consumer. Options of the packet that [#hasNext].
    public int options() {
        return consuming.ring.options();
    }

    /// Consumer. Takes and completes the packet that [#hasNext].
    public void take() {
        consuming.ring.take();
        consuming.ring.complete(1);
        taken++;
    }

    /// Consumer. Adds packets to the burst as long as there is room in it and there are any; they are completed
    /// together. Returns how many.
    public int take(Burst burst) {
        return take(burst, burst.room());
    }

    /// Consumer. As [#take(Burst)], and no more than so many.
    public int take(Burst burst, int packetsMax) {
        int before = burst.count();
        int left = Math.min(burst.room(), packetsMax);
        while (left > 0 && hasNext()) {
            DescriptorRing ring = consuming.ring;
            int count = Math.min(left, ring.ready(left));
            left -= count;
            for (int i = 0; i < count; i++) {
                burst.add(peek());
                ring.take();
            }
            ring.complete(count);
        }
        taken += burst.count() - before;
        return burst.count() - before;
    }

    /// Consumer. Packets taken so far.
    public long takenCount() {
        return taken;
    }

    /// Packets on their way; exact when neither side is at work.
    public int waitingCount() {
        return (int) (putCount - taken);
    }
}
