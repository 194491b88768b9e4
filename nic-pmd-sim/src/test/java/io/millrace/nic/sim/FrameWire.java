package io.millrace.nic.sim;

import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.PacketReader;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// A wire that gives the frames it is told, and keeps those it is given.
final class FrameWire implements TimedPort {

    private record Arriving(byte[] bytes, int linkType, long atNs) {}

    private final int index;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final PacketReader reader;
    private final MemorySegment scratch;
    private final PortCounters counters = new PortCounters();
    private final Deque<Arriving> arriving = new ArrayDeque<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final int scratchPacket;
    private int room = Integer.MAX_VALUE;

    /// @param pool a slot of it is kept
    FrameWire(int index, PacketPool pool) {
        this.index = index;
        this.packets = pool.packets();
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.reader = new PacketReader(packets);
        this.scratch = packets.segment();
        this.scratchPacket = pool.allocate();
    }

    FrameWire give(byte[] frame) {
        return give(frame, 1, 0);
    }

    FrameWire give(byte[] frame, int linkType, long atNs) {
        arriving.add(new Arriving(frame, linkType, atNs));
        return this;
    }

    /// Takes so many packets more.
    void room(int count) {
        room = count;
    }

    List<byte[]> sent() {
        return sent;
    }

    @Override public String name()           { return "wire" + index; }
    @Override public int index()             { return index; }
    @Override public PortCounters counters() { return counters; }
    @Override public boolean isExhausted()   { return arriving.isEmpty(); }
    @Override public long nextReceiveNs()    { return arriving.isEmpty() ? NEVER : arriving.peek().atNs(); }

    @Override
    public PortCapabilities capabilities() {
        return new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.ANY_LINK_TYPE, true);
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int count = 0;
        while (burst.room() > 0 && !arriving.isEmpty() && arriving.peek().atNs() <= nowNs) {
            Arriving next = arriving.peek();
            int packet = slots.allocate(pool, next.bytes().length, index, 0, next.atNs());
            if (packet == NONE) break;
            arriving.remove();
            meta.linkType(packet, next.linkType());
            int done = 0;
            for (int slot = packet; slot != NONE; slot = meta.next(slot)) {
                MemorySegment.copy(MemorySegment.ofArray(next.bytes()), done, scratch, meta.frameAt(slot),
                    meta.slotBytes(slot));
                done += meta.slotBytes(slot);
            }
            burst.add(packet);
            count++;
            counters.received(1, next.bytes().length);
        }
        return count;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        int taken = Math.min(room, burst.count());
        for (int i = 0; i < taken; i++) {
            sent.add(bytes(burst.packet(i)));
            counters.sent(1, meta.packetBytes(burst.packet(i)));
            pool.release(burst.packet(i));
        }
        room -= taken;
        return taken;
    }

    byte[] bytes(int packet) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        reader.from(packet, 0);
        long at = packets.slotAt(scratchPacket);
        for (int done = 0; done < bytes.length; ) {
            int part = Math.min(1024, bytes.length - done);
            reader.copy(at, part);
            for (int i = 0; i < part; i++) bytes[done + i] = (byte) Wire.u8(scratch, at + i);
            done += part;
        }
        return bytes;
    }

    @Override
    public void close() {}
}
