package io.millrace.dataplane.config;

import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.packet.memory.Check;

/// A simulated network card that ports may have.
///
/// @param model     what it can do, with the limits that were chosen for this one
/// @param source    the model as it was named: `full`, or a file
/// @param ringSlots descriptors of each of its rings
/// @param isPausing wires wait while a queue has no room; else what finds none is dropped
public record NicConfig(String name, NicModel model, String source, int ringSlots, boolean isPausing) {

    public NicConfig {
        InterfaceRules.checkName(name);
        Check.that(DescriptorRing.isSize(ringSlots) && ringSlots <= model.limits().ringSlotsMax(),
            "ring must be a power of two, 64 to " + model.limits().ringSlotsMax(), ringSlots);
    }
}
