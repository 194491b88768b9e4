package io.millrace.perf.jmh;

import io.millrace.nic.capture.CaptureInterface;
import io.millrace.nic.capture.CaptureWriter;
import io.millrace.nic.capture.TimeScale;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.port.PortCapabilities;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// What do receive and transmit cost that every other benchmark pays too? A burst of 64 from the replay port: slots
/// allocated, metadata begun, frames copied; then counted and released.
///
/// Back of the envelope for a frame of 64 bytes: three lines written, two read, some forty instructions: 3 to 6 ns.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Burst.PACKETS_MAX)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ReplayPortBench {

    private static final int SLOT_COUNT = 8192;

    @Param({"64", "1514"})
    int frameBytes;

    @Param({"1024"})
    int frameCount;

    private final Arena arena = Arena.ofShared();
    private final Burst burst = new Burst();
    private Path capture;
    private PacketPool pool;
    private ReplayPort port;

    @Setup(Level.Trial)
    public void open() throws IOException {
        capture = Files.createTempFile("millrace-replay", ".pcap");
        MemorySegment frame = arena.allocate(frameBytes);
        var ethernet = CaptureInterface.of(PortCapabilities.LINK_TYPE_ETHERNET, "", TimeScale.MICROSECONDS);
        try (CaptureWriter writer = CaptureWriter.create(capture, ethernet)) {
            for (int i = 0; i < frameCount; i++) {
                writer.begin(0, i * 1_000L, frameBytes, frameBytes);
                writer.append(frame, 0, frameBytes);
                writer.end();
            }
        }
        var packets = new PacketMemory(arena, SLOT_COUNT);
        pool = new PacketPool(arena, packets);
        port = new ReplayPort(packets, "replay", 0, capture, ReplayPort.ENDLESS);
    }

    @Benchmark
    public int io() {
        port.receive(0, burst, pool, 0);
        int sentCount = port.transmit(0, burst, pool, 0);
        burst.clear();
        return sentCount;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        port.close();
        arena.close();
        Files.deleteIfExists(capture);
    }
}
