package io.millrace.control.command.ip;

import io.millrace.control.live.RunningDataplane;
import io.millrace.dataplane.config.InterfaceConfig;
import io.millrace.dataplane.config.VlanConfig;
import io.millrace.dataplane.iface.Interface;
import io.millrace.nic.port.PortCounters;
import io.millrace.nic.sim.SimPort;
import io.millrace.packet.address.Addresses;

import tools.jackson.databind.node.ObjectNode;

/// How `ip` writes an interface. Numbers begin at 1; the queue discipline is `noqueue`; every interface is up, and has
/// a carrier unless it is the representor of a NIC that is not in `switchdev`. A PPPoE session is shown as Linux shows
/// `ppp0`: without an address of its own, its name without the interface below.
final class LinkLines {

    private static final String FLAGS = "BROADCAST,MULTICAST,UP,LOWER_UP";
    private static final String NO_CARRIER_FLAGS = "NO-CARRIER,BROADCAST,MULTICAST,UP";
    private static final String PPP_FLAGS = "POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP";
    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

    private final RunningDataplane running;

    LinkLines(RunningDataplane running) {
        this.running = running;
    }

    /// `lan`, or `lan.10@lan` for a VLAN.
    String name(Interface each) {
        String below = below(each);
        return below.isEmpty() ? each.name() : each.name() + "@" + below;
    }

    private String below(Interface each) {
        InterfaceConfig config = running.config().topology().find(each.name()).orElseThrow();
        return config instanceof VlanConfig vlan ? vlan.link() : "";
    }

    /// @param mode `mode DEFAULT ` as `ip link` has it and `ip addr` does not, or empty
    void append(StringBuilder text, Interface each, String mode) {
        text.append(each.index() + 1).append(": ").append(name(each)).append(": <").append(flags(each)).append("> mtu ")
            .append(each.mtuBytes()).append(" qdisc noqueue state ").append(state(each)).append(' ').append(mode)
            .append("group default\n");
        if (each.isPointToPoint()) {
            text.append("    link/ppp \n");
        } else {
            text.append("    link/ether ").append(Addresses.mac(each.mac())).append(" brd ").append(BROADCAST)
                .append('\n');
        }
    }

    private String flags(Interface each) {
        if (!hasCarrier(each)) return NO_CARRIER_FLAGS;
        return each.isPointToPoint() ? PPP_FLAGS : FLAGS;
    }

    private boolean hasCarrier(Interface each) {
        return !(running.ports().get(each.portIndex()) instanceof SimPort port) || port.hasCarrier();
    }

    /// A PPP device has no operational state of its own.
    private String state(Interface each) {
        if (!hasCarrier(each)) return "DOWN";
        return each.isPointToPoint() ? "UNKNOWN" : "UP";
    }

    void appendBrief(StringBuilder text, Interface each, String rest) {
        text.append(String.format("%-16s %-14s %s\n", name(each), state(each), rest));
    }

    String briefLink(Interface each) {
        return (each.isPointToPoint() ? "" : Addresses.mac(each.mac())) + " <" + flags(each) + "> ";
    }

    /// Counters of the port: of VLANs none are kept.
    void appendStatistics(StringBuilder text, Interface each) {
        if (each.tagCount() > 0 || each.isPointToPoint()) return;
        PortCounters counters = running.ports().get(each.portIndex()).counters();
        text.append("    RX:  bytes packets errors dropped  missed   mcast           \n");
        row(text, counters.rxBytes(), counters.rxPackets(), counters.rxDropped());
        text.append("    TX:  bytes packets errors dropped carrier collsns           \n");
        row(text, counters.txBytes(), counters.txPackets(), counters.txDropped());
    }

    private static void row(StringBuilder text, long bytes, long packets, long dropped) {
        text.append(String.format("    %10d %7d %6d %7d %7d %7d \n", bytes, packets, 0, dropped, 0, 0));
    }

    /// @param isLink as `ip link` has it
    void describe(ObjectNode node, Interface each, boolean isLink) {
        node.put("ifindex", each.index() + 1);
        String below = below(each);
        if (!below.isEmpty()) node.put("link", below);
        node.put("ifname", each.name());
        var flags = node.putArray("flags");
        for (String flag : flags(each).split(",")) flags.add(flag);
        node.put("mtu", each.mtuBytes()).put("qdisc", "noqueue").put("operstate", state(each));
        if (isLink) node.put("linkmode", "DEFAULT");
        node.put("group", "default");
        if (each.isPointToPoint()) {
            node.put("link_type", "ppp");
        } else {
            node.put("link_type", "ether").put("address", Addresses.mac(each.mac())).put("broadcast", BROADCAST);
        }
    }

    void describeStatistics(ObjectNode node, Interface each) {
        if (each.tagCount() > 0 || each.isPointToPoint()) return;
        PortCounters counters = running.ports().get(each.portIndex()).counters();
        ObjectNode statistics = node.putObject("stats64");
        statistics.putObject("rx").put("bytes", counters.rxBytes()).put("packets", counters.rxPackets())
            .put("errors", 0).put("dropped", counters.rxDropped()).put("over_errors", 0).put("multicast", 0);
        statistics.putObject("tx").put("bytes", counters.txBytes()).put("packets", counters.txPackets())
            .put("errors", 0).put("dropped", counters.txDropped()).put("carrier_errors", 0).put("collisions", 0);
    }
}
