package io.millrace.control.report;

import io.millrace.dataplane.assembly.RouterAssembly;

/// What was merged of the packets that a port received, and cut of those that left by it.
///
/// @param mergedInto   super-packets that merging (GRO) made
/// @param mergedFrom   packets that are in them
/// @param cutPackets   super-packets that segmentation (GSO) cut
/// @param cutInto      what it cut them into
public record OffloadReport(long mergedInto, long mergedFrom, long cutPackets, long cutInto) {

    public static final OffloadReport NONE = new OffloadReport(0, 0, 0, 0);

    /// Of a router's port after the run; `router` is null in patch mode.
    public static OffloadReport of(RouterAssembly router, int port) {
        if (router == null) return NONE;
        long merged = 0;
        long absorbed = 0;
        if (router.merging() != null) {
            merged = router.merging().mergedPackets(port);
            absorbed = router.merging().absorbedPackets(port);
        }
        return new OffloadReport(merged, merged + absorbed, router.outputs().cutPackets(port),
            router.outputs().cutSegments(port));
    }

    public boolean isAny() {
        return mergedInto != 0 || cutPackets != 0;
    }

    /// Packets in a super-packet, on average; 0 where there is none.
    public double averageMerge() {
        return mergedInto == 0 ? 0 : (double) mergedFrom / mergedInto;
    }
}
