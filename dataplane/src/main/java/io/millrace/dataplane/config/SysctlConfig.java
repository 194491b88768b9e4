package io.millrace.dataplane.config;

import java.util.Map;

/// The sysctls that were given, by full name; what was not given has Linux's default.
///
/// Linux applies sysctls one after the other; here their order has no meaning: what names an interface outweighs `all`,
/// and that `default`.
///
/// @param values         by full name, all but [Sysctl#ICMPV6_RATEMASK]; [DataplaneConfig] checks them
/// @param icmpv6RateMask types that are limited
public record SysctlConfig(Map<String, Long> values, TypeMask icmpv6RateMask) {

    /// Nothing given.
    public static final SysctlConfig LINUX = new SysctlConfig(Map.of(), TypeMask.LINUX);

    public SysctlConfig {
        values = Map.copyOf(values);
    }

    public long value(Sysctl sysctl) {
        return values.getOrDefault(sysctl.fullName(), sysctl.usual());
    }

    /// Whether a setting is on for an interface, all rules of inheritance applied.
    public boolean isOn(InterfaceSysctl sysctl, String interfaceName) {
        Long given = values.get(sysctl.fullName(interfaceName));
        Long all = givenForAll(sysctl);
        long usual = values.getOrDefault(sysctl.fullName(InterfaceSysctl.DEFAULT), sysctl.usualOfDefault());
        boolean isOnHere = (given != null ? given : usual) != 0;
        boolean isOnForAll = (all != null ? all : sysctl.usualOfAll()) != 0;
        return switch (sysctl.weight()) {
            case SETS_ALL -> given != null || all == null ? isOnHere : isOnForAll;
            case EITHER -> isOnHere || isOnForAll;
            case BOTH -> isOnHere && isOnForAll;
        };
    }

    /// Null if not given. IPv4 forwarding has two names.
    private Long givenForAll(InterfaceSysctl sysctl) {
        Long all = values.get(sysctl.fullName(InterfaceSysctl.ALL));
        return all == null && sysctl == InterfaceSysctl.IPV4_FORWARDING
            ? values.get(Sysctl.IP_FORWARD.fullName())
            : all;
    }
}
