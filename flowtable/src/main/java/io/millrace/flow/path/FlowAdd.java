package io.millrace.flow.path;

import io.millrace.flow.RouteAnswer;
import io.millrace.flow.Routes;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.DirectionSpec;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.table.LinkSpec;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpSide;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.tuple.Tuple;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpFlags;

import java.util.List;

/// The statement `flow add @f`: puts the connection of a forwarded packet into a flow table if nothing speaks against
/// it
/// (Linux: `nft_flow_offload_eval`). What speaks against it is kept with the connection, every reason that holds.
///
/// Both directions leave by the neighbour of their route. Flows of a flow table with flag `offload` do so too, other
/// than in Linux, which stops looking at route and neighbour; whoever puts them into hardware follows both.
public final class FlowAdd {

    private static final int CONNECTED = 0x02 | 0x40 | 0x80;   // NUD_REACHABLE, NUD_NOARP, NUD_PERMANENT
    private static final long NO_MAC = -1;

    private final FlowTable flows;
    private final Connections connections;
    private final Routes routes;
    private final FlowInterface[] interfaces;
    private final int[] attachments;
    private final boolean isCounted;
    private final boolean isForHardware;
    private final TcpState tcp = new TcpState();
    private final Tuple tuple = new Tuple();
    private final Tuple other = new Tuple();
    private final RouteAnswer route = new RouteAnswer();
    private final RouteAnswer returnRoute = new RouteAnswer();
    private final DirectionSpec[] specs = {new DirectionSpec(), new DirectionSpec()};

    /// @param interfaces by number; those without an own place in a flow table may be null
    public FlowAdd(FlowTable flows, Connections connections, Routes routes, List<FlowInterface> interfaces,
                   Attachments attachments, boolean isCounted, boolean isForHardware) {
        this.flows = flows;
        this.connections = connections;
        this.routes = routes;
        this.interfaces = interfaces.toArray(FlowInterface[]::new);
        this.attachments = new int[this.interfaces.length];
        this.isCounted = isCounted;
        this.isForHardware = isForHardware;
        for (int i = 0; i < this.interfaces.length; i++) {
            FlowInterface each = this.interfaces[i];
            if (each == null) continue;
            this.attachments[i] = attachments.encapsulated(each.port(), each.vlans(), each.session(),
                each.isDevice() ? each.mac() : NO_MAC);
        }
    }

    /// Facts of the packet at hand, as the statement sees it in the forward hook.
    ///
    /// @param tcpFlags      of its TCP header, 0 for other protocols
    /// @param greVersion    of its GRE header, 0 for other protocols
    /// @param hasOptions    it has IPv4 options
    /// @return the bits of the obstacles; 0 if the connection is in the flow table now
    public long add(Tracked tracked, int ingress, int egress, int tcpFlags, int greVersion, boolean hasOptions,
                    long nowNs) {
        if (!tracked.hasEntry()) {
            return FlowObstacle.NO_CONNECTION.bit() | (hasOptions ? FlowObstacle.IP_OPTIONS.bit() : 0);
        }
        int entry = tracked.entry();
        long obstacles = hasOptions ? FlowObstacle.IP_OPTIONS.bit() : 0;
        if (tracked.state().isRelated()) obstacles |= FlowObstacle.RELATED.bit();
        obstacles |= ofProtocol(entry, tcpFlags, greVersion) | ofStatus(entry);
        if (obstacles == 0) obstacles = ofRoutes(entry, tracked.direction(), ingress, egress);
        if (obstacles == 0) obstacles = insert(entry, nowNs);
        connections.obstacles(entry, obstacles);
        return obstacles;
    }

    private long ofProtocol(int entry, int tcpFlags, int greVersion) {
        long obstacles = 0;
        switch (connections.protocol(entry)) {
            case IpProtocol.TCP -> {
                if ((tcpFlags & (TcpFlags.FIN | TcpFlags.RST)) != 0) obstacles |= FlowObstacle.TCP_ENDING.bit();
                if (connections.tcp(entry, tcp).state() != TcpConntrackState.ESTABLISHED) {
                    obstacles |= FlowObstacle.NOT_ESTABLISHED.bit();
                }
                if (!connections.has(entry, ConnectionStatus.ASSURED)) obstacles |= FlowObstacle.NOT_ASSURED.bit();
            }
            case IpProtocol.UDP -> { }
            case IpProtocol.GRE -> {
                if (connections.has(entry, ConnectionStatus.NAT)) obstacles |= FlowObstacle.GRE_TRANSLATED.bit();
                if (greVersion != 0) obstacles |= FlowObstacle.GRE_VERSION.bit();
            }
            default -> obstacles |= FlowObstacle.PROTOCOL.bit();
        }
        return obstacles;
    }

    private long ofStatus(int entry) {
        int status = connections.status(entry);
        long obstacles = 0;
        if ((status & ConnectionStatus.HELPER) != 0) obstacles |= FlowObstacle.HELPER.bit();
        if ((status & ConnectionStatus.SEQUENCE_ADJUST) != 0) obstacles |= FlowObstacle.SEQUENCE_ADJUST.bit();
        if ((status & ConnectionStatus.NAT_CLASH) != 0) obstacles |= FlowObstacle.NAT_CLASH.bit();
        if ((status & ConnectionStatus.CONFIRMED) == 0) obstacles |= FlowObstacle.NOT_CONFIRMED.bit();
        if ((status & ConnectionStatus.OFFLOAD) != 0) obstacles |= FlowObstacle.OFFLOADED.bit();
        return obstacles;
    }

    /// Finds the way on and the way back, and describes both directions by them.
    private long ofRoutes(int entry, int direction, int ingress, int egress) {
        connections.tuple(entry, direction, tuple);
        connections.tuple(entry, Direction.other(direction), other);
        long obstacles = 0;
        if (!find(other.sourceHigh(), other.sourceLow(), egress, route)) obstacles |= FlowObstacle.NO_ROUTE.bit();
        if (!find(tuple.sourceHigh(), tuple.sourceLow(), ingress, returnRoute)) {
            obstacles |= FlowObstacle.NO_RETURN_ROUTE.bit();
        }
        if (obstacles != 0) return obstacles;
        describe(specs[direction], tuple, other, ingress, egress, route);
        describe(specs[Direction.other(direction)], other, tuple, egress, ingress, returnRoute);
        return 0;
    }

    /// True if packets to this address may go on by this interface, and it is one that a flow can use.
    private boolean find(long targetHigh, long targetLow, int egress, RouteAnswer answer) {
        if (egress < 0 || egress >= interfaces.length || interfaces[egress] == null) return false;
        routes.find(tuple.family(), targetHigh, targetLow, egress, answer);
        if (!answer.kind().isOnward() || answer.egress() != egress) return false;
        routes.neighbour(tuple.family(), targetHigh, targetLow, answer);
        return true;
    }

    /// The direction with the key `from`; its packets become what answers to `to`.
    private void describe(DirectionSpec spec, Tuple from, Tuple to, int ingress, int egress, RouteAnswer answer) {
        spec.of(from.family(), from.protocol(), attachments[ingress]).mtu(answer.mtuBytes());
        spec.source(from.sourceHigh(), from.sourceLow(), from.sourcePort());
        spec.target(from.targetHigh(), from.targetLow(), from.targetPort());
        spec.newSource(to.targetHigh(), to.targetLow(), to.targetPort());
        spec.newTarget(to.sourceHigh(), to.sourceLow(), to.sourcePort());
        FlowInterface out = interfaces[egress];
        LinkSpec link = spec.link().through(out.port(), egress, from.family(), out.mac())
            .encapsulated((int) out.vlans(), (int) (out.vlans() >>> 32), out.session());
        if (out.session() != 0) {
            link.direct(out.peerMac());
        } else {
            boolean hasGateway = answer.gatewayFamily() != 0;
            link.toNeighbour(hasGateway ? answer.gatewayHigh() : to.sourceHigh(),
                hasGateway ? answer.gatewayLow() : to.sourceLow(), answer.generation());
            if ((answer.neighbourState() & CONNECTED) != 0) link.resolved(answer.neighbourMac());
        }
    }

    private long insert(int entry, long nowNs) {
        FlowLinks links = flows.links();
        if (links.routeGeneration() != route.generation()) links.routeGeneration(route.generation());
        int slot = flows.add(specs[Direction.ORIGINAL], specs[Direction.REPLY], entry, isCounted, nowNs);
        if (slot == FlowTable.TAKEN) return FlowObstacle.TAKEN.bit();
        if (slot == FlowTable.FULL) return FlowObstacle.TABLE_FULL.bit();
        if (connections.protocol(entry) == IpProtocol.TCP) {
            connections.tcp(entry, tcp);
            tcp.side(Direction.ORIGINAL).set(TcpSide.LIBERAL);
            tcp.side(Direction.REPLY).set(TcpSide.LIBERAL);
            connections.storeTcp(entry, tcp);
        }
        connections.set(entry, ConnectionStatus.OFFLOAD);
        connections.flow(entry, slot);
        if (isForHardware) flows.mark(slot, FlowLine.WANTED);
        connections.timeoutNs(entry, nowNs + OffloadedConnections.DAY_NS);
        return 0;
    }
}
