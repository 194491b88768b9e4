package io.millrace.dataplane.config;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.document.Spelling;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Next hops and neighbours must lie on the link of a port that is there.
final class RouteRules {

    private record Key(IpPrefix to, long metric) {}

    private final Topology topology;
    private final ConfigProblems problems;

    RouteRules(Topology topology, ConfigProblems problems) {
        this.topology = topology;
        this.problems = problems;
    }

    void check(List<RouteConfig> routes, List<NeighbourConfig> neighbours) {
        Map<Key, Integer> indexByKey = new HashMap<>();
        for (int i = 0; i < routes.size(); i++) {
            String at = "routes/" + i;
            RouteConfig route = routes.get(i);
            checkTarget(at, route);
            checkNotConnected(at, route);
            Integer earlier = indexByKey.putIfAbsent(new Key(route.to(), route.metric()), i);
            if (earlier != null) {
                problems.add(at + "/to", "routes[" + earlier + "] leads to " + route.to() + " with the same metric",
                    "one route for a network and a metric");
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < neighbours.size(); i++) {
            checkNeighbour("neighbours/" + i, neighbours.get(i), seen);
        }
    }

    private void checkTarget(String at, RouteConfig route) {
        boolean isPortKnown = isKnown(at + "/port", route.port());
        if (route.via().isEmpty() || !isPortKnown) return;
        IpAddress via = route.via().get();
        String viaAt = at + "/via";
        Optional<String> owner = topology.ownerOf(via);
        if (via.isUnspecified() || via.isMulticast() || via.isLoopback()) {
            problems.add(viaAt, via + " is no address of a neighbour", "the unicast address of a router");
        } else if (owner.isPresent()) {
            problems.add(viaAt, via + " is an address of " + owner.get() + " itself", "the address of another router");
        } else if (Topology.isPerLink(via) && route.port().isEmpty()) {
            problems.add(at, "a link-local next hop needs a port to say which link",
                "port: " + String.join(" | ", topology.names()));
        } else {
            checkOnLink(viaAt, "next hop " + via, via, route.port());
        }
    }

    /// The networks of the interfaces are routes themselves, with metric 0.
    private void checkNotConnected(String at, RouteConfig route) {
        if (route.metric() != 0) return;
        for (InterfaceConfig each : topology.interfaces()) {
            if (each.addresses().stream().anyMatch(prefix -> prefix.network().equals(route.to()))) {
                problems.add(at + "/to", route.to() + " is the network of " + each.name() + " already",
                    "another network, or a metric of 1 or more");
                return;
            }
        }
    }

    private void checkNeighbour(String at, NeighbourConfig neighbour, Set<String> seen) {
        if (!isKnown(at + "/port", neighbour.port())) return;
        IpAddress address = neighbour.address();
        String addressAt = at + "/address";
        Optional<String> owner = topology.ownerOf(address);
        if (address.isUnspecified() || address.isMulticast() || address.isLoopback()) {
            problems.add(addressAt, address + " is no address of a neighbour", "a unicast address");
        } else if (owner.isPresent()) {
            problems.add(addressAt, address + " is an address of " + owner.get() + " itself");
        } else if (Topology.isPerLink(address) && neighbour.port().isEmpty()) {
            problems.add(at, "a link-local neighbour needs a port to say which link",
                "port: " + String.join(" | ", topology.names()));
        } else if (checkOnLink(addressAt, "neighbour " + address, address, neighbour.port())
                && !seen.add(address + " " + topology.interfaceOf(neighbour).orElseThrow())) {
            problems.add(addressAt, address + " is given twice");
        }
    }

    private boolean isKnown(String at, Optional<String> port) {
        if (port.isEmpty() || topology.find(port.get()).isPresent()) return true;
        problems.add(at, "no port is named \"" + port.get() + "\"" + Spelling.suggestion(port.get(), topology.names()),
            String.join(", ", topology.names()));
        return false;
    }

    private boolean checkOnLink(String at, String what, IpAddress address, Optional<String> port) {
        boolean isOnLink = port.isPresent()
            ? topology.isOnLink(address, port.get())
            : topology.linkOf(address).isPresent();
        if (isOnLink) return true;
        String where = port.isPresent() ? "the link of " + port.get() : "the link of any port";
        problems.add(at, what + " is not on " + where, "an address in " + networks(address.family(), port));
        return false;
    }

    private String networks(int family, Optional<String> port) {
        var text = new StringBuilder();
        for (InterfaceConfig each : topology.interfaces()) {
            if (port.isPresent() && !port.get().equals(each.name())) continue;
            for (IpPrefix prefix : each.addresses()) {
                if (prefix.address().family() != family || Topology.isPerLink(prefix.address())) continue;
                text.append(text.isEmpty() ? "" : ", ").append(prefix.network());
                text.append(" (").append(each.name()).append(')');
            }
        }
        return text.isEmpty() ? "a network of the port, which has none of IPv" + family : text.toString();
    }
}
