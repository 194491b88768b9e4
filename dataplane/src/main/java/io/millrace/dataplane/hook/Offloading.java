package io.millrace.dataplane.hook;

import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourWatch;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.WorkerFlows;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.flow.Routes;
import io.millrace.flow.path.FlowAdd;
import io.millrace.flow.path.FlowInterface;
import io.millrace.flow.path.FlowLife;
import io.millrace.flow.path.FlowPath;
import io.millrace.flow.path.FlowSweep;
import io.millrace.flow.path.FlowTally;
import io.millrace.flow.path.FlowTeardown;
import io.millrace.flow.path.OffloadedConnections;
import io.millrace.flow.rules.RulesetProgram;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.table.Attachments;
import io.millrace.flow.table.FlowTable;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.machine.Direction;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One worker's flow table beside its connections: how flows get in, how their packets pass, how they end. All
/// flowtables of a ruleset share it; a port is looked up if it is a device of one of them.
public final class Offloading implements NeighbourWatch {

    private static final int LINKS_MAX = 1 << 14;
    /// Longer than a turn of a live worker takes; offline the clock may jump.
    private static final long LATE_NS = 1_000_000_000L;

    private final FlowTable flows;
    private final Attachments attachments;
    private final Connections connections;
    private final FlowTeardown teardown;
    private final FlowSweep sweep;
    private final FlowPath path;
    private final RouteTable routes;
    private final FlowTally tally = new FlowTally();
    private final WorkerFlows hardware;
    private long sweptNs;

    /// @param records of the parser in front of the lookup
    /// @param control puts flows into NICs, or null
    Offloading(Arena arena, PacketMemory packets, ParseRecords records, ConnectionTable table, RouteTable routes,
               int portCount, OffloadControl control, long seed) {
        this.flows = new FlowTable(arena, Math.min(table.countMax(), FlowTable.FLOWS_MAX), LINKS_MAX, seed);
        this.attachments = new Attachments(portCount);
        this.connections = table.connections();
        this.routes = routes;
        this.hardware = control == null ? null : control.worker(flows, attachments, connections);
        FlowLife life = new OffloadedConnections(connections, table.settings());
        if (hardware != null) life = new ToldToHardware(life);
        this.teardown = new FlowTeardown(flows, life);
        this.sweep = new FlowSweep(flows, teardown, life, table.settings());
        this.path = new FlowPath(packets, records, flows, attachments, life);
    }

    /// Flows that are torn down leave hardware too.
    private final class ToldToHardware implements FlowLife {

        private final FlowLife life;

        ToldToHardware(FlowLife life) {
            this.life = life;
        }

        @Override
        public void onAlive(int connection, long nowNs) {
            life.onAlive(connection, nowNs);
        }

        @Override
        public void onTornDown(int connection, boolean isClosing, boolean isExpired, FlowTally tally, long nowNs) {
            hardware.ended(connections.flow(connection));
            life.onTornDown(connection, isClosing, isExpired, tally, nowNs);
        }
    }

    /// The worker's side of hardware offload, or null.
    public WorkerFlows hardware() { return hardware; }

    /// `flow add` has put the connection into the table.
    void added(int connection) {
        if (hardware != null) hardware.added(connections.flow(connection));
    }

    /// A packet of the connection has come in fragments.
    void fragmented(int connection) {
        int slot = connections.flow(connection);
        if (hardware != null && slot != Connections.NONE) hardware.fragmented(slot);
    }

    /// Rules see what these ports receive or send.
    void hooked(boolean[] byPort) {
        if (hardware != null) hardware.hooked(byPort);
    }

    public FlowTable flows() { return flows; }
    public FlowPath path()   { return path; }

    /// What `flow add` does for each flowtable that the program's rules name, in their order there.
    FlowAdd[] adders(RulesetProgram program, Interfaces interfaces, Routes routing) {
        Set<String> devices = new HashSet<>();
        for (RulesetProgram.ProgramFlowtable each : program.flowtables()) devices.addAll(each.flowtable().devices());
        List<FlowInterface> seen = new ArrayList<>();
        for (Interface each : interfaces.all()) {
            int below = interfaces.untagged(each.portIndex());
            boolean isDevice = devices.contains(each.name())
                || below != Interfaces.NONE && devices.contains(interfaces.get(below).name());
            seen.add(new FlowInterface(each.portIndex(), each.mac(),
                Integer.toUnsignedLong(each.outerTag()) | (long) each.innerTag() << 32, each.session(), each.peerMac(),
                isDevice));
        }
        List<FlowAdd> adders = new ArrayList<>();
        for (RulesetProgram.ProgramFlowtable each : program.flowtables()) {
            Flowtable table = each.flowtable();
            adders.add(new FlowAdd(flows, connections, routing, seen, attachments, table.isCounting(),
                table.isOffloaded()));
        }
        return adders.toArray(FlowAdd[]::new);
    }

    /// Before a burst is looked up: flows whose route or time is over must not be found.
    public void prepare(long nowNs) {
        int generation = routes.generation();
        if (flows.links().routeGeneration() != generation) flows.links().routeGeneration(generation);
        if (nowNs - sweptNs > LATE_NS) sweep(nowNs, Integer.MAX_VALUE);
    }

    /// Looks at some slots; once a turn.
    void sweep(long nowNs, int slotsMax) {
        sweptNs = nowNs;
        if (hardware != null) hardware.turn(routes.generation());
        sweep.sweep(nowNs, slotsMax);
    }

    /// The connection is no more.
    void end(int connection, long nowNs) {
        int slot = connections.flow(connection);
        if (slot != Connections.NONE) teardown.tearDown(slot, nowNs);
    }

    /// Moves what the connection's flow has counted to the connection.
    void settle(int connection) {
        int slot = connections.flow(connection);
        if (slot == Connections.NONE) return;
        tally.take(flows, slot);
        connections.count(connection, Direction.ORIGINAL, tally.originalPackets(), tally.originalBytes());
        connections.count(connection, Direction.REPLY, tally.replyPackets(), tally.replyBytes());
    }

    /// The flowtables are gone: every connection goes on in the slow path.
    void endAll(long nowNs) {
        for (int slot = 0; slot < flows.slotsUsed(); slot++) {
            if (flows.isUsed(slot)) teardown.tearDown(slot, nowNs);
        }
    }

    @Override
    public void changed(int interfaceIndex, long high, long low, boolean isConnected, long mac) {
        if (isConnected) {
            flows.links().resolve(interfaceIndex, high, low, mac);
        } else {
            flows.links().unresolve(interfaceIndex, high, low);
        }
        if (hardware != null) hardware.neighbourChanged(interfaceIndex, high, low, isConnected, mac);
    }
}
