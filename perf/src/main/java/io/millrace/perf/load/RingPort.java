package io.millrace.perf.load;

import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.PacketRing;

import java.lang.foreign.Arena;

/// A port whose wire is a generator on another thread: one ring there, one back. Packets stay in their slots, and come
/// as the generator made them, which must have this port's index.
final class RingPort implements Port {

    private final String name;
    private final int index;
    private final PacketMeta meta;
    private final PacketRing arriving;
    private final PacketRing leaving;
    private final PortCounters counters = new PortCounters();
    private final PortCapabilities capabilities =
        new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.LINK_TYPE_ETHERNET, false);

    RingPort(Arena arena, PacketMemory packets, String name, int index, int ringSlots) {
        this.name = name;
        this.index = index;
        this.meta = new PacketMeta(packets);
        this.arriving = new PacketRing(arena, ringSlots);
        this.leaving = new PacketRing(arena, ringSlots);
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }
    @Override public boolean isExhausted()           { return false; }
    @Override public void close()                    {}

    /// Generator's thread. Hands the burst over; what finds no room is lost. The burst is empty afterwards.
    void arrive(Burst burst, PacketPool pool) {
        int takenCount = arriving.offer(burst);
        for (int i = takenCount; i < burst.count(); i++) pool.release(burst.packet(i));
        burst.clear();
    }

    /// Generator's thread. Adds what was sent to the burst; returns how many.
    int leave(Burst burst) {
        return leaving.poll(burst);
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int beforeCount = burst.count();
        int count = arriving.poll(burst);
        if (count > 0) counters.received(count, bytes(burst, beforeCount, burst.count()));
        return count;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        long allBytes = bytes(burst, 0, burst.count());   // afterwards they may be another's
        int count = leaving.offer(burst);
        counters.sent(count, allBytes);
        return count;
    }

    private long bytes(Burst burst, int from, int until) {
        long sum = 0;
        for (int i = from; i < until; i++) sum += meta.packetBytes(burst.packet(i));
        return sum;
    }
}
