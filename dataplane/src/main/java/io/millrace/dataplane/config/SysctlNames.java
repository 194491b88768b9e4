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

    private final Map<String, Range> ranges = new LinkedHashMap<>();

    public SysctlNames(Collection<String> interfaces) {
        for (Sysctl sysctl : Sysctl.values()) ranges.put(sysctl.fullName(), new Range(sysctl.min(), sysctl.max()));
        for (TrackSysctl sysctl : TrackSysctl.values()) ranges.put(sysctl.key(), new Range(sysctl.min(), sysctl.max()));
        for (InterfaceSysctl sysctl : InterfaceSysctl.values()) {
            Range range = new Range(0, sysctl.max());
            ranges.put(sysctl.fullName(InterfaceSysctl.ALL), range);
            ranges.put(sysctl.fullName(InterfaceSysctl.DEFAULT), range);
            for (String name : interfaces) ranges.put(sysctl.fullName(name), range);
        }
    }

    /// The name with `.` wherever `/` may stand for it, as in `net.ipv4.conf.lan/10.forwarding`.
    public static String canonical(String name) {
        return name.replace('/', '.');
    }

    /// Null for an unknown name, and for [Sysctl#ICMPV6_RATEMASK], which is a list.
    public Range range(String canonicalName) {
        return ranges.get(canonicalName);
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
        var names = new ArrayList<>(ranges.keySet());
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
