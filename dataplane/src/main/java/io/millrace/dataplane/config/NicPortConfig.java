package io.millrace.dataplane.config;

import io.millrace.packet.memory.Check;

/// What lies between a port and its wire.
///
/// @param nic      the NIC's name
/// @param channels receive queues in use
/// @param merges   `rx-gro-hw`: the NIC merges what came together
public record NicPortConfig(String nic, int channels, boolean merges) {

    public NicPortConfig {
        Check.that(channels >= 1, "queues must be 1 or more", channels);
    }
}
