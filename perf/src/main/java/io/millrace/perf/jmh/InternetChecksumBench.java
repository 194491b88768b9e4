package io.millrace.perf.jmh;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// What does a sum cost by its length, and what does it save to update a checksum instead? A burst of 64 headers or
/// payloads in slots.
///
/// Back of the envelope with 512-bit vectors: a sum of up to 64 bytes is one load, one mask, five operations and a
/// reduction: 2 to 3 ns; 1,460 bytes are 23 loads: 15 to 20 ns. An update is two loads, two stores: 1 to 2 ns.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Burst.PACKETS_MAX)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class InternetChecksumBench {

    private static final int NETWORK_AT = PacketMemory.FRAME_AT + 14;
    private static final int TTL_MAX = 255;

    @Param({"20", "64", "1460"})
    int byteCount;

    private final PacketMemory packets = new PacketMemory(Arena.global(), Burst.PACKETS_MAX);
    private final MemorySegment memory = packets.segment();
    private final Ipv4View ip = new Ipv4View(packets);

    @Setup
    public void fill() {
        byte[] bytes = new byte[Math.toIntExact(memory.byteSize())];
        new Random(1).nextBytes(bytes);
        memory.copyFrom(MemorySegment.ofArray(bytes));
    }

    @Benchmark
    public long sum() {
        long sum = 0;
        for (int packet = 0; packet < Burst.PACKETS_MAX; packet++) {
            sum += InternetChecksum.sum(memory, packets.slotAt(packet) + NETWORK_AT, byteCount);
        }
        return sum;
    }

    @Benchmark
    public void decrementTtl() {
        for (int packet = 0; packet < Burst.PACKETS_MAX; packet++) {
            ip.at(packets.slotAt(packet) + NETWORK_AT);
            if (ip.ttl() == 0) ip.ttl(TTL_MAX);
            IncrementalUpdate.decrementTtl(ip);
        }
    }
}
