package io.millrace.control.command.conntrack;

import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.header.IpProtocol;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A connection as a value; `conntrack` has no such form, so the members have the names of its text.
final class ConnectionJson {

    static ObjectNode of(Connections connections, int entry, ConnectionText text, long nowNs) {
        Tuple tuple = new Tuple();
        connections.tuple(entry, Direction.ORIGINAL, tuple);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("family", tuple.family())
            .put("protocol", tuple.protocol());
        boolean isOffloaded = connections.has(entry, ConnectionStatus.OFFLOAD);
        if (!isOffloaded) {
            node.put("timeout", text.secondsLeft(entry, nowNs));
            if (!text.protocolState(entry).isEmpty()) node.put("state", text.protocolState(entry));
        }
        direction(node.putObject("original"), connections, entry, Direction.ORIGINAL, tuple);
        direction(node.putObject("reply"), connections, entry, Direction.REPLY,
            connections.tuple(entry, Direction.REPLY, tuple));
        ArrayNode flags = node.putArray("flags");
        if (!connections.has(entry, ConnectionStatus.SEEN_REPLY)) flags.add("UNREPLIED");
        if (connections.has(entry, ConnectionStatus.ASSURED)) flags.add("ASSURED");
        if (isOffloaded) flags.add("OFFLOAD");
        if (connections.has(entry, ConnectionStatus.HARDWARE_OFFLOAD)) flags.add("HW_OFFLOAD");
        return node.put("mark", Integer.toUnsignedLong(connections.mark(entry))).put("zone", connections.zone(entry));
    }

    private static void direction(ObjectNode node, Connections connections, int entry, int direction, Tuple tuple) {
        boolean isIpv4 = tuple.family() == 4;
        node.put("src", isIpv4 ? Addresses.ipv4((int) tuple.sourceLow())
            : Addresses.ipv6(tuple.sourceHigh(), tuple.sourceLow()));
        node.put("dst", isIpv4 ? Addresses.ipv4((int) tuple.targetLow())
            : Addresses.ipv6(tuple.targetHigh(), tuple.targetLow()));
        if (tuple.protocol() == IpProtocol.ICMP || tuple.protocol() == IpProtocol.ICMPV6) {
            node.put("type", tuple.targetPort() >>> 8).put("code", tuple.targetPort() & 0xff)
                .put("id", tuple.sourcePort());
        } else {
            node.put("sport", tuple.sourcePort()).put("dport", tuple.targetPort());
        }
        node.put("packets", connections.packets(entry, direction)).put("bytes", connections.bytes(entry, direction));
    }

    private ConnectionJson() {}
}
