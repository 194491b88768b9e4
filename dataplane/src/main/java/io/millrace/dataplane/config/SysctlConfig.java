package io.millrace.dataplane.config;

import java.util.Collection;
import java.util.HashMap;
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

    /// What `sysctl` prints for a setting of an interface, of `all` or of `default`: the value that is stored there,
    /// whatever the others make of it.
    public long shown(InterfaceSysctl sysctl, String name) {
        if (name.equals(InterfaceSysctl.ALL)) {
            Long all = givenForAll(sysctl);
            return all != null ? all : sysctl.usualOfAll();
        }
        long usual = values.getOrDefault(sysctl.fullName(InterfaceSysctl.DEFAULT), sysctl.usualOfDefault());
        if (name.equals(InterfaceSysctl.DEFAULT)) return usual;
        if (sysctl.weight() == InterfaceSysctl.Weight.SETS_ALL) return isOn(sysctl, name) ? 1 : 0;
        return values.getOrDefault(sysctl.fullName(name), usual);
    }

    /// As Linux does when one sysctl is written after others: `all` of a setting that sets all interfaces does so, and
    /// `default` leaves those that are there as they are.
    ///
    /// @param name       canonical, of [SysctlNames]
    /// @param interfaces names of all interfaces
    public SysctlConfig written(String name, long value, Collection<String> interfaces) {
        var changed = new HashMap<>(values);
        for (InterfaceSysctl sysctl : InterfaceSysctl.values()) {
            boolean isForAll = name.equals(sysctl.fullName(InterfaceSysctl.ALL))
                || sysctl == InterfaceSysctl.IPV4_FORWARDING && name.equals(Sysctl.IP_FORWARD.fullName());
            if (isForAll && sysctl.weight() == InterfaceSysctl.Weight.SETS_ALL) {
                for (String each : interfaces) changed.remove(sysctl.fullName(each));
                changed.remove(sysctl.fullName(InterfaceSysctl.ALL));
                if (sysctl == InterfaceSysctl.IPV4_FORWARDING) changed.remove(Sysctl.IP_FORWARD.fullName());
                changed.put(sysctl.fullName(InterfaceSysctl.DEFAULT), value);
            } else if (name.equals(sysctl.fullName(InterfaceSysctl.DEFAULT))) {
                for (String each : interfaces) changed.put(sysctl.fullName(each), shown(sysctl, each));
            }
        }
        changed.put(name, value);
        return new SysctlConfig(changed, icmpv6RateMask);
    }

    /// Null if not given. IPv4 forwarding has two names.
    private Long givenForAll(InterfaceSysctl sysctl) {
        Long all = values.get(sysctl.fullName(InterfaceSysctl.ALL));
        return all == null && sysctl == InterfaceSysctl.IPV4_FORWARDING
            ? values.get(Sysctl.IP_FORWARD.fullName())
            : all;
    }
}
