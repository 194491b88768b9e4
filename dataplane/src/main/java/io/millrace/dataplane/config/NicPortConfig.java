package io.millrace.dataplane.config;

import io.millrace.packet.memory.Check;

import java.util.Optional;

/// What lies between a port and its wire.
///
/// @param nic      the NIC's name
/// @param channels receive queues in use
/// @param merges   `rx-gro-hw`: the NIC merges what came together
/// @param vf       the virtual function that the port represents
public record NicPortConfig(String nic, int channels, boolean merges, Optional<VfConfig> vf) {

    /// Of a port that represents none.
    public NicPortConfig(String nic, int channels, boolean merges) {
        this(nic, channels, merges, Optional.empty());
    }

    public NicPortConfig {
        Check.that(channels >= 1, "queues must be 1 or more", channels);
    }
}
