package io.millrace.nic.driver.gen.session;

import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;

/// A port whose wire is one [SessionEnd]: sessions begin when it is first asked for packets.
public final class SessionPort implements TimedPort {

    private final String name;
    private final int index;
    private final PacketMeta meta;
    private final SessionEnd end;
    private final PortCapabilities capabilities =
        new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.LINK_TYPE_ETHERNET, false);
    private final PortCounters counters = new PortCounters();
    private boolean isStarted;

    private SessionPort(PacketMemory packets, String name, int index, SessionEnd end) {
        this.name = name;
        this.index = index;
        this.meta = new PacketMeta(packets);
        this.end = end;
    }

    public static SessionPort clients(Arena arena, PacketMemory packets, String name, int index, SessionSpec spec) {
        return new SessionPort(packets, name, index, new SessionEnd(arena, packets, spec, true, index));
    }

    public static SessionPort servers(Arena arena, PacketMemory packets, String name, int index, SessionSpec spec) {
        return new SessionPort(packets, name, index, new SessionEnd(arena, packets, spec, false, index));
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }

    public SessionCounts counts() {
        return end.counts();
    }

    @Override
    public long nextReceiveNs() {
        return end.nextNs();
    }

    @Override
    public boolean isExhausted() {
        return (isStarted || !end.isClient()) && end.isExhausted();
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        if (!isStarted) {
            isStarted = true;
            end.start(nowNs, 1, SessionLoad.ENDLESS);
        }
        int from = burst.count();
        int givenCount = end.give(burst, pool, nowNs);
        long givenBytes = 0;
        for (int i = from; i < burst.count(); i++) givenBytes += meta.packetBytes(burst.packet(i));
        counters.received(givenCount, givenBytes);
        return givenCount;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            sentBytes += meta.packetBytes(packet);
            end.take(packet, pool, nowNs);
            pool.release(packet);
        }
        counters.sent(burst.count(), sentBytes);
        return burst.count();
    }

    @Override
    public void close() {}
}
