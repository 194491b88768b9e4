package io.millrace.nic.sim.model;

import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMeta;

/// How many flower filters a device holds, of all its ports.
///
/// @param filtersMax none: it has no filters
/// @param shapesMax  different masks among them
/// @param chainsMax  chains that it goes round: 1 is chain 0 alone
public record FilterLimits(int filtersMax, int shapesMax, int chainsMax) {

    public static final int FILTERS_MAX = 1 << 20;
    public static final int SHAPES_MAX = 4096;
    public static final FilterLimits NONE = new FilterLimits(0, 0, 0);

    public FilterLimits {
        NicLimits.range("filters", filtersMax, 0, FILTERS_MAX);
        NicLimits.range("filter-shapes", shapesMax, 0, SHAPES_MAX);
        NicLimits.range("filter-chains", chainsMax, 0, PacketMeta.FILTERED_CHAINS_MAX);
        Check.that(filtersMax == 0 || shapesMax > 0 && chainsMax > 0, "filters need a mask and a chain", filtersMax);
    }
}
