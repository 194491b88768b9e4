package io.millrace.packet.parse.device;

import io.millrace.packet.parse.graph.Limits;

/// What a device's parser can do: how far it walks, and how large its tables are.
///
/// @param walk       limits of one walk; a graph's must not exceed them
/// @param nodeRows   nodes that fit
/// @param matchRows  match rows that fit, over all nodes
public record DeviceLimits(Limits walk, int nodeRows, int matchRows) {

    /// A device that runs all that Millrace ships.
    public static final DeviceLimits FULL = new DeviceLimits(Limits.STANDARD, 256, 1024);

    /// Refuses an image that needs more, and names the first limit: the device's number, then the graph's.
    public void check(ParseImage image) {
        Limits wanted = image.limits();
        check("max-nodes", walk.nodesMax(), wanted.nodesMax());
        check("max-encaps", walk.encapsMax(), wanted.encapsMax());
        check("max-tlvs", walk.tlvsMax(), wanted.tlvsMax());
        check("max-header-bytes", walk.headerBytesMax(), wanted.headerBytesMax());
        check("parse-nodes", nodeRows, image.nodeCount());
        check("table entries", matchRows, image.matchCount());
    }

    private static void check(String limit, int device, int graph) {
        if (device < graph) throw new DeviceLimitException(limit + " " + device + " < " + graph);
    }
}
