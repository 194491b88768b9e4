package io.millrace.dataplane.config;

import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How ports, the VLANs and PPPoE sessions on them, and the networks on their links hang together.
///
/// Made from parts that need not fit: what hangs on nothing, or on itself, has no port.
public final class Topology {

    private final List<PortConfig> ports;
    private final List<InterfaceConfig> interfaces = new ArrayList<>();
    private final List<RouteConfig> onLinkRoutes;

    public Topology(List<PortConfig> ports, List<LinkConfig> links, List<RouteConfig> routes) {
        this.ports = List.copyOf(ports);
        this.interfaces.addAll(ports);
        this.interfaces.addAll(links);
        this.onLinkRoutes = routes.stream().filter(RouteConfig::isOnLink).toList();
    }

    /// The ports, then what lies on them, each in the order they were given.
    public List<InterfaceConfig> interfaces() {
        return List.copyOf(interfaces);
    }

    public List<String> names() {
        return interfaces.stream().map(InterfaceConfig::name).toList();
    }

    public Optional<InterfaceConfig> find(String name) {
        return interfaces.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /// The interface and those below it, down to the port; nothing if it does not end at a port.
    public List<InterfaceConfig> stack(InterfaceConfig top) {
        var stack = new ArrayList<InterfaceConfig>();
        Set<String> seen = new HashSet<>();
        Optional<InterfaceConfig> next = Optional.of(top);
        while (next.isPresent() && seen.add(next.get().name())) {
            stack.add(next.get());
            switch (next.get()) {
                case PortConfig _ -> { return stack; }
                case LinkConfig link -> next = find(link.link());
            }
        }
        return List.of();
    }

    /// Number of the port that an interface's frames leave by; -1 if there is none.
    public int portIndex(InterfaceConfig each) {
        List<InterfaceConfig> stack = stack(each);
        return stack.isEmpty() ? -1 : ports.indexOf(stack.getLast());
    }

    /// Tags of an interface's frames, outermost first, each as TPID × 65,536 + VLAN id.
    public List<Integer> tags(InterfaceConfig each) {
        var tags = new ArrayList<Integer>();
        for (InterfaceConfig layer : stack(each)) {
            if (layer instanceof VlanConfig vlan) tags.addFirst(vlan.tag());
        }
        return tags;
    }

    /// The MAC address of an interface: its own, or that of the nearest one below which has one.
    public long mac(InterfaceConfig each) {
        for (InterfaceConfig layer : stack(each)) {
            switch (layer) {
                case PortConfig port -> { return port.mac(); }
                case VlanConfig vlan when vlan.mac().isPresent() -> { return vlan.mac().getAsLong(); }
                case LinkConfig _ -> { }
            }
        }
        throw new IllegalArgumentException(each.name() + " lies on no port");
    }

    /// The MTU of an interface: its own, or what that of the nearest one below which has one leaves.
    public int mtuBytes(InterfaceConfig each) {
        int headerBytes = 0;
        for (InterfaceConfig layer : stack(each)) {
            switch (layer) {
                case PortConfig port -> { return port.mtuBytes() - headerBytes; }
                case LinkConfig link when link.mtuBytes().isPresent() -> {
                    return link.mtuBytes().getAsInt() - headerBytes;
                }
                case PppoeConfig _ -> headerBytes += PppoeConfig.HEADER_BYTES;
                case VlanConfig _ -> { }
            }
        }
        throw new IllegalArgumentException(each.name() + " lies on no port");
    }

    /// The interface that has this address.
    public Optional<String> ownerOf(IpAddress address) {
        for (InterfaceConfig each : interfaces) {
            for (IpPrefix own : each.addresses()) {
                if (own.address().equals(address)) return Optional.of(each.name());
            }
        }
        return Optional.empty();
    }

    /// The interface on whose link an address lies: that of the longest network or on-link route which holds it.
    public Optional<String> linkOf(IpAddress address) {
        String best = null;
        int bestLength = -1;
        for (InterfaceConfig each : interfaces) {
            for (IpPrefix own : each.addresses()) {
                if (own.length() > bestLength && own.contains(address) && !isPerLink(own.address())) {
                    best = each.name();
                    bestLength = own.length();
                }
            }
        }
        for (RouteConfig route : onLinkRoutes) {
            if (route.to().length() > bestLength && route.to().contains(address)) {
                best = route.port().orElseThrow();
                bestLength = route.to().length();
            }
        }
        return Optional.ofNullable(best);
    }

    /// IPv6 link-local addresses are the same on every link.
    static boolean isPerLink(IpAddress address) {
        return address.isIpv6() && address.isLinkLocal();
    }

    /// Whether an address lies on the link of that interface.
    public boolean isOnLink(IpAddress address, String interfaceName) {
        if (isPerLink(address)) return true;
        for (RouteConfig route : onLinkRoutes) {
            if (route.port().orElseThrow().equals(interfaceName) && route.to().contains(address)) return true;
        }
        return find(interfaceName).stream().flatMap(each -> each.addresses().stream())
            .anyMatch(own -> own.contains(address));
    }

    /// The interface that a route leaves by; nothing for those that do not leave.
    public Optional<String> interfaceOf(RouteConfig route) {
        return route.port().or(() -> route.via().flatMap(this::linkOf));
    }

    public Optional<String> interfaceOf(NeighbourConfig neighbour) {
        return neighbour.port().or(() -> linkOf(neighbour.address()));
    }
}
