package io.millrace.dataplane.config;

import java.util.List;

/// A patch panel has pairs of ports and knows nothing of addresses.
final class PatchRules {

    private static final String MEANINGLESS = "has no meaning with forwarding: patch, which passes frames on unchanged";

    private final ConfigProblems problems;

    PatchRules(ConfigProblems problems) {
        this.problems = problems;
    }

    void check(List<PortConfig> ports, List<LinkConfig> links, List<RouteConfig> routes,
            List<NeighbourConfig> neighbours, SysctlConfig sysctl, RulesConfig rules) {
        if (ports.size() % 2 != 0) {
            problems.add("forwarding", "patch joins ports in pairs, but their number is odd: " + ports.size(),
                "an even number of ports (wire: null is one too)");
        }
        for (PortConfig port : ports) {
            if (!port.addresses().isEmpty()) problems.add("ports/" + port.name() + "/addresses", MEANINGLESS);
        }
        for (LinkConfig link : links) {
            problems.add("ports/" + link.name() + "/link", "an interface on another " + MEANINGLESS);
        }
        if (!routes.isEmpty()) problems.add("routes", MEANINGLESS);
        if (!neighbours.isEmpty()) problems.add("neighbours", MEANINGLESS);
        if (!rules.equals(RulesConfig.NONE)) problems.add("ruleset", MEANINGLESS);
        if (!sysctl.equals(SysctlConfig.LINUX)) problems.add("sysctl", MEANINGLESS);
    }
}
