package io.millrace.packet.parse.host;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.Frame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Parses one burst of plain and tunnelled packets again and again, so that the JIT compiles the parser. A program of
/// its own, whose JVM is watched.
final class ParseLoop {

    private static final int TURNS = 60_000;

    public static void main(String[] arguments) {
        byte[] plain = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2").udp(1, 2)
            .bytes();
        byte[] tunnelled = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .udp(999, 4789).vxlan(7).payload(plain).bytes();
        PacketMemory packets = new PacketMemory(Arena.global(), Burst.PACKETS_MAX);
        PacketMeta meta = new PacketMeta(packets);
        Burst burst = new Burst();
        for (int packet = 0; packet < Burst.PACKETS_MAX; packet++) {
            byte[] frame = packet % 4 == 0 ? tunnelled : plain;
            meta.begin(packet, frame.length, 0, 0, 0);
            MemorySegment.copy(frame, 0, packets.segment(), ValueLayout.JAVA_BYTE, meta.frameAt(packet), frame.length);
            burst.add(packet);
        }
        CompiledParser parser = new HostCompiler(ShippedGraph.DEFAULT.load(), packets).newParser(new ParseRecords(4));
        for (int turn = 0; turn < TURNS; turn++) parser.parse(burst);
    }

    private ParseLoop() {}
}
