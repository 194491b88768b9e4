package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.packet.memory.Check;

import java.util.List;

/// What a profile asks of one stream.
///
/// @param name        of the stream
/// @param port        name of the port it is received from; empty for every port of the profile
/// @param pattern     the payload, repeated to the end of the frame
/// @param layers      the headers; fields that vary become 0 here, and present where they are optional
/// @param burst       packets that share one sending time
/// @param startNs     from the start of the profile
/// @param durationNs  from `startNs`; [#ENDLESS] without end
/// @param countMax    packets in all; [#ENDLESS] without end
/// @param isStamped   true if the last 16 bytes of a frame carry stream, sequence number and sending time
public record StreamSpec(String name, String port, LayerStack layers, byte[] pattern, List<FieldSpec> fields,
                         FlowSpec flows, SizeMix sizes, Rate rate, int burst, long startNs, long durationNs,
                         long countMax, long seed, boolean isStamped, Mutation mutation) {

    public static final long ENDLESS = Long.MAX_VALUE;
    public static final int BURST_MAX = 1 << 16;

    public StreamSpec {
        fields = List.copyOf(fields);
        for (FieldSpec field : fields) layers = layers.with(field.layer(), field.field().name(), 0);
        pattern = pattern.clone();
        Check.that(burst >= 1 && burst <= BURST_MAX, "burst must be 1 to " + BURST_MAX, burst);
        Check.that(startNs >= 0, "start must not be negative", startNs);
        Check.that(durationNs > 0, "duration must be positive", durationNs);
        Check.that(countMax > 0, "count must be positive", countMax);
        int bytesMin = layers.headerBytes() + (isStamped ? Stamp.BYTES : 0);
        Check.that(sizes.bytesMin() >= bytesMin, "frames of stream " + name + " need " + bytesMin + " bytes at least: "
            + layers.headerBytes() + " of headers" + (isStamped ? " and " + Stamp.BYTES + " of stamp" : ""),
            sizes.bytesMin());
        Check.that(!layers.hasCrc() || LayerStack.isOneSlot(sizes.bytesMax()),
            "frames with a CRC must fit into one slot", sizes.bytesMax());
        Check.that(mutation.from() < layers.headerBytes(), "mutation must begin in the headers", mutation.from());
    }

    public boolean isPaced() {
        return !(rate instanceof Rate.Unlimited);
    }

    /// True if it ends by itself.
    public boolean isBounded() {
        return durationNs != ENDLESS || countMax != ENDLESS;
    }

    public StreamSpec endless() {
        return new StreamSpec(name, port, layers, pattern, fields, flows, sizes, rate, burst, startNs, ENDLESS, ENDLESS,
            seed, isStamped, mutation);
    }

    public StreamSpec atPort(String other) {
        return new StreamSpec(name, other, layers, pattern, fields, flows, sizes, rate, burst, startNs, durationNs,
            countMax, seed, isStamped, mutation);
    }

    public StreamSpec limited(long shorterNs, long fewer) {
        return new StreamSpec(name, port, layers, pattern, fields, flows, sizes, rate, burst, startNs,
            Math.min(durationNs, shorterNs), Math.min(countMax, fewer), seed, isStamped, mutation);
    }

    public StreamSpec seeded(long other) {
        return new StreamSpec(name, port, layers, pattern, fields, flows, sizes, rate, burst, startNs, durationNs,
            countMax, other, isStamped, mutation);
    }
}
