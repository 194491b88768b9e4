package io.millrace.perf.jmh;

import io.millrace.packet.memory.Burst;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.host.HostCompiler;
import io.millrace.perf.bench.WalkedBy;
import io.millrace.perf.bench.ParserTraffic;
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
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/// Does a parser generated from a graph keep up with one written by hand, and how far ahead is it of interpreting the
/// graph? Nanoseconds a packet, in bursts of 64.
///
/// Back of the envelope: some 150 instructions for UDP over IPv4, either way: 10 ns. The interpreter reads a table row
/// and then the packet's bytes one by one for every field: ten to twenty times as much.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Burst.PACKETS_MAX)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CompiledParserBench {

    @Param({"udp4", "tcp6", "vxlan"})
    String traffic;

    private Burst[] bursts;
    private CompiledParser generated;
    private CompiledParser interpreted;
    private WalkedBy handWritten;
    private int next;

    @Setup(Level.Trial)
    public void compile() {
        ParserTraffic packets = switch (traffic) {
            case "udp4" -> ParserTraffic.udp4();
            case "tcp6" -> ParserTraffic.tcp6();
            default -> ParserTraffic.vxlan();
        };
        ParseProgram program = ShippedGraph.DEFAULT.load();
        ParseRecords records = new ParseRecords(program.graph().limits().encapsMax());
        bursts = packets.bursts();
        generated = new HostCompiler(program, packets.packets()).newParser(records);
        interpreted = new DeviceParser(ParseImage.of(program), DeviceLimits.FULL, packets.packets(), records);
        handWritten = WalkedBy.hand(packets.packets(), records);
    }

    @Benchmark
    public void generated() {
        generated.parse(burst());
    }

    @Benchmark
    public void interpreted() {
        interpreted.parse(burst());
    }

    @Benchmark
    public void handWritten() {
        handWritten.parse(burst());
    }

    private Burst burst() {
        next = (next + 1) % bursts.length;
        return bursts[next];
    }
}
