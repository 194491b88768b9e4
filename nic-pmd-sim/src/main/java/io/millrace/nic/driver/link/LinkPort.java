package io.millrace.nic.driver.link;

import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// One end of a cable between two ports of one process, both over one packet memory: what is transmitted at one end is
/// received, in the same slots, at the other, after what the [LinkFaults] of its direction do to it.
///
/// Both ends are used by one thread.
public final class LinkPort implements TimedPort {

    private final String name;
    private final int index;
    private final PacketMeta meta;
    private final LinkDirection incoming;
    private final LinkDirection outgoing;
    private final PortCapabilities capabilities =
        new PortCapabilities(1, 1, Integer.MAX_VALUE, PortCapabilities.ANY_LINK_TYPE, true);
    private final PortCounters counters = new PortCounters();
    private boolean isPeerClosed;
    private LinkPort peer;

    private LinkPort(PacketMemory packets, String name, int index, LinkDirection incoming, LinkDirection outgoing) {
        this.meta = new PacketMeta(packets);
        this.name = name;
        this.index = index;
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /// Both ends of a link.
    ///
    /// @param towardsSecond what happens to packets that the first end transmits
    /// @param towardsFirst  and to those that the second does
    public static LinkPort[] pair(PacketMemory packets, String firstName, int firstIndex, String secondName,
                                  int secondIndex, LinkFaults towardsSecond, LinkFaults towardsFirst) {
        var there = new LinkDirection(packets, towardsSecond);
        var back = new LinkDirection(packets, towardsFirst);
        var first = new LinkPort(packets, firstName, firstIndex, back, there);
        var second = new LinkPort(packets, secondName, secondIndex, there, back);
        first.peer = second;
        second.peer = first;
        return new LinkPort[] {first, second};
    }

    @Override public String name()                   { return name; }
    @Override public int index()                     { return index; }
    @Override public PortCapabilities capabilities() { return capabilities; }
    @Override public PortCounters counters()         { return counters; }
    @Override public long nextReceiveNs()            { return incoming.nextArrivalNs(); }

    /// What this end transmits into.
    public LinkDirection outgoing() {
        return outgoing;
    }

    /// True once the other end was closed and nothing is on its way.
    @Override
    public boolean isExhausted() {
        return isPeerClosed && incoming.waitingCount() == 0;
    }

    @Override
    public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        int beforeCount = burst.count();
        long receivedBytes = 0;
        while (burst.room() > 0 && incoming.nextArrivalNs() <= nowNs) {
            long arrivalNs = incoming.nextArrivalNs();
            int packet = incoming.pop();
            arrive(packet, arrivalNs);
            receivedBytes += meta.packetBytes(packet);
            burst.add(packet);
        }
        counters.received(burst.count() - beforeCount, receivedBytes);
        return burst.count() - beforeCount;
    }

    /// The bytes stay where they are; what the sender knew of them does not come along.
    private void arrive(int packet, long arrivalNs) {
        int dataAt = meta.dataAt(packet);
        int slotBytes = meta.slotBytes(packet);
        int packetBytes = meta.packetBytes(packet);
        int next = meta.next(packet);
        int last = meta.last(packet);
        int linkType = meta.linkType(packet);
        int originalBytes = meta.originalBytes(packet);
        meta.begin(packet, 0, index, 0, arrivalNs);
        meta.dataAt(packet, dataAt);
        meta.slotBytes(packet, slotBytes);
        meta.packetBytes(packet, packetBytes);
        if (next != NONE) {
            meta.next(packet, next);
            meta.last(packet, last);
        }
        meta.linkType(packet, linkType);
        meta.originalBytes(packet, originalBytes);
    }

    @Override
    public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
        assert queue == 0 : queue;
        int sentCount = 0;
        long sentBytes = 0;
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            int packetBytes = meta.packetBytes(packet);
            if (!outgoing.send(packet, pool, nowNs)) continue;
            sentCount++;
            sentBytes += packetBytes;
        }
        counters.sent(sentCount, sentBytes);
        counters.transmitDropped(burst.count() - sentCount);
        return burst.count();
    }

    @Override
    public void close() {
        peer.isPeerClosed = true;
    }
}
