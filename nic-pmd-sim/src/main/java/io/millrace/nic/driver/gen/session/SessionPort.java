package io.millrace.nic.driver.gen.session;

import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;

/// A port whose wire are clients, or servers: what they send is received from it, what is transmitted to it they get.
///
/// Segments that find no slot and no place among the [#QUEUE_PACKETS] waiting are lost; TCP repeats them.
public final class SessionPort implements Port {

    private static final int QUEUE_PACKETS = 4096;
    /// A turn that lets fewer waiting packets go opens nothing new.
    private static final int ROOM_MIN = 256;

    private final String name;
    private final int index;
    private final PacketMeta meta;
    private final TcpEnd end;
    private final TcpClient client;    // null: servers
    private final OutQueue out = new OutQueue(QUEUE_PACKETS);
    private final PortCapabilities capabilities =
        new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.LINK_TYPE_ETHERNET, false);
    private final PortCounters counters = new PortCounters();

    private SessionPort(Arena arena, PacketMemory packets, String name, int index, SessionSpec spec, boolean isClient) {
        this.name = name;
        this.index = index;
        this.meta = new PacketMeta(packets);
        if (isClient) {
            var writer = new SegmentWriter(arena, packets, index, spec.clientMac(), spec.clientGateway());
            this.client = new TcpClient(arena, packets, spec, writer, out);
            this.end = client;
        } else {
            var writer = new SegmentWriter(arena, packets, index, spec.serverMac(), spec.serverGateway());
            this.client = null;
            // Those that clients have given up may still be open here.
            int capacity = Math.min(SessionSpec.CONCURRENCY_MAX, 2 * spec.concurrencyMax());
            this.end = new TcpServer(arena, packets, spec, capacity, writer, out);
        }
    }

    public static SessionPort clients(Arena arena, PacketMemory packets, String name, int index, SessionSpec spec) {
        return new SessionPort(arena, packets, name, index, spec, true);
    }

    public static SessionPort servers(Arena arena, PacketMemory packets, String name, int index, SessionSpec spec) {
        return new SessionPort(arena, packets, name, index, spec, false);
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }

    public SessionCounts counts() {
        return end.counts();
    }

    /// True once all connections asked for were opened and are over; servers always.
    @Override
    public boolean isExhausted() {
        return out.count() == 0 && (client == null || client.isDone());
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        end.begin(pool, nowNs);
        end.expire();
        if (client != null && out.room() >= ROOM_MIN) client.open(out);
        int from = burst.count();
        int givenCount = out.moveTo(burst);
        long givenBytes = 0;
        for (int i = from; i < burst.count(); i++) givenBytes += meta.packetBytes(burst.packet(i));
        counters.received(givenCount, givenBytes);
        return givenCount;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        end.begin(pool, nowNs);
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            sentBytes += meta.packetBytes(packet);
            end.receive(packet);
            pool.release(packet);
        }
        counters.sent(burst.count(), sentBytes);
        return burst.count();
    }

    @Override
    public void close() {}
}
