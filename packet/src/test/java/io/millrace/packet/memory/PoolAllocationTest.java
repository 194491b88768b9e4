package io.millrace.packet.memory;

import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static org.assertj.core.api.Assertions.assertThat;

/// Runs without assertions, which allocate: a released packet remembers where.
class PoolAllocationTest {

    private static final int BURSTS = 10_000;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 3 * 4096);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool receiver = new PacketPool(Arena.ofAuto(), packets);
    private final PacketPool sender = receiver.another();
    private final PacketRing ring = new PacketRing(Arena.ofAuto(), 256);
    private final Burst received = new Burst();
    private final Burst sent = new Burst();
    private long packetCount;
    private long burstCount;

    @Test
    void burstsAllocateNothingOnceWarm() {
        Assumptions.assumeFalse(PacketPool.class.desiredAssertionStatus(), "assertions allocate");
        assertThat(Allocation.bytesOnceWarm(this::bursts)).isZero();
        assertThat(packetCount).isPositive().isEqualTo(burstCount * 64L);
    }

    private void bursts() {
        for (int i = 0; i < BURSTS; i++) {
            oneBurst(i);
        }
        burstCount += BURSTS;
    }

    /// Slots wander from one pool over a ring to the other, so that one keeps drawing and the other keeps spilling.
    private void oneBurst(int round) {
        while (received.room() > 0) {
            int packet = receiver.allocate();
            meta.begin(packet, 60, 0, 0, round);
            received.add(packet);
        }
        int offeredCount = ring.offer(received);
        received.removeFirst(offeredCount);
        packetCount += ring.poll(sent);
        sender.releaseAll(sent);
    }
}
