package io.millrace.dataplane.config;

import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.packet.memory.Check;

import java.util.OptionalLong;

/// How a NIC errs from the start.
///
/// @param seed of what is drawn for it; without, that of the run
public record FaultConfig(FaultShares shares, OptionalLong seed) {

    public static final FaultConfig NONE = new FaultConfig(FaultShares.NONE, OptionalLong.empty());

    public FaultConfig {
        Check.that(shares.problem() == null, shares.problem());
    }
}
