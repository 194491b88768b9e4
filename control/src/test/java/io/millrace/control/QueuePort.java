package io.millrace.control;

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
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A port whose wire is a test: gives the frames that the test queued, keeps those that are sent.
final class QueuePort implements Port {

    final Queue<byte[]> toReceive = new ConcurrentLinkedQueue<>();
    final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

    private final String name;
    private final int index;
    private final PacketMemory packets;
    private final PacketMeta meta;
    private final FrameSlots slots;
    private final PortCounters counters = new PortCounters();

    QueuePort(PacketMemory packets, String name, int index) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.slots = new FrameSlots(packets);
        this.name = name;
        this.index = index;
    }

    @Override public String name()           { return name; }
    @Override public int index()             { return index; }
    @Override public PortCounters counters() { return counters; }
    @Override public boolean isExhausted()   { return false; }
    @Override public void close()            {}

    @Override
    public PortCapabilities capabilities() {
        return new PortCapabilities(1, 1, 9_000, PortCapabilities.LINK_TYPE_ETHERNET, false);
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int count = 0;
        while (burst.room() > 0) {
            byte[] frame = toReceive.poll();
            if (frame == null) break;
            int packet = slots.allocate(pool, frame.length, index, queue, nowNs);
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
            sent.add(packets.segment().asSlice(meta.frameAt(packet), meta.packetBytes(packet))
                .toArray(ValueLayout.JAVA_BYTE));
            counters.sent(1, meta.packetBytes(packet));
            pool.release(packet);
        }
        return burst.count();
    }
}
