package io.millrace.nic.driver.none;

import io.millrace.nic.port.TimedPort;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static io.millrace.packet.memory.PacketMemory.NONE;
import static org.assertj.core.api.Assertions.assertThat;

class NullPortTest {

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 4);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final Burst burst = new Burst();

    @Test
    void givesNothingAndHasEndedFromTheStart() {
        try (var port = new NullPort(packets, "sink", 2)) {
            assertThat(port.receive(0, burst, pool, Long.MAX_VALUE)).isZero();
            assertThat(port.nextReceiveNs()).isEqualTo(TimedPort.NEVER);
            assertThat(port.isExhausted()).isTrue();
            assertThat(port.capabilities().isOffline()).isTrue();
        }
    }

    @Test
    void countsWhatItIsGivenAndGivesBackTheSlots() {
        var meta = new PacketMeta(packets);
        for (int round = 0; round < 10; round++) {
            int first = pool.allocate();
            int second = pool.allocate();
            meta.begin(first, 1_792, 0, 0, 0);
            meta.begin(second, 8, 0, 0, 0);
            meta.next(first, second);
            meta.packetBytes(first, 1_800);
            burst.add(first);
            try (var port = new NullPort(packets, "sink", 2)) {
                assertThat(port.transmit(0, burst, pool, 0)).isEqualTo(1);
                assertThat(burst.count()).as("the burst is the caller's").isEqualTo(1);
                assertThat(port.counters().txPackets()).isEqualTo(1);
                assertThat(port.counters().txBytes()).isEqualTo(1_800);
            }
            burst.clear();
        }
        assertThat(pool.allocate()).isNotEqualTo(NONE);
    }
}
