package io.millrace.dataplane.config;

import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A VLAN on a port, or on another VLAN: an interface whose frames carry one more tag than those of `link`.
///
/// @param link     the interface below
/// @param tpid     [#TPID_8021Q] or [#TPID_8021AD]
/// @param mac      if absent, that of `link`
/// @param mtuBytes if absent, that of `link`
public record VlanConfig(String name, String link, int tpid, int vlan, OptionalLong mac, OptionalInt mtuBytes,
                         List<IpPrefix> addresses) implements LinkConfig {

    public static final int TPID_8021Q = 0x8100;
    public static final int TPID_8021AD = 0x88a8;
    public static final int VLAN_MIN = 1;     // 0 is a priority tag, no VLAN
    public static final int VLAN_MAX = 4094;  // 4095 is reserved

    public VlanConfig {
        InterfaceRules.checkName(name);
        Check.that(tpid == TPID_8021Q || tpid == TPID_8021AD, "protocol must be 802.1Q or 802.1ad", tpid);
        Check.that(vlan >= VLAN_MIN && vlan <= VLAN_MAX, "vlan must be 1..4094", vlan);
        mac.ifPresent(InterfaceRules::checkMac);
        mtuBytes.ifPresent(InterfaceRules::checkMtu);
        addresses = List.copyOf(addresses);
    }

    /// TPID × 65,536 + VLAN id: how the metadata of a packet holds a tag.
    public int tag() {
        return tpid << 16 | vlan;
    }

    @Override
    public VlanConfig withMtu(int changed) {
        return new VlanConfig(name, link, tpid, vlan, mac, OptionalInt.of(changed), addresses);
    }

    @Override
    public VlanConfig withAddresses(List<IpPrefix> changed) {
        return new VlanConfig(name, link, tpid, vlan, mac, mtuBytes, changed);
    }
}
