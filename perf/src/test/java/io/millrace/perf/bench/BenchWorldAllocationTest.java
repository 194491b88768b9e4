package io.millrace.perf.bench;

import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// The whole way of a packet, receive to transmit, allocates nothing. Runs without assertions.
class BenchWorldAllocationTest {

    private static final int TURNS = 5_000;

    @TempDir
    private Path folder;

    @Test
    void joiningPortsAllocatesNothing() throws IOException {
        BenchWorld world = BenchWorld.io(BenchTraffic.generate(folder, 4_000, BenchWorld.LAN_MAC));
        assertThat(Allocation.bytesOnceWarm(() -> turns(world))).isZero();
        assertThat(world.shareSent()).isEqualTo(1);
    }

    @Test
    void routingAllocatesNothing() throws IOException {
        BenchWorld world = BenchWorld.route(BenchTraffic.generate(folder, 4_000, BenchWorld.LAN_MAC));
        assertThat(Allocation.bytesOnceWarm(() -> turns(world))).isZero();
        assertThat(world.shareSent()).as("every packet of the benchmark is routed").isEqualTo(1);
    }

    private static void turns(BenchWorld world) {
        for (int i = 0; i < TURNS; i++) {
            world.turn();
        }
    }
}
