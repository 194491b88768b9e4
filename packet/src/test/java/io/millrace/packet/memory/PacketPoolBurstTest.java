package io.millrace.packet.memory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class PacketPoolBurstTest {

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 100);
    private final PacketMeta meta = new PacketMeta(packets);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final Burst burst = new Burst();

    @Test
    void addsDifferentSlotsBehindWhatTheBurstHolds() {
        assertThat(pool.allocate(burst, 3)).isEqualTo(3);
        assertThat(pool.allocate(burst, 0)).isZero();
        assertThat(pool.allocate(burst, 61)).isEqualTo(61);
        Set<Integer> slots = new HashSet<>();
        for (int i = 0; i < 64; i++) {
            assertThat(meta.next(burst.packet(i))).isEqualTo(PacketMemory.NONE);
            slots.add(burst.packet(i));
        }
        assertThat(slots).hasSize(64);
    }

    /// More than one refill from the ring behind the pool.
    @Test
    void givesWhatThereIs() {
        var first = new Burst();
        assertThat(pool.allocate(first, 64)).isEqualTo(64);
        assertThat(pool.allocate(burst, 64)).isEqualTo(36);
        assertThat(pool.allocate(burst, 28)).isZero();
        pool.releaseAll(first);
        assertThat(pool.allocate(burst, 28)).isEqualTo(28);
    }
}
