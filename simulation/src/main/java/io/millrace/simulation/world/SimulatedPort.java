package io.millrace.simulation.world;

import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// A port whose wire is a list of frames with times, and who tells what becomes of each frame.
final class SimulatedPort implements TimedPort {

    /// Who is told.
    interface Far {

        /// A frame came out; `isLost` where the link was down.
        void left(int port, byte[] frame, boolean isLost, long nowNs);

        /// A frame was taken from the wire.
        void taken(int port, byte[] frame);

        /// A frame that came in was not handed on.
        void refused(int port, byte[] frame);
    }

    private static final int FRAME_BYTES_MAX = 9_018;

    private record Arrival(byte[] frame, long atNs) {}

    private final String name;
    private final int index;
    private final MemorySegment memory;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final Far far;
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    private final PortCounters counters = new PortCounters();
    private final PortCapabilities capabilities =
        new PortCapabilities(1, 1, FRAME_BYTES_MAX, PortCapabilities.LINK_TYPE_ETHERNET, true);
    private boolean isDown;
    private boolean isHolding;
    private int takesMax = Burst.PACKETS_MAX;

    SimulatedPort(PacketMemory packets, String name, int index, Far far) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.name = name;
        this.index = index;
        this.far = far;
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }
    @Override public boolean isExhausted()           { return false; }

    void arrive(byte[] frame, long atNs) {
        arrivals.add(new Arrival(frame, atNs));
    }

    int waitingCount() {
        return arrivals.size();
    }

    /// The link is down: what comes in is dropped at the port, what goes out is taken and lost.
    void isDown(boolean yes) {
        isDown = yes;
    }

    /// The wire holds back what comes in.
    void isHolding(boolean yes) {
        isHolding = yes;
    }

    /// How many packets it takes at once; 0 is a stuck queue.
    void takesMax(int packetCount) {
        takesMax = packetCount;
    }

    @Override
    public long nextReceiveNs() {
        return arrivals.isEmpty() ? NEVER : arrivals.peek().atNs();
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int before = burst.count();
        while (!isHolding && burst.room() > 0 && nextReceiveNs() <= nowNs) {
            Arrival next = arrivals.poll();
            byte[] frame = next.frame();
            counters.received(1, frame.length);
            int packet = isDown ? NONE : slots.allocate(pool, frame.length, index, queue, next.atNs());
            if (packet == NONE) {
                counters.receiveDropped(1);
                far.refused(index, frame);
                continue;
            }
            copyIn(packet, frame);
            far.taken(index, frame);
            burst.add(packet);
        }
        return burst.count() - before;
    }

    private void copyIn(int packet, byte[] frame) {
        MemorySegment from = MemorySegment.ofArray(frame);
        int done = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
            Wire.copy(from, done, memory, meta.frameAt(slot), meta.slotBytes(slot));
            done += meta.slotBytes(slot);
        }
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        int takenCount = Math.min(burst.count(), takesMax);
        for (int i = 0; i < takenCount; i++) {
            byte[] frame = bytes(memory, meta, burst.packet(i));
            pool.release(burst.packet(i));
            if (isDown) counters.transmitDropped(1);
            else counters.sent(1, frame.length);
            far.left(index, frame, isDown, nowNs);
        }
        return takenCount;
    }

    /// The bytes of a packet, whatever slots they lie in.
    static byte[] bytes(MemorySegment memory, PacketMeta meta, int packet) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        MemorySegment to = MemorySegment.ofArray(bytes);
        int done = 0;
        for (int slot = packet; slot != NONE && done < bytes.length; slot = meta.next(slot)) {
            int partBytes = Math.min(meta.slotBytes(slot), bytes.length - done);
            Wire.copy(memory, meta.frameAt(slot), to, done, partBytes);
            done += partBytes;
        }
        if (done != bytes.length) throw new IllegalStateException("a packet whose slots hold " + done + " of its "
            + bytes.length + " bytes");
        return bytes;
    }

    @Override
    public void close() {}
}
