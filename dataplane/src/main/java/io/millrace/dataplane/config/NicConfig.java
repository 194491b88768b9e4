package io.millrace.dataplane.config;

import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.eswitch.EswitchMode;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.nic.sim.ring.DescriptorRing;
import io.millrace.packet.memory.Check;

import java.util.Optional;

/// A simulated network card that ports may have.
///
/// @param model     what it can do, with the limits that were chosen for this one
/// @param source    the model as it was named: `full`, or a file
/// @param ringSlots descriptors of each of its rings
/// @param isPausing wires wait while a queue has no room; else what finds none is dropped
/// @param firmware  what it boots; without, an image of this host's own programs
/// @param auditOneIn of so many units of work that are left to it one is done again and compared; 0 is none
/// @param faults    how it errs from the start
/// @param mode      that its switch begins in
/// @param vfs       virtual functions that it has
public record NicConfig(String name, NicModel model, String source, int ringSlots, boolean isPausing,
                        Optional<FirmwareConfig> firmware, int auditOneIn, FaultConfig faults, EswitchMode mode,
                        int vfs) {

    public static final int AUDIT_ONE_IN_MAX = 1_000_000_000;

    public NicConfig {
        InterfaceRules.checkName(name);
        Check.that(DescriptorRing.isSize(ringSlots) && ringSlots <= model.limits().ringSlotsMax(),
            "ring must be a power of two, 64 to " + model.limits().ringSlotsMax(), ringSlots);
        Check.that(auditOneIn >= 0 && auditOneIn <= AUDIT_ONE_IN_MAX, "audit must be one in 1 to 1,000,000,000",
            auditOneIn);
        Check.that(vfs >= 0 && vfs <= SimNic.VFS_MAX, "vfs must be 0 to " + SimNic.VFS_MAX, vfs);
    }
}
