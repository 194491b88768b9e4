package io.millrace.nic.driver.gen.session;

import io.millrace.packet.memory.Burst;

/// Packets made and not yet received from the port, in order. One thread.
final class OutQueue {

    private final int[] packets;
    private int head;
    private int count;

    OutQueue(int packetCount) {
        this.packets = new int[packetCount];
    }

    boolean hasRoom()  { return count < packets.length; }
    int count()        { return count; }
    int room()         { return packets.length - count; }

    void add(int packet) {
        int at = head + count;
        packets[at >= packets.length ? at - packets.length : at] = packet;
        count++;
    }

    /// Moves packets to the burst, as many as it has room for; returns how many.
    int moveTo(Burst burst) {
        int movedCount = Math.min(count, burst.room());
        for (int i = 0; i < movedCount; i++) {
            burst.add(packets[head]);
            head = head + 1 == packets.length ? 0 : head + 1;
        }
        count -= movedCount;
        return movedCount;
    }
}
