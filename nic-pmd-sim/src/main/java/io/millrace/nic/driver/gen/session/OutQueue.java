package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Burst;

import static io.millrace.packet.memory.PacketMemory.NONE;

/// Packets made and not yet received from the port, in order, but for those that are to be late. One thread.
final class OutQueue {

    private final int[] packets;
    private int head;
    private int count;
    private int late = NONE;     // goes behind the next packet

    OutQueue(int packetCount) {
        this.packets = new int[packetCount];
    }

    boolean hasRoom()  { return room() > 0; }
    int count()        { return count + (late == NONE ? 0 : 1); }
    int room()         { return packets.length - count(); }

    void add(int packet) {
        put(packet);
        flushLate();
    }

    /// Adds a packet behind the one that is added next, or behind all there are when they are asked for.
    void addLate(int packet) {
        flushLate();
        late = packet;
    }

    private void flushLate() {
        if (late == NONE) return;
        put(late);
        late = NONE;
    }

    private void put(int packet) {
        int at = head + count;
        packets[at >= packets.length ? at - packets.length : at] = packet;
        count++;
    }

    /// Moves packets to the burst, as many as it has room for; returns how many.
    int moveTo(Burst burst) {
        flushLate();
        int movedCount = Math.min(count, burst.room());
        for (int i = 0; i < movedCount; i++) {
            burst.add(packets[head]);
            head = head + 1 == packets.length ? 0 : head + 1;
        }
        count -= movedCount;
        return movedCount;
    }
}
