package io.millrace.nic.driver.gen;

import io.millrace.nic.driver.gen.receive.Receiver;
import io.millrace.nic.driver.gen.session.SessionFaults;
import io.millrace.nic.driver.gen.session.SessionLoad;
import io.millrace.nic.driver.gen.session.SessionPort;
import io.millrace.nic.driver.gen.session.SessionProtocol;
import io.millrace.nic.driver.gen.session.SessionSpec;
import io.millrace.nic.driver.gen.session.SessionTalk;
import io.millrace.nic.driver.gen.stream.FieldValues;
import io.millrace.nic.driver.gen.stream.FlowSpec;
import io.millrace.nic.driver.gen.stream.Rate;
import io.millrace.nic.driver.gen.stream.SizeMix;
import io.millrace.nic.driver.gen.stream.StreamSpec;
import io.millrace.nic.driver.link.LinkFaults;
import io.millrace.nic.driver.link.LinkPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Generating, carrying, judging and answering packets allocates nothing once warm.
class GenAllocationTest {

    private static final int TURNS = 2000;
    private static final long STEP_NS = 20_000;

    private long nowNs;

    @Test
    void streamsThroughALinkAllocateNothing() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 8192);
            var pool = new PacketPool(arena, packets);
            StreamSpec spec = Generated.stamped(Generated.stream(Generated.UDP,
                new SizeMix(new int[] {64, 590, 1514, 3000}, new double[] {7, 4, 1, 1}, false), new Rate.Packets(1e6),
                StreamSpec.ENDLESS, 1, new FlowSpec(1000, FlowSpec.Order.ZIPF, 1),
                Generated.field(Generated.UDP, 1, "source", new FieldValues.Steps(1, 1 << 20, 1), true),
                Generated.field(Generated.UDP, 1, "id", new FieldValues.Uniform(0, 65_535), false)));
            var gen = new GenPort(arena, packets, "gen", 0, TrafficProfile.ofStreams("p", List.of(spec)),
                new Receiver(arena, packets, 1, true), 4096, 0);
            var faults = new LinkFaults(0.01, 0.01, 0.01, 0.01, 10_000, 1000, 5000, 1e11, 4096, 1);
            LinkPort[] link = LinkPort.pair(packets, "a", 1, "b", 2, faults, faults);
            var burst = new Burst();
            long allocatedBytes = Allocation.bytesOnceWarm(() -> {
                for (int turn = 0; turn < TURNS; turn++) {
                    move(gen, link[0], burst, pool);
                    move(link[1], gen, burst, pool);
                    nowNs += STEP_NS;
                }
            });
            assertThat(gen.receiver().stream(0).receivedCount()).isPositive();
            assertThat(allocatedBytes).isZero();
        }
    }

    @Test
    void connectionsAllocateNothing() {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, 8192);
            var pool = new PacketPool(arena, packets);
            SessionSpec spec = Generated.sessions(SessionProtocol.TCP, new SessionLoad(100_000, 1 << 16,
                SessionLoad.ENDLESS, 0, SessionLoad.ENDLESS, 0), SessionTalk.sizes(new FieldValues.Uniform(8, 2000),
                new FieldValues.Uniform(0, 3000)), new SessionFaults(0.01, 0.01, 10_000_000), 1);
            SessionPort clients = SessionPort.clients(arena, packets, "c", 0, spec);
            SessionPort servers = SessionPort.servers(arena, packets, "s", 1, spec);
            LinkPort[] link = LinkPort.pair(packets, "a", 2, "b", 3, LinkFaults.NONE, LinkFaults.NONE);
            var burst = new Burst();
            long allocatedBytes = Allocation.bytesOnceWarm(() -> {
                for (int turn = 0; turn < TURNS; turn++) {
                    move(clients, link[0], burst, pool);
                    move(link[1], servers, burst, pool);
                    move(servers, link[1], burst, pool);
                    move(link[0], clients, burst, pool);
                    nowNs += STEP_NS;
                }
            });
            assertThat(clients.counts().completed()).isPositive();
            assertThat(allocatedBytes).isZero();
        }
    }

    private void move(Port from, Port to, Burst burst, PacketPool pool) {
        while (from.receive(0, burst, pool, nowNs) > 0) {
            to.transmit(0, burst, pool, nowNs);
            burst.clear();
        }
    }
}
