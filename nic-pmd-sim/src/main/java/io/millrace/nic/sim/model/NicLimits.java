package io.millrace.nic.sim.model;

import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.packet.memory.Check;
import io.millrace.packet.parse.device.DeviceLimits;

/// How much of everything a device has.
///
/// @param queuesMax         receive and transmit queues of each port
/// @param ringSlotsMax      descriptors of a ring, a power of two
/// @param parser            rows and walk of its parser
/// @param contextsMax       RSS contexts of a port beside its own table
/// @param indirectionSlots  entries of an indirection table, a power of two
/// @param rulesMax          receive rules (ntuple) of a port
/// @param steeredMax        flows of a port that are steered to the queue of their worker
/// @param flowEntriesMax    entries of the flow table, two a connection
/// @param filters           flower filters
/// @param superPacketBytesMax longest super-packet it cuts
/// @param segmentsMax       segments it cuts one into
/// @param latencyNs         from a command's doorbell until the device sees it, and the same from its completion until
///                          the driver does
public record NicLimits(int queuesMax, int ringSlotsMax, DeviceLimits parser, int contextsMax, int indirectionSlots,
                        int rulesMax, int steeredMax, int flowEntriesMax, FilterLimits filters, int superPacketBytesMax,
                        int segmentsMax, long latencyNs) {

    public static final int QUEUES_MAX = 64;
    public static final int CONTEXTS_MAX = 64;
    public static final int INDIRECTION_SLOTS_MAX = 4096;
    public static final int RULES_MAX = 4096;
    public static final int STEERED_MAX = 1 << 16;
    public static final int FLOW_ENTRIES_MAX = 1 << 22;
    public static final long LATENCY_NS_USUAL = 2_000;
    public static final long LATENCY_NS_MAX = 1_000_000_000;

    public NicLimits {
        range("queues", queuesMax, 1, QUEUES_MAX);
        Check.that(DescriptorRing.isSize(ringSlotsMax), "ring must be a power of two, 64 to 4096", ringSlotsMax);
        range("rss-contexts", contextsMax, 0, CONTEXTS_MAX);
        range("indirection", indirectionSlots, 1, INDIRECTION_SLOTS_MAX);
        Check.that(Integer.bitCount(indirectionSlots) == 1, "indirection must be a power of two", indirectionSlots);
        range("ntuple-rules", rulesMax, 0, RULES_MAX);
        range("steered-flows", steeredMax, 0, STEERED_MAX);
        range("flow-table", flowEntriesMax, 0, FLOW_ENTRIES_MAX);
        range("super-packet-bytes", superPacketBytesMax, 0, 65_536);
        range("segments", segmentsMax, 0, 65_535);
        Check.that(latencyNs >= 0 && latencyNs <= LATENCY_NS_MAX, "latency must be 0 to 1 s", latencyNs);
    }

    static void range(String name, int value, int min, int max) {
        Check.that(value >= min && value <= max, name + " must be " + min + " to " + max, value);
    }

    public NicLimits withLatency(long ns) {
        return new NicLimits(queuesMax, ringSlotsMax, parser, contextsMax, indirectionSlots, rulesMax, steeredMax,
            flowEntriesMax, filters, superPacketBytesMax, segmentsMax, ns);
    }

    public NicLimits withFlowEntries(int entries) {
        return new NicLimits(queuesMax, ringSlotsMax, parser, contextsMax, indirectionSlots, rulesMax, steeredMax,
            entries, filters, superPacketBytesMax, segmentsMax, latencyNs);
    }

    public NicLimits withFilters(FilterLimits other) {
        return new NicLimits(queuesMax, ringSlotsMax, parser, contextsMax, indirectionSlots, rulesMax, steeredMax,
            flowEntriesMax, other, superPacketBytesMax, segmentsMax, latencyNs);
    }
}
