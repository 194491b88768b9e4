package io.millrace.nic.sim.ring;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class DescriptorQueueTest {

    private static final int PACKETS = 5_000;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), PACKETS);
    private final PacketMeta meta = new PacketMeta(packets);
    private final DescriptorQueue queue = new DescriptorQueue(Arena.ofAuto(), packets, 64);
    private final Burst burst = new Burst();

    @Test
    void keepsOrderAndLosesNothingWhileItsRingIsReplaced() {
        long seed = Seeds.next();
        var random = new Random(seed);
        for (int i = 0; i < PACKETS; i++) meta.begin(i, 60, 0, 0, 0);
        int put = 0;
        int taken = 0;
        while (taken < PACKETS) {
            int count = Math.min(queue.room(64), random.nextInt(65));
            for (int i = 0; i < count && put < PACKETS; i++) queue.put(put, put++);
            if (random.nextBoolean()) queue.ring();
            if (random.nextInt(3) == 0) queue.resize(64 << random.nextInt(7));
            if (random.nextBoolean()) continue;
            burst.clear();
            queue.take(burst);
            for (int i = 0; i < burst.count(); i++) {
                assertThat(burst.packet(i)).as("seed %d", seed).isEqualTo(taken++);
            }
            if (put == PACKETS) queue.ring();
            assertThat(queue.waitingCount()).isEqualTo(put - taken);
            assertThat(queue.takenCount()).isEqualTo(taken);
        }
        assertThat(queue.hasNext()).isFalse();
        assertThat(queue.putCount()).isEqualTo(PACKETS);
    }
}
