package io.millrace.nic.sim;

import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class NicAllocationTest {

    private static final int TURNS = 3_000;
    private static final int PAYLOAD_BYTES = 200;

    @TempDir
    private Path folder;

    /// From wire to ring, from ring to ring, from ring to wire: by merging and cutting too.
    @ParameterizedTest
    @CsvSource({"classic, false", "bare, false", "full, false", "full, true"})
    void aTurnOfTheDeviceAllocatesNothing(String name, boolean merges) throws IOException {
        NicModel model = switch (name) {
            case "full" -> NicModel.FULL;
            case "classic" -> NicModel.CLASSIC;
            default -> NicModel.BARE;
        };
        var packets = new PacketMemory(Arena.ofAuto(), 4_096);
        var pool = new PacketPool(Arena.ofAuto(), packets);
        var nic = new SimNic("nic0", model, NicFixture.IMAGE, Arena.ofAuto(), pool, NicFaults.NONE, 1);
        nic.inline(true);
        PortSettings settings = PortSettings.usual(model, model.hashes() ? 4 : 1);
        if (merges) settings = settings.with(NicFeature.MERGING);
        try (var wire = new ReplayPort(packets, "lan", 0, capture(), ReplayPort.ENDLESS)) {
            SimPort from = nic.attach(wire, settings);
            SimPort to = nic.attach(new NullPort(packets, "wan", 1), settings);
            var burst = new Burst();
            int queues = from.capabilities().rxQueues();
            assertThat(Allocation.bytesOnceWarm(() -> forward(nic, from, to, queues, burst, pool))).isZero();
            assertThat(to.counters().txPackets()).isPositive();
            assertThat(nic.account().transmitDrops()).isZero();
            assertThat(nic.account().split() > 0).isEqualTo(merges);
        }
    }

    private static void forward(SimNic nic, SimPort from, SimPort to, int queues, Burst burst, PacketPool pool) {
        for (int turn = 0; turn < TURNS; turn++) {
            nic.turn(turn);
            for (int queue = 0; queue < queues; queue++) {
                burst.clear();
                if (from.receive(queue, burst, pool, turn) > 0) to.transmit(0, burst, pool, turn);
            }
        }
        burst.clear();
    }

    /// Segments of four connections in turn.
    private Path capture() {
        byte[][] frames = new byte[256][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0." + i % 4, "10.1.0.1")
                .dontFragment().tcp(i % 4, 80).sequence(1 + (long) PAYLOAD_BYTES * (i / 4)).ack()
                .payload(new byte[PAYLOAD_BYTES]).bytes();
        }
        Path file = folder.resolve("rx.pcap");
        CaptureFile.write(file, frames);
        return file;
    }
}
