package io.millrace.nic.driver.none;

import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

/// A port that never receives, and takes everything it is given: counted, then forgotten.
public final class NullPort implements TimedPort {

    private final PacketMeta meta;
    private final String name;
    private final int index;
    private final PortCounters counters = new PortCounters();
    private final PortCapabilities capabilities =
        new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.ANY_LINK_TYPE, true);

    public NullPort(PacketMemory packets, String name, int index) {
        this.meta = new PacketMeta(packets);
        this.name = name;
        this.index = index;
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }
    @Override public boolean isExhausted()           { return true; }
    @Override public long nextReceiveNs()            { return NEVER; }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        return 0;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            sentBytes += meta.packetBytes(burst.packet(i));
            pool.release(burst.packet(i));
        }
        counters.sent(burst.count(), sentBytes);
        return burst.count();
    }

    @Override
    public void close() {}
}
