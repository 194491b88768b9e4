package io.millrace.control.trace;

import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.flow.track.ConnectionText;
import io.millrace.flow.track.Tracked;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.parse.ParseResult;

/// What there is to say of a traced packet beside its bytes: what the parser found, what the routing table says. On the
/// worker's thread.
final class StageNotes {

    private final PacketMeta meta;
    private final FrameFields fields;
    private final RouterAssembly router;

    /// @param router null where ports are joined in pairs
    StageNotes(PacketMemory packets, RouterAssembly router) {
        this.meta = new PacketMeta(packets);
        this.fields = new FrameFields(packets);
        this.router = router;
    }

    String parsed(int packet) {
        ParseResult result = ParseResult.of(meta.parseResult(packet));
        return "headers " + meta.recordCount(packet) + ", l3 at " + meta.l3(packet) + ", l4 at " + meta.l4(packet)
            + ", payload at " + meta.payload(packet) + ": " + result.meaning();
    }

    /// What the packet is to which connection.
    String connection(Tracked tracked, long nowNs) {
        String state = tracked.state().name();
        if (!tracked.hasEntry()) return state;
        return state + ", " + new ConnectionText(router.hooks().tracking().table()).line(tracked.entry(), nowNs);
    }

    /// Its addresses and ports as they are now.
    String ends(int packet) {
        fields.read(packet);
        if (fields.family == 0) return "no IP packet";
        String source = address(fields.sourceHigh, fields.sourceLow);
        String target = address(fields.targetHigh, fields.targetLow);
        if (fields.sourcePort == FrameFields.NONE) return source + " > " + target;
        return source + "." + fields.sourcePort + " > " + target + "." + fields.targetPort;
    }

    private String address(long high, long low) {
        return fields.family == 4 ? Addresses.ipv4((int) low) : Addresses.ipv6(high, low);
    }

    /// What the table says now of the packet's target: what the stage is about to find.
    String routed(int packet) {
        fields.read(packet);
        if (router == null || fields.family == 0) return "no IP packet to route";
        RouteTable routes = router.routes();
        int hop = fields.family == 4 ? routes.lookup4((int) fields.targetLow)
            : routes.lookup6(fields.targetHigh, fields.targetLow);
        String target = address(fields.targetHigh, fields.targetLow);
        if (hop == NextHops.NONE) return target + ": no route";
        NextHops hops = routes.hops();
        var text = new StringBuilder(target).append(": ").append(hops.type(hop));
        if (hops.gatewayFamily(hop) == 4) text.append(" via ").append(Addresses.ipv4(hops.gateway4(hop)));
        if (hops.gatewayFamily(hop) == 6) {
            text.append(" via ").append(Addresses.ipv6(hops.gatewayHigh(hop), hops.gatewayLow(hop)));
        }
        if (hops.egress(hop) != NextHops.NO_EGRESS) {
            text.append(" dev ").append(router.interfaces().get(hops.egress(hop)).name());
        }
        int neighbour = hops.neighbour(hop);
        if (neighbour != NeighbourTable.NONE) {
            NeighbourTable table = router.neighbours();
            text.append(", neighbour ").append(NeighbourState.name(table.state(neighbour)));
            if (table.hasMac(neighbour)) text.append(' ').append(Addresses.mac(table.mac(neighbour)));
        }
        return text.toString();
    }
}
