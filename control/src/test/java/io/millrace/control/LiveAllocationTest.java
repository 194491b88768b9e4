package io.millrace.control;

import io.millrace.control.agent.LiveControl;
import io.millrace.control.config.ConfigFile;
import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.worker.Worker;
import io.millrace.nic.port.Port;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.nic.port.PortCounters;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.CaptureFile;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A router with a control socket, counters in a file and nobody who looks: forwarding allocates nothing.
class LiveAllocationTest {

    private static final int TURNS = 2_000;

    @TempDir
    private Path folder;

    /// Gives the same frame again and again, 64 at a time; releases what is sent.
    private static final class EndlessPort implements Port {

        private final String name;
        private final int index;
        private final byte[] frame;
        private final PacketMemory packets;
        private final PacketMeta meta;
        private final PortCounters counters = new PortCounters();

        private EndlessPort(PacketMemory packets, String name, int index, byte[] frame) {
            this.packets = packets;
            this.meta = new PacketMeta(packets);
            this.name = name;
            this.index = index;
            this.frame = frame;
        }

        @Override public String name()           { return name; }
        @Override public int index()             { return index; }
        @Override public PortCounters counters() { return counters; }
        @Override public boolean isExhausted()   { return false; }
        @Override public void close()            {}

        @Override
        public PortCapabilities capabilities() {
            return new PortCapabilities(1, 1, 9_000, PortCapabilities.LINK_TYPE_ETHERNET, false);
        }

        @Override
        public int receive(int queue, Burst burst, PacketPool pool, long nowNs) {
            if (frame.length == 0) return 0;
            int count = burst.room();
            for (int i = 0; i < count; i++) {
                int packet = pool.allocate();
                meta.begin(packet, frame.length, index, queue, nowNs);
                MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet),
                    frame.length);
                burst.add(packet);
            }
            counters.received(count, (long) count * frame.length);
            return count;
        }

        @Override
        public int transmit(int queue, Burst burst, PacketPool pool, long nowNs) {
            for (int i = 0; i < burst.count(); i++) pool.release(burst.packet(i));
            counters.sent(burst.count(), (long) burst.count() * frame.length);
            return burst.count();
        }
    }

    @Test
    void forwardingAllocatesNothingWhileNobodyLooks() throws Exception {
        CaptureFile.write(folder.resolve("none.pcap"), new byte[60]);
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, LiveRouter.CONFIG.replace("DIR", folder.toString()).replace("THREADING", "shared"));
        run(ConfigFile.read(config));
    }

    private static void run(ConfigFile file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            var packets = new PacketMemory(arena, Dataplane.slotCount(file.config()));
            var lan = new EndlessPort(packets, "lan", 0, LiveRouter.toForward("10.9.0.1"));
            var wan = new EndlessPort(packets, "wan", 1, new byte[0]);
            long[] nowNs = {1_000_000_000L};
            Dataplane dataplane = Dataplane.assemble(file.config(), arena, List.of(lan, wan),
                new PacketPool(arena, packets), () -> nowNs[0]);
            Worker worker = dataplane.workers().getFirst();
            try (var live = new LiveControl(file.control(),
                    new RunningDataplane(file.config(), dataplane, () -> nowNs[0]), "0.test")) {
                Agent agent = live.agent();
                assertThat(Allocation.bytesOnceWarm(() -> turns(worker, agent, nowNs))).isZero();
                assertThat(worker.ledger().received()).isGreaterThan(TURNS * 64L);
                assertThat(worker.ledger().unaccounted()).isZero();
            }
        }
    }

    private static void turns(Worker worker, Agent agent, long[] nowNs) {
        try {
            for (int i = 0; i < TURNS; i++) {
                nowNs[0] += 10_000;
                worker.turn(nowNs[0]);
                agent.doWork();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
