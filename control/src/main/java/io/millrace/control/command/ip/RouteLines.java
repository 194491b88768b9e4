package io.millrace.control.command.ip;

import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.address.IpPrefix;

import tools.jackson.databind.node.ObjectNode;

/// How `ip route` writes a route.
final class RouteLines {

    private final Interfaces interfaces;

    RouteLines(Interfaces interfaces) {
        this.interfaces = interfaces;
    }

    /// Table `local` has what is delivered here, table `main` the rest.
    static boolean isLocalTable(Route route) {
        return switch (route.type()) {
            case LOCAL, BROADCAST, ANYCAST, MULTICAST -> true;
            case UNICAST, UNREACHABLE, BLACKHOLE, PROHIBIT -> false;
        };
    }

    /// Without the line's end: `10.9.0.0/16 via 10.1.0.2 dev wan `.
    ///
    /// @param hasDevice false where the device was asked for and need not be said
    String line(Route route, boolean hasDevice) {
        var text = new StringBuilder();
        boolean isIpv4 = route.to().address().isIpv4();
        if (route.type() != RouteType.UNICAST) text.append(route.type()).append(' ');
        text.append(target(route.to())).append(' ');
        if (route.via() != null) {
            text.append("via ").append(isIpv4 && route.via().isIpv6() ? "inet6 " : "").append(route.via()).append(' ');
        }
        if (hasDevice && route.interfaceIndex() != Route.NO_INTERFACE) {
            text.append("dev ").append(interfaces.get(route.interfaceIndex()).name()).append(' ');
        }
        if (route.isDerived()) text.append("proto kernel ");
        if (isIpv4 && !scope(route).isEmpty()) text.append("scope ").append(scope(route)).append(' ');
        if (route.source() != null) text.append("src ").append(route.source()).append(' ');
        if (!isIpv4 || route.metric() != 0) {
            text.append("metric ").append(Integer.toUnsignedString(route.metric())).append(' ');
        }
        return isIpv4 ? text.toString() : text + "pref medium";
    }

    /// Members as `ip -json route` has them.
    void describe(ObjectNode node, Route route, boolean hasDevice) {
        boolean isIpv4 = route.to().address().isIpv4();
        if (route.type() != RouteType.UNICAST) node.put("type", route.type().toString());
        node.put("dst", target(route.to()));
        if (route.via() != null) {
            if (isIpv4 && route.via().isIpv6()) {
                node.putObject("via").put("family", "inet6").put("host", route.via().toString());
            } else {
                node.put("gateway", route.via().toString());
            }
        }
        if (hasDevice && route.interfaceIndex() != Route.NO_INTERFACE) {
            node.put("dev", interfaces.get(route.interfaceIndex()).name());
        }
        if (route.isDerived()) node.put("protocol", "kernel");
        if (isIpv4 && !scope(route).isEmpty()) node.put("scope", scope(route));
        if (route.source() != null) node.put("prefsrc", route.source().toString());
        if (!isIpv4 || route.metric() != 0) node.put("metric", Integer.toUnsignedLong(route.metric()));
        node.putArray("flags");
        if (!isIpv4) node.put("pref", "medium");
    }

    private static String target(IpPrefix to) {
        if (to.length() == 0) return "default";
        return to.length() == to.address().bits() ? to.address().toString() : to.address() + "/" + to.length();
    }

    private static String scope(Route route) {
        return switch (route.type()) {
            case LOCAL -> "host";
            case BROADCAST -> "link";
            case UNICAST -> route.via() == null ? "link" : "";
            default -> "";
        };
    }
}
