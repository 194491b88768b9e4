package io.millrace.nic.driver;

import com.sun.management.ThreadMXBean;
import io.millrace.nic.capture.CaptureTraits;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.pcap.PcapPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.PcapWriter;
import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class DriverAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int FRAME_COUNT = 200_000;
    private static final int WARM_UP_COUNT = 100_000;

    /// Some twenty flushes of a file lie in between, of which one or two may find code that is not compiled yet.
    private static final int FLUSH_BYTES_MAX = 1_000;

    @TempDir
    Path folder;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), 1_024);
    private final PacketPool pool = new PacketPool(Arena.ofAuto(), packets);
    private final Burst burst = new Burst();

    @Test
    void replayAllocatesNothing() throws IOException {
        try (var port = new ReplayPort(packets, "replay", 0, capture(100), ReplayPort.ENDLESS)) {
            assertThat(Allocation.bytesOnceWarm(() -> forward(port, port, FRAME_COUNT))).isZero();
        }
    }

    @Test
    void nullAllocatesNothing() throws IOException {
        try (var from = new ReplayPort(packets, "replay", 0, capture(100), ReplayPort.ENDLESS);
             var to = new NullPort(packets, "sink", 1)) {
            assertThat(Allocation.bytesOnceWarm(() -> forward(from, to, FRAME_COUNT))).isZero();
        }
    }

    @Test
    void pcapAllocatesNothingPerPacket() throws IOException {
        Path rx = capture(WARM_UP_COUNT + FRAME_COUNT);
        for (String name : new String[] {"tx.pcap", "tx.pcapng"}) {
            for (int round = 0; round < 3; round++) {
                try (var port = new PcapPort(packets, "lan", 0, rx, folder.resolve(name), CaptureTraits.of(rx))) {
                    port.start();
                    long allocatedBytes = allocatedBytes(port, port);
                    if (round == 2) assertThat(allocatedBytes).as(name).isLessThan(FLUSH_BYTES_MAX);
                }
            }
        }
    }

    private long allocatedBytes(Port from, Port to) {
        forward(from, to, WARM_UP_COUNT);
        long beforeBytes = THREADS.getCurrentThreadAllocatedBytes();
        forward(from, to, FRAME_COUNT);
        return THREADS.getCurrentThreadAllocatedBytes() - beforeBytes;
    }

    private void forward(Port from, Port to, int packetCount) {
        for (int doneCount = 0; doneCount < packetCount; doneCount += burst.count()) {
            burst.clear();
            int receivedCount = from.receive(0, burst, pool, Long.MAX_VALUE - 1);
            if (receivedCount == 0) break;
            to.transmit(0, burst, pool, 0);
        }
        burst.clear();
    }

    /// One in fifty is a chain of slots.
    private Path capture(int frameCount) throws IOException {
        var writer = new PcapWriter();
        for (int i = 0; i < frameCount; i++) {
            writer.frame(CapturedFrame.of(i * 1_000L, new byte[i % 50 == 0 ? 4_000 : 64]));
        }
        return Files.write(folder.resolve("rx.pcap"), writer.bytes());
    }
}
