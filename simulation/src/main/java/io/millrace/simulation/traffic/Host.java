package io.millrace.simulation.traffic;

import io.millrace.packet.address.IpAddress;

import java.util.List;

/// One who holds conversations.
///
/// @param ways the stations that packets reach it by: itself, or gateways; it sends by the first
public record Host(IpAddress ipv4, IpAddress ipv6, List<Station> ways) {

    public IpAddress address(int family) {
        return family == 4 ? ipv4 : ipv6;
    }

    public Station station() {
        return ways.getFirst();
    }
}
