package io.millrace.nic.sim;

import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.packet.memory.Check;

import java.util.EnumSet;
import java.util.Set;

/// How a port of a NIC begins.
///
/// @param channels   receive queues in use
/// @param ringSlots  descriptors of each ring
/// @param features   that are on
/// @param isPausing  the wire waits while a queue has no room for a burst (flow control); without, what finds no room
///                   is dropped as `NIC_RX_FULL`
public record PortSettings(int channels, int ringSlots, Set<NicFeature> features, boolean isPausing) {

    public static final int RING_SLOTS_USUAL = 512;

    public PortSettings {
        Check.that(channels >= 1, "channels must be 1 or more", channels);
        Check.that(DescriptorRing.isSize(ringSlots), "a ring has a power of two of slots, 64 to 4096", ringSlots);
        features = features.isEmpty() ? Set.of() : Set.copyOf(features);
    }

    /// What a model begins with: every feature it has that is usual, the wire waiting.
    public static PortSettings usual(NicModel model, int channels) {
        var features = EnumSet.noneOf(NicFeature.class);
        for (NicFeature feature : NicFeature.values()) {
            if (feature.isUsual() && model.isCapable(feature)) features.add(feature);
        }
        return new PortSettings(channels, Math.min(RING_SLOTS_USUAL, model.limits().ringSlotsMax()), features, true);
    }

    /// The same with one more feature on.
    public PortSettings with(NicFeature feature) {
        var more = EnumSet.of(feature);
        more.addAll(features);
        return new PortSettings(channels, ringSlots, more, isPausing);
    }

    /// The same with rings of another size.
    public PortSettings withRings(int slots) {
        return new PortSettings(channels, slots, features, isPausing);
    }

    int featureBits() {
        int bits = 0;
        for (NicFeature feature : features) bits |= feature.bit();
        return bits;
    }
}
