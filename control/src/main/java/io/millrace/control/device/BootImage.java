package io.millrace.control.device;

import io.millrace.dataplane.config.FirmwareConfig;
import io.millrace.dataplane.config.NicConfig;
import io.millrace.nic.program.FirmwareImage;
import io.millrace.nic.program.Programs;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.device.DeviceLimits;
import io.millrace.packet.parse.graph.Limits;
import io.millrace.packet.parse.graph.Next;
import io.millrace.packet.parse.graph.Node;
import io.millrace.packet.parse.graph.ParseGraph;

import java.util.List;
import java.util.TreeMap;

/// The programs that a run begins with.
public final class BootImage {

    /// The graph of the dataplane's own parser.
    private static final ParseProgram PARSER = ShippedGraph.DEFAULT.load();

    /// What the host runs.
    public static Programs host() {
        return Programs.ofHost(PARSER);
    }

    /// The image that a NIC boots: the one it was given, or one of the host's programs.
    ///
    /// @param version what an image of the host's programs is called
    public static FirmwareImage of(NicConfig nic, String version) {
        return nic.firmware().map(FirmwareConfig::image)
            .orElseGet(() -> FirmwareImage.of(version, PARSER, host()));
    }

    /// What a device runs that has no room for the parser of its image: a graph that finds nothing.
    public static ParseProgram nothing(DeviceLimits device) {
        Limits walk = device.walk();
        var limits = new Limits(Math.min(1, walk.nodesMax()), 0, 0, 0);
        var node = new Node("none", 0, null, null, List.of(), List.of(), List.of(), null, null, List.of(),
            new Next.Leaf(), false, false);
        return ParseProgram.of(new ParseGraph("none", limits, List.of(node), new TreeMap<>(), 0, List.of()));
    }

    private BootImage() {}
}
