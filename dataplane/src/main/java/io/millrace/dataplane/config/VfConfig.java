package io.millrace.dataplane.config;

import io.millrace.nic.sim.SimNic;
import io.millrace.packet.memory.Check;

import java.util.OptionalLong;

/// The virtual function whose representor a port is. The port's wire is what is plugged into it.
///
/// @param vf   its number
/// @param plug name of the entry under `ports` that says what is plugged in
/// @param mac  that it is known to have; without, the NIC learns it
public record VfConfig(int vf, String plug, OptionalLong mac) {

    public VfConfig {
        Check.that(vf >= 0 && vf < SimNic.VFS_MAX, "vf must be 0 to " + (SimNic.VFS_MAX - 1), vf);
        InterfaceRules.checkName(plug);
        mac.ifPresent(InterfaceRules::checkMac);
    }

    /// What the representor of a virtual function is called.
    public static String representor(String nic, int vf) {
        return nic + "vf" + vf;
    }
}
