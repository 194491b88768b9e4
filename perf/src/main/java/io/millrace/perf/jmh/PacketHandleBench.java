package io.millrace.perf.jmh;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;
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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// What does it save that a packet is an `int`? Receive, touch, release of a burst of 64: a slot is taken from a queue
/// of free ones, its metadata begun, one byte of its frame changed, the slot put back. Once with numbers in `int[]`,
/// once with one pooled object per slot in arrays of references, once with a new object per packet.
///
/// Back of the envelope: what all three share, begun metadata and a touched frame, is two lines written, 3 to 5 ns with
/// 256 slots in L2, 10 and more with 65,536 beyond the caches. A reference more costs its GC barrier, twice a packet,
/// and a load through the object: 1 to 3 ns. A new object costs 24 bytes, which `-prof gc` shows; handing it over in an
/// array keeps the compiler from optimising it away.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Burst.PACKETS_MAX)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class PacketHandleBench {

    private static final int FRAME_BYTES = 60;
    private static final int TTL_AT = 22;

    /// What a packet would be if it were an object.
    private static final class Handle {

        final int packet;
        final long slotAt;

        Handle(int packet, long slotAt) {
            this.packet = packet;
            this.slotAt = slotAt;
        }
    }

    @Param({"256", "65536"})
    int slotCount;

    private final Arena arena = Arena.ofShared();
    private PacketMemory packets;
    private MemorySegment memory;
    private PacketMeta meta;
    private int[] freePackets;
    private Handle[] freeHandles;
    private int mask;
    private int head;   // free ones are taken here and put back at the same place, so they go round

    private final int[] packetBurst = new int[Burst.PACKETS_MAX];
    private final Handle[] handleBurst = new Handle[Burst.PACKETS_MAX];

    @Setup(Level.Trial)
    public void build() {
        packets = new PacketMemory(arena, slotCount);
        memory = packets.segment();
        meta = new PacketMeta(packets);
        mask = slotCount - 1;
        freePackets = new int[slotCount];
        freeHandles = new Handle[slotCount];
        for (int packet = 0; packet < slotCount; packet++) {
            freePackets[packet] = packet;
            freeHandles[packet] = new Handle(packet, packets.slotAt(packet));
        }
    }

    @Benchmark
    public int numbers() {
        for (int i = 0; i < packetBurst.length; i++) {
            int packet = freePackets[head + i & mask];
            meta.begin(packet, FRAME_BYTES, 0, 0, 0);
            packetBurst[i] = packet;
        }
        int sum = 0;
        for (int packet : packetBurst) {
            sum += touch(meta.frameAt(packet));
        }
        for (int i = 0; i < packetBurst.length; i++) {
            freePackets[head + i & mask] = packetBurst[i];
        }
        head += packetBurst.length;
        return sum;
    }

    @Benchmark
    public int pooledObjects() {
        for (int i = 0; i < handleBurst.length; i++) {
            Handle handle = freeHandles[head + i & mask];
            meta.begin(handle.packet, FRAME_BYTES, 0, 0, 0);
            handleBurst[i] = handle;
        }
        int sum = 0;
        for (Handle handle : handleBurst) {
            sum += touch(handle.slotAt + meta.dataAt(handle.packet));
        }
        for (int i = 0; i < handleBurst.length; i++) {
            freeHandles[head + i & mask] = handleBurst[i];
        }
        head += handleBurst.length;
        return sum;
    }

    @Benchmark
    public int newObjects() {
        for (int i = 0; i < handleBurst.length; i++) {
            int packet = freePackets[head + i & mask];
            meta.begin(packet, FRAME_BYTES, 0, 0, 0);
            handleBurst[i] = new Handle(packet, packets.slotAt(packet));
        }
        int sum = 0;
        for (Handle handle : handleBurst) {
            sum += touch(handle.slotAt + meta.dataAt(handle.packet));
        }
        for (int i = 0; i < handleBurst.length; i++) {
            freePackets[head + i & mask] = handleBurst[i].packet;
        }
        head += handleBurst.length;
        return sum;
    }

    private int touch(long frameAt) {
        int ttl = Wire.u8(memory, frameAt + TTL_AT);
        Wire.u8(memory, frameAt + TTL_AT, ttl - 1);
        return ttl;
    }

    @TearDown(Level.Trial)
    public void close() {
        arena.close();
    }
}
