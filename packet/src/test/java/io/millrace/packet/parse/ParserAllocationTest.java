package io.millrace.packet.parse;

import com.sun.management.ThreadMXBean;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.packet.rss.HashConfig;
import io.millrace.packet.rss.ReceiveHash;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Parsing and hashing allocate nothing once warm.
class ParserAllocationTest {

    private static final int WARM_UP_TURNS = 3_000;
    private static final int TURNS = 10_000;

    private final PacketMemory packets = new PacketMemory(Arena.ofAuto(), Burst.PACKETS_MAX);
    private final Burst burst = new Burst();
    private long sum;

    @ParameterizedTest
    @EnumSource(ShippedGraph.class)
    void allocatesNothingOnceWarm(ShippedGraph graph) {
        ParseProgram program = graph.load();
        PacketMeta meta = new PacketMeta(packets);
        Random random = new Random(1);
        for (int packet = 0; packet < Burst.PACKETS_MAX; packet++) {
            byte[] frame = packet % 3 == 0 ? RandomGraph.frame(random) : SampleFrames.any(packet);
            meta.begin(packet, Math.min(frame.length, PacketMemory.FRAME_BYTES_MAX), 0, 0, 0);
            MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet),
                meta.slotBytes(packet));
            burst.add(packet);
        }
        ParseRecords records = new ParseRecords(program.graph().limits().encapsMax());
        CompiledParser host = new HostCompiler(program, packets).newParser(records);
        CompiledParser device = new DeviceParser(ParseImage.of(program), DeviceLimits.FULL, packets, records);
        ReceiveHash hash = new ReceiveHash(HashConfig.standard(), packets, records);

        run(host, device, hash, WARM_UP_TURNS);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        run(host, device, hash, TURNS);
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - beforeBytes;
        assertThat(allocatedBytes).isZero();
        assertThat(sum).isNotZero();
    }

    private void run(CompiledParser host, CompiledParser device, ReceiveHash hash, int turns) {
        for (int turn = 0; turn < turns; turn++) {
            host.parse(burst);
            if (turn % 10 == 0) device.parse(burst);
            for (int i = 0; i < burst.count(); i++) sum += hash.hash(burst.packet(i), i);
            sum += host.parse(burst.packet(0), 0, 14, 60);
        }
    }
}
