package io.millrace.dataplane.config;

import io.millrace.packet.address.IpAddress;

import java.util.Optional;

/// A neighbour whose MAC address is known for good.
///
/// @param port interface on whose link it lies; if absent, the one with a network that holds the address
public record NeighbourConfig(IpAddress address, long mac, Optional<String> port) {

    public NeighbourConfig {
        InterfaceRules.checkMac(mac);
    }
}
