package io.millrace.control.parser;

import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.CompiledParser;
import io.millrace.packet.parse.ParseOutcome;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.ParseResult;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.device.DeviceParser;
import io.millrace.packet.parse.device.ParseImage;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.host.HostCompiler;

import java.util.ArrayList;
import java.util.List;

/// Walks packets through a graph as the host and as a device do: the records are the host's, the names of the layers
/// come from the device, which knows where it has been. That both come to one outcome is checked on every packet.
public final class GraphWalk {

    private static final int INDEX = 0;

    private final ParseProgram program;
    private final ParseRecords records;
    private final CompiledParser host;
    private final DeviceParser device;

    /// What became of a packet.
    ///
    /// @param layers  names of its headers, outermost first
    /// @param headers where its records begin in the table, outermost first; good until the next walk
    public record Walked(ParseResult result, List<String> layers, List<Integer> headers) {}

    public GraphWalk(ParseProgram program, PacketMemory packets) {
        this.program = program;
        int encapsMax = program.graph().limits().encapsMax();
        this.records = new ParseRecords(encapsMax);
        this.host = new HostCompiler(program, packets).newParser(records);
        ParseImage image = ParseImage.of(program);
        var limits = new DeviceLimits(program.graph().limits(), image.nodeCount(), image.matchCount());
        this.device = new DeviceParser(image, limits, packets, new ParseRecords(encapsMax));
    }

    public ParseRecords records() {
        return records;
    }

    public Walked walk(int packet) {
        int deviceOutcome = device.parse(packet, INDEX);
        int outcome = host.parse(packet, INDEX);
        if (outcome != deviceOutcome) {
            throw new IllegalStateException("host and device differ: " + ParseOutcome.result(outcome) + ", "
                + ParseOutcome.result(deviceOutcome));
        }
        List<Integer> headers = new ArrayList<>();
        for (int i = 0; i < ParseOutcome.recordCount(outcome); i++) headers.add(ParseRecords.recordAt(INDEX, i));
        return new Walked(ParseOutcome.result(outcome), layers(), headers);
    }

    private List<String> layers() {
        List<String> layers = new ArrayList<>();
        for (int i = 0; i < device.visitedCount(); i++) {
            Node node = program.graph().node(device.visitedNode(i));
            if (!node.layer().isEmpty()) layers.add(node.layer());
        }
        return layers;
    }
}
