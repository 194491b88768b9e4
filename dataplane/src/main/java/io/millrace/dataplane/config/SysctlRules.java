package io.millrace.dataplane.config;

/// Sysctls must exist, be in range, and not contradict each other.
final class SysctlRules {

    private final SysctlNames names;
    private final ConfigProblems problems;

    SysctlRules(Topology topology, ConfigProblems problems) {
        this.names = new SysctlNames(topology.names());
        this.problems = problems;
    }

    void check(SysctlConfig sysctl) {
        sysctl.values().forEach((name, value) -> {
            SysctlNames.Range range = names.range(name);
            if (range == null) {
                problems.add("sysctl/" + name, names.objectionTo(name), names.near(name));
            } else if (name.endsWith(".rp_filter") && value != 0) {
                problems.add("sysctl/" + name, "reverse path filtering is not available yet in this version", "0");
            } else if (value < range.min() || value > range.max()) {
                problems.add("sysctl/" + name, value + " is out of range", range.min() + " to " + range.max());
            }
        });
        Long all = sysctl.values().get(InterfaceSysctl.IPV4_FORWARDING.fullName(InterfaceSysctl.ALL));
        Long same = sysctl.values().get(Sysctl.IP_FORWARD.fullName());
        if (all != null && same != null && !all.equals(same)) {
            problems.add("sysctl/" + Sysctl.IP_FORWARD.fullName(),
                "differs from net.ipv4.conf.all.forwarding, which is the same setting", "one of the two");
        }
    }
}
