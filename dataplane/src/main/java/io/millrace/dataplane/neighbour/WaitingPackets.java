package io.millrace.dataplane.neighbour;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// The queues of packets that wait for a neighbour, first in, first out. Their links lie here, not in the packets' own
/// metadata: a packet that waits may be a chain. A packet weighs the slots that it keeps from others.
final class WaitingPackets {

    private final NeighbourEntries entries;
    private final PacketMeta meta;
    private final int[] following;   // by packet

    WaitingPackets(NeighbourEntries entries, PacketMemory packets) {
        this.entries = entries;
        this.meta = new PacketMeta(packets);
        this.following = new int[packets.slotCount()];
    }

    /// Makes a new entry's queue empty.
    void begin(int entry) {
        entries.firstWaiting(entry, NONE);
        entries.lastWaiting(entry, NONE);
        entries.waitingBytes(entry, 0);
    }

    boolean isEmpty(int entry) {
        return entries.firstWaiting(entry) == NONE;
    }

    void add(int entry, int packet) {
        following[packet] = NONE;
        if (isEmpty(entry)) {
            entries.firstWaiting(entry, packet);
        } else {
            following[entries.lastWaiting(entry)] = packet;
        }
        entries.lastWaiting(entry, packet);
        entries.waitingBytes(entry, entries.waitingBytes(entry) + weightBytes(packet));
    }

    /// Takes the packet that has waited longest.
    int remove(int entry) {
        int packet = entries.firstWaiting(entry);
        entries.firstWaiting(entry, following[packet]);
        entries.waitingBytes(entry, entries.waitingBytes(entry) - weightBytes(packet));
        return packet;
    }

    long receiveNs(int packet)             { return meta.receiveNs(packet); }
    void receiveNs(int packet, long value) { meta.receiveNs(packet, value); }

    int count(int entry) {
        int count = 0;
        for (int packet = entries.firstWaiting(entry); packet != NONE; packet = following[packet]) count++;
        return count;
    }

    int weightBytes(int packet) {
        int slotCount = 0;
        for (int slot = packet; slot != NONE; slot = meta.next(slot)) slotCount++;
        return slotCount * PacketMemory.CHUNK_BYTES;
    }
}
