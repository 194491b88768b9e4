package io.millrace.flow.path;

import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static io.millrace.flow.path.FlowScene.HOST_MAC;
import static io.millrace.flow.path.FlowScene.LAN;
import static io.millrace.flow.path.FlowScene.LAN_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// Hits of every kind, misses, adding, sweeping and removing allocate nothing. Runs without assertions.
class FlowPathAllocationTest {

    private static final int ROUNDS = 5_000;
    private static final String HOST = "192.168.1.5";
    private static final String SERVER = "198.51.100.7";

    @Test
    void flowsAllocateNothing() {
        try (Arena arena = Arena.ofConfined()) {
            var scene = new FlowScene(arena);
            scene.between(17, HOST, 4000, SERVER, 53, "203.0.113.1", 61000, SERVER, 53).add();
            scene.between(6, HOST, 4000, SERVER, 80).add();
            byte[][] frames = {frame().udp(4000, 53).bytes(), frame().udp(4001, 53).bytes(),
                frame().tcp(4000, 80).ack().bytes(), frame().tcp(4000, 80).ack().fin().bytes(),
                frame().icmpEchoRequest(1, 1).bytes()};
            assertThat(Allocation.bytesOnceWarm(() -> rounds(scene, frames))).isZero();
            assertThat(scene.path.hitCount()).isGreaterThan(3L * ROUNDS - 1);
        }
    }

    private static io.millrace.testkit.Ipv4Layer frame() {
        return Frame.ethernet(HOST_MAC, LAN_MAC).ipv4(HOST, SERVER);
    }

    private static void rounds(FlowScene scene, byte[][] frames) {
        for (int round = 0; round < ROUNDS; round++) {
            scene.begin();
            for (int i = 0; i < frames.length; i++) scene.receive(i, LAN, frames[i]);
            scene.process();
            scene.original.source(0, 1, round).newSource(0, 1, round);
            scene.reply.target(0, 1, round).newTarget(0, 1, round);
            int slot = scene.add();
            if (slot >= 0) scene.flows.remove(slot);
        }
    }
}
