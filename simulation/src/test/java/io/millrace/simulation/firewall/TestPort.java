package io.millrace.simulation.firewall;

import io.millrace.nic.port.FrameSlots;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A port whose wire is a test.
final class TestPort implements Port {

    final Deque<byte[]> toReceive = new ArrayDeque<>();
    final List<byte[]> sent = new ArrayList<>();
    boolean keepsSent = true;

    private final String name;
    private final int index;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final PortCounters counters = new PortCounters();

    TestPort(PacketMemory packets, String name, int index) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.name = name;
        this.index = index;
    }

    @Override public String name()           { return name; }
    @Override public int index()             { return index; }
    @Override public PortCounters counters() { return counters; }
    @Override public boolean isExhausted()   { return toReceive.isEmpty(); }
    @Override public void close()            {}

    @Override
    public PortCapabilities capabilities() {
        return new PortCapabilities(1, 1, 65_535, PortCapabilities.LINK_TYPE_ETHERNET, true);
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int count = 0;
        while (burst.room() > 0 && !toReceive.isEmpty()) {
            byte[] frame = toReceive.poll();
            int packet = slots.allocate(pool, frame.length, index, queue, nowNs);
            long slotRoom = PacketMemory.FRAME_BYTES_MAX;
            if (frame.length > slotRoom) throw new AssertionError("frames of one slot only: " + frame.length);
            MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame.length);
            burst.add(packet);
            counters.received(1, frame.length);
            count++;
        }
        return count;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (keepsSent) sent.add(bytes(packet));
            counters.sent(1, meta.packetBytes(packet));
            pool.release(packet);
        }
        return burst.count();
    }

    private byte[] bytes(int packet) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        int at = 0;
        for (int slot = packet; slot != PacketMemory.NONE; slot = meta.next(slot)) {
            int slotBytes = meta.slotBytes(slot);
            MemorySegment.copy(packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(slot), bytes, at, slotBytes);
            at += slotBytes;
        }
        return bytes;
    }
}
