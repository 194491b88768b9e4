package io.millrace.dataplane.config;

import io.millrace.packet.address.IpPrefix;

import java.util.List;

/// An interface of the router: a port, a VLAN or a PPPoE session on one.
public sealed interface InterfaceConfig permits PortConfig, LinkConfig {

    int MTU_BYTES_MIN = 68;        // RFC 791
    int MTU_BYTES_MIN_IPV6 = 1280; // RFC 8200
    int MTU_BYTES_MAX = 65_535;    // an IPv4 packet cannot be longer

    String name();

    /// With the lengths of their networks. The first of a family is the primary one.
    List<IpPrefix> addresses();
}
