package io.millrace.dataplane.config;

import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.Spelling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Interfaces must have names, VLANs and networks of their own, and lie on a port.
final class InterfaceTableRules {

    /// The metadata of a packet holds so many.
    private static final int TAGS_MAX = 2;

    private record Claim(InterfaceConfig owner, IpPrefix prefix) {}

    private final Topology topology;
    private final ConfigProblems problems;

    InterfaceTableRules(Topology topology, ConfigProblems problems) {
        this.topology = topology;
        this.problems = problems;
    }

    void check() {
        checkNames();
        Map<String, String> ownerByTag = new HashMap<>();
        for (InterfaceConfig each : topology.interfaces()) {
            if (each instanceof LinkConfig link) checkLink(link, ownerByTag);
            checkMtu(each);
        }
        checkAddresses();
    }

    private void checkNames() {
        Set<String> seen = new HashSet<>();
        for (String name : topology.names()) {
            if (!seen.add(name)) problems.add("ports/" + name, "two interfaces have this name");
        }
    }

    private void checkLink(LinkConfig link, Map<String, String> ownerByTag) {
        String at = "ports/" + link.name();
        if (topology.find(link.link()).isEmpty()) {
            problems.add(at + "/link", "no port is named \"" + link.link() + "\""
                + Spelling.suggestion(link.link(), topology.names()), String.join(", ", others(link)));
            return;
        }
        List<InterfaceConfig> stack = topology.stack(link);
        if (stack.isEmpty()) {
            if (liesOnItself(link)) {
                problems.add(at + "/link", "lies on itself", "a chain of links that ends at a port with a wire");
            }
            return;
        }
        if (stack.get(1) instanceof PppoeConfig) {
            problems.add(at + "/link", "nothing lies on a PPPoE session", String.join(", ", below(link)));
            return;
        }
        int tagCount = topology.tags(link).size();
        if (tagCount > TAGS_MAX) {
            problems.add(at + "/link", "frames would carry " + tagCount + " VLAN tags", "at most " + TAGS_MAX);
        }
        switch (link) {
            case VlanConfig vlan -> claim(vlan, "/vlan", "VLAN " + vlan.vlan(), vlan.tag(), ownerByTag);
            case PppoeConfig pppoe -> {
                String session = "0x" + Integer.toHexString(pppoe.session());
                // The kernel tells sessions apart by their peer too.
                claim(pppoe, "/pppoe/session", "session " + session + " with this peer",
                    session + " " + pppoe.peer(), ownerByTag);
            }
        }
    }

    private void claim(LinkConfig link, String key, String what, Object tag, Map<String, String> ownerByTag) {
        String owner = ownerByTag.putIfAbsent(link.link() + " " + tag, link.name());
        if (owner != null) {
            problems.add("ports/" + link.name() + key, what + " of " + link.link() + " is taken by " + owner);
        }
    }

    private List<String> below(LinkConfig link) {
        return others(link).stream()
            .filter(name -> !(topology.find(name).orElseThrow() instanceof PppoeConfig)).toList();
    }

    /// Otherwise what it lies on is unknown, which is told there.
    private boolean liesOnItself(LinkConfig link) {
        Set<String> seen = new HashSet<>();
        InterfaceConfig each = link;
        while (each instanceof LinkConfig above && seen.add(above.name())) {
            each = topology.find(above.link()).orElse(null);
        }
        return each != null;
    }

    private List<String> others(LinkConfig link) {
        var names = new ArrayList<>(topology.names());
        names.remove(link.name());
        return names;
    }

    private void checkMtu(InterfaceConfig each) {
        List<InterfaceConfig> stack = topology.stack(each);
        if (stack.isEmpty()) return;
        int mtuBytes = topology.mtuBytes(each);
        String at = "ports/" + each.name() + "/mtu";
        if (stack.size() > 1 && mtuBytes > topology.mtuBytes(stack.get(1))) {
            problems.add(at, "more than the MTU of " + stack.get(1).name() + ", on which it lies",
                "at most " + topology.mtuBytes(stack.get(1)));
        }
        boolean hasIpv6 = each.addresses().stream().anyMatch(prefix -> prefix.address().isIpv6());
        if (hasIpv6 && mtuBytes < InterfaceConfig.MTU_BYTES_MIN_IPV6) {
            problems.add(at, "an interface with IPv6 addresses needs an MTU of 1280 or more", "1280 to 65535");
        }
    }

    private void checkAddresses() {
        var claims = new ArrayList<Claim>();
        for (InterfaceConfig each : topology.interfaces()) {
            for (int i = 0; i < each.addresses().size(); i++) {
                Claim claim = new Claim(each, each.addresses().get(i));
                String at = "ports/" + each.name() + "/addresses/" + i;
                String objection = InterfaceRules.objectionTo(claim.prefix);
                if (!objection.isEmpty()) {
                    problems.add(at, claim.prefix + ": " + objection);
                    continue;
                }
                for (Claim earlier : claims) {
                    if (overlaps(at, claim, earlier)) break;
                }
                claims.add(claim);
            }
        }
    }

    private boolean overlaps(String at, Claim claim, Claim earlier) {
        boolean isSameOwner = claim.owner.name().equals(earlier.owner.name());
        if (!isSameOwner && Topology.isPerLink(claim.prefix.address())) return false;
        if (claim.prefix.address().equals(earlier.prefix.address())) {
            problems.add(at, claim.prefix.address() + " is already an address of " + earlier.owner.name());
            return true;
        }
        if (isSameOwner || isHost(claim.prefix) || isHost(earlier.prefix)) return false;
        IpPrefix network = claim.prefix.network();
        IpPrefix other = earlier.prefix.network();
        if (!network.contains(other.address()) && !other.contains(network.address())) return false;
        problems.add(at, "the network " + network + " overlaps " + other + " of " + earlier.owner.name());
        return true;
    }

    /// An address without a network, as point-to-point links have.
    private static boolean isHost(IpPrefix prefix) {
        return prefix.length() == prefix.address().bits();
    }
}
