package io.millrace.dataplane.config;

import io.millrace.packet.address.IpPrefix;

import java.util.List;
import java.util.OptionalInt;

/// An interface on another one, whose frames carry a header more than those of `link`: a VLAN or a PPPoE session.
public sealed interface LinkConfig extends InterfaceConfig permits VlanConfig, PppoeConfig {

    /// The interface below.
    String link();

    /// If absent, as much as the interface below leaves.
    OptionalInt mtuBytes();

    LinkConfig withMtu(int mtuBytes);

    LinkConfig withAddresses(List<IpPrefix> addresses);
}
