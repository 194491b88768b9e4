package io.millrace.dataplane.config;

import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.document.Spelling;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every sysctl that a router with certain interfaces has, with the values that it may be given.
public final class SysctlNames {

    /// Least and greatest value.
    public record Range(long min, long max) {}

    private static final int NEAR_MAX = 40;

    /// Of those that belong to no interface.
    private static final Map<String, Range> RANGES = ranges();

    private final List<String> places = new ArrayList<>(List.of(InterfaceSysctl.ALL, InterfaceSysctl.DEFAULT));

    public SysctlNames(Collection<String> interfaces) {
        places.addAll(interfaces);
    }

    private static Map<String, Range> ranges() {
        var ranges = new LinkedHashMap<String, Range>();
        for (Sysctl sysctl : Sysctl.values()) ranges.put(sysctl.fullName(), new Range(sysctl.min(), sysctl.max()));
        for (TrackSysctl sysctl : TrackSysctl.values()) ranges.put(sysctl.key(), new Range(sysctl.min(), sysctl.max()));
        return ranges;
    }

    /// The name with `.` wherever `/` may stand for it, as in `net.ipv4.conf.lan/10.forwarding`.
    public static String canonical(String name) {
        return name.replace('/', '.');
    }

    /// Null for an unknown name, and for [Sysctl#ICMPV6_RATEMASK], which is a list.
    public Range range(String canonicalName) {
        Range range = RANGES.get(canonicalName);
        if (range != null) return range;
        for (InterfaceSysctl sysctl : InterfaceSysctl.values()) {
            String place = sysctl.place(canonicalName);
            if (place != null && places.contains(place)) return new Range(0, sysctl.max());
        }
        return null;
    }

    /// What is wrong with a name that has no range.
    public String objectionTo(String canonicalName) {
        return "unknown sysctl \"" + canonicalName + "\"" + Spelling.suggestion(canonicalName, all());
    }

    /// The names nearest to one in the tree, for a message; none if they are too many to help.
    public String near(String canonicalName) {
        String branch = canonicalName;
        while (true) {
            int dotAt = branch.lastIndexOf('.');
            branch = dotAt < 0 ? "" : branch.substring(0, dotAt);
            String prefix = branch.isEmpty() ? "" : branch + ".";
            List<String> near = families().stream().filter(name -> name.startsWith(prefix)).toList();
            if (!near.isEmpty()) return near.size() > NEAR_MAX ? "" : String.join(", ", near);
        }
    }

    /// Every name that there is.
    public List<String> all() {
        var names = new ArrayList<>(RANGES.keySet());
        for (InterfaceSysctl sysctl : InterfaceSysctl.values()) {
            for (String place : places) names.add(sysctl.fullName(place));
        }
        names.add(Sysctl.ICMPV6_RATEMASK);
        return names;
    }

    /// All names, those of interfaces written once for all of them.
    private static List<String> families() {
        var names = new ArrayList<String>();
        for (InterfaceSysctl sysctl : InterfaceSysctl.values()) names.add(sysctl.fullName("{all,default,PORT}"));
        for (Sysctl sysctl : Sysctl.values()) names.add(sysctl.fullName());
        for (TrackSysctl sysctl : TrackSysctl.values()) names.add(sysctl.key());
        names.add(Sysctl.ICMPV6_RATEMASK);
        return names;
    }
}
