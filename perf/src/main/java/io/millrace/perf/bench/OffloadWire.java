package io.millrace.perf.bench;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A wire that gives 64-byte UDP packets of numbered connections, in an order that it is told: as fast as they are
/// taken, or at a rate, in which case it waits for nobody: what its buffer has no room for is lost.
///
/// A connection is the two ports of its number; all have the same addresses, and no UDP checksum.
final class OffloadWire implements Port {

    private static final int UDP_BYTES = BenchTraffic.FRAME_BYTES - 14 - Ipv4View.HEADER_BYTES_MIN;
    private static final int PORTS_AT = 14 + Ipv4View.HEADER_BYTES_MIN;
    private static final int SOURCE_PORTS = 1 << 15;

    private final PacketMemory packets;
    private final PacketMeta meta;
    private final MemorySegment template;
    private final PortCounters counters = new PortCounters();
    private int[] order = {};
    private int next;
    private int burstPackets = Burst.PACKETS_MAX;
    private double packetsPerNs;       // 0: as fast as they are taken
    private int bufferPackets;
    private long startNs;
    private long givenCount;
    private long lostCount;

    /// @param source and `target`: addresses of all connections
    OffloadWire(Arena arena, PacketMemory packets, long targetMac, int source, int target) {
        this.packets = packets;
        this.meta = new PacketMeta(packets);
        this.template = arena.allocate(BenchTraffic.FRAME_BYTES);
        Wire.u48(template, 0, targetMac);
        Wire.u48(template, 6, OffloadWorld.HOST_MAC);
        Wire.u16(template, 12, EtherType.IPV4);
        Wire.u8(template, 14, 0x45);
        Wire.u16(template, 16, BenchTraffic.FRAME_BYTES - 14);
        Wire.u8(template, 22, 64);
        Wire.u8(template, 23, IpProtocol.UDP);
        Wire.i32(template, 26, source);
        Wire.i32(template, 30, target);
        Wire.u16(template, PORTS_AT + 4, UDP_BYTES);
        Ipv4Checksum.fill(template, 14);
    }

    /// From now on the packets are of these connections, again and again, so many a burst.
    void play(int[] connections, int packetsPerBurst) {
        Check.that(packetsPerBurst >= 0 && packetsPerBurst <= Burst.PACKETS_MAX, "packets of a burst", packetsPerBurst);
        order = connections;
        next = 0;
        burstPackets = packetsPerBurst;
        packetsPerNs = 0;
    }

    /// From now on so many a second arrive, whether they are taken or not; the buffer holds a few.
    void offer(double mpps, int buffered, long nowNs) {
        packetsPerNs = mpps / 1e3;
        bufferPackets = buffered;
        burstPackets = Burst.PACKETS_MAX;
        startNs = nowNs;
        givenCount = 0;
        lostCount = 0;
    }

    /// Packets that found no room since [#offer].
    long lostCount() {
        return lostCount;
    }

    /// Packets that have arrived since [#offer], lost ones too.
    long offeredCount() {
        return givenCount + lostCount;
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        int count = Math.min(due(nowNs), burst.room());
        for (int i = 0; i < count; i++) {
            int packet = pool.allocate();
            if (packet == PacketMemory.NONE) throw new IllegalStateException("packet memory is used up");
            meta.begin(packet, BenchTraffic.FRAME_BYTES, 0, queue, nowNs);
            write(packet, order[next]);
            next = next + 1 == order.length ? 0 : next + 1;
            burst.add(packet);
        }
        givenCount += count;
        counters.received(count, (long) count * BenchTraffic.FRAME_BYTES);
        return count;
    }

    private int due(long nowNs) {
        if (packetsPerNs == 0) return burstPackets;
        long waiting = (long) ((nowNs - startNs) * packetsPerNs) - givenCount - lostCount;
        long overflow = Math.max(0, waiting - bufferPackets);
        lostCount += overflow;
        return Math.clamp(waiting - overflow, 0, burstPackets);
    }

    private void write(int packet, int connection) {
        long at = meta.frameAt(packet);
        Wire.copy(template, 0, packets.segment(), at, BenchTraffic.FRAME_BYTES);
        Wire.u16(packets.segment(), at + PORTS_AT, SOURCE_PORTS + connection % SOURCE_PORTS);
        Wire.u16(packets.segment(), at + PORTS_AT + 2, targetPort(connection));
    }

    static int targetPort(int connection) {
        return 1 + connection / SOURCE_PORTS;
    }

    /// The first connection that goes to this port.
    static int firstTo(int targetPort) {
        return (targetPort - 1) * SOURCE_PORTS;
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        for (int i = 0; i < burst.count(); i++) pool.release(burst.packet(i));
        counters.sent(burst.count(), (long) burst.count() * BenchTraffic.FRAME_BYTES);
        return burst.count();
    }

    @Override public String name()           { return "lan"; }
    @Override public int index()             { return 0; }
    @Override public PortCounters counters() { return counters; }
    @Override public boolean isExhausted()   { return false; }
    @Override public void close()            {}

    @Override
    public PortCapabilities capabilities() {
        return new PortCapabilities(1, 1, 65_535, PortCapabilities.LINK_TYPE_ETHERNET, false);
    }
}
