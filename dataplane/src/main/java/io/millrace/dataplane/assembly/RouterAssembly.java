package io.millrace.dataplane.assembly;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.forward.Ipv4Path;
import io.millrace.dataplane.forward.Ipv6Path;
import io.millrace.dataplane.forward.LinkOutput;
import io.millrace.dataplane.forward.RoutedAddresses;
import io.millrace.dataplane.forward.UnresolvedErrors;
import io.millrace.dataplane.icmp.Icmp;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.Arp;
import io.millrace.dataplane.neighbour.NeighbourDiscovery;
import io.millrace.dataplane.neighbour.NeighbourResult;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.neighbour.NextHopNeighbours;
import io.millrace.dataplane.options.Ipv4Options;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteResult;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.dataplane.stage.GroStage;
import io.millrace.dataplane.stage.Ingress;
import io.millrace.dataplane.stage.ParseStage;
import io.millrace.dataplane.stage.PortOutputs;
import io.millrace.dataplane.stage.RouteWorld;
import io.millrace.dataplane.stage.Stage;
import io.millrace.dataplane.stage.WholeWay;
import io.millrace.dataplane.worker.Timers;
import io.millrace.gro.MergeSettings;
import io.millrace.gro.Merging;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.ParseRecords;
import io.millrace.packet.parse.canonical.ParseProgram;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.packet.parse.host.HostCompiler;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;

/// One worker's router, put together top to bottom: tables, then what decides, then the stages.
public final class RouterAssembly {

    private final Interfaces interfaces;
    private final Ledger ledger;
    private final PortOutputs outputs;
    private final RouteTable routes;
    private final NeighbourTable neighbours;
    private final Icmp icmp;
    private final RouteWorld routeWorld;
    private final GroStage merging;
    private final Stage[] stages;

    RouterAssembly(DataplaneConfig config, Arena arena, List<Port> ports, PacketPool pool) {
        PacketMemory packets = pool.packets();
        var settings = new SysctlReading(config.sysctl());
        this.interfaces = new Interfaces(InterfaceAssembly.interfaces(config, settings), ports.size());
        this.ledger = new Ledger(pool);
        this.outputs = new PortOutputs(ports.toArray(Port[]::new), config.offloads(), 0, pool, ledger, config.seed());
        this.routes = new RouteTable(arena, interfaces.all());
        var random = new SplittableRandom(config.seed());
        this.neighbours = new NeighbourTable(arena, packets, ledger, interfaces.all(), settings.neighbours4(),
            settings.neighbours6(), random.split());
        addRoutes(config);
        addNeighbours(config);

        var nextHopNeighbours = new NextHopNeighbours(routes.hops(), neighbours);
        var output = new LinkOutput(pool, ledger, interfaces, routes, neighbours, nextHopNeighbours, outputs);
        var own = new RoutedAddresses(routes, interfaces);
        this.icmp = new Icmp(arena, pool, ledger, output, own, settings.icmp(), random.nextLong());
        neighbours.connect(output, new UnresolvedErrors(packets, own, icmp.errors4(), icmp.errors6()));
        var discovery = new NeighbourDiscovery(pool, ledger, routes, neighbours, output);
        var arp = new Arp(pool, ledger, routes, neighbours, output);
        var ipv4Path = new Ipv4Path(pool, ledger, interfaces, routes, new Ipv4Options(packets, own), icmp.errors4(),
            icmp.localDelivery(), output);
        var ipv6Path = new Ipv6Path(pool, ledger, interfaces, routes, icmp.errors6(), icmp.localDelivery(), discovery,
            output);

        var wholeWay =
            new WholeWay(packets, new Ingress(packets, interfaces, arp, ledger), ipv4Path, ipv6Path);
        ParseProgram graph = ShippedGraph.DEFAULT.load();
        var records = new ParseRecords(graph.graph().limits().encapsMax());
        this.routeWorld =
            RouteWorld.of(packets, interfaces, routes, neighbours, nextHopNeighbours, outputs, wholeWay);
        Stage parse = new ParseStage(new HostCompiler(graph, packets).newParser(records));
        Stage route = routeWorld.stage();
        this.merging = merging(config, ports, packets, route);
        for (int port = 0; port < ports.size(); port++) {
            if (mergesHere(config.ports().get(port), ports.get(port))) outputs.expectUndone();
        }
        this.stages = new Stage[] {parse, merging != null ? merging : route};
    }

    /// Takes over the addresses, MTUs and sysctls of another configuration with the same interfaces. Its routes and
    /// neighbours are not looked at. For the worker's thread, between two bursts.
    public void change(DataplaneConfig changed) {
        var settings = new SysctlReading(changed.sysctl());
        interfaces.change(InterfaceAssembly.interfaces(changed, settings));
        routes.interfaces(interfaces.all());
        neighbours.interfaces(interfaces.all());
        neighbours.apply(settings.neighbours4(), settings.neighbours6());
        icmp.apply(settings.icmp());
        routeWorld.interfacesChanged();
    }

    /// The interfaces that a configuration makes.
    public static List<Interface> interfaces(DataplaneConfig config) {
        return InterfaceAssembly.interfaces(config, new SysctlReading(config.sysctl()));
    }

    /// In front of the stage given, if packets are merged at some port; else null.
    private GroStage merging(DataplaneConfig config, List<Port> ports, PacketMemory packets, Stage next) {
        boolean neverMerges = config.offloads().stream().noneMatch(OffloadConfig::merges) && config.nics().isEmpty();
        if (neverMerges) return null;
        var mergings = new Merging[ports.size()][];
        var isOn = new boolean[ports.size()];
        for (int port = 0; port < mergings.length; port++) {
            OffloadConfig offload = config.offloads().get(port);
            isOn[port] = mergesHere(config.ports().get(port), ports.get(port));
            boolean canMerge = isOn[port] || ports.get(port) instanceof SimPort;
            mergings[port] = new Merging[canMerge ? ports.get(port).capabilities().rxQueues() : 0];
            for (int queue = 0; queue < mergings[port].length; queue++) {
                mergings[port][queue] =
                    new Merging(packets, new MergeSettings(offload.mergesUdp(), offload.flushTimeoutNs()));
            }
        }
        return new GroStage(packets, mergings, isOn, next, ledger);
    }

    /// Software merges where that is asked for, and where a NIC is asked to and may not.
    private static boolean mergesHere(PortConfig config, Port port) {
        boolean isNicToMerge = config.nic().isPresent() && config.nic().get().merges();
        boolean isLeftUndone = isNicToMerge && port instanceof SimPort simulated
            && !simulated.isOn(NicFeature.MERGING);
        return config.offload().merges() || isLeftUndone;
    }

    /// Whether software merges what a port of a NIC receives, from now on. For the worker's thread, between two bursts.
    public void merges(int port, boolean yes, long nowNs) {
        if (merging == null) return;
        if (yes) outputs.expectUndone();
        merging.merges(port, yes, nowNs);
    }

    /// What merges in front of routing, or null.
    public GroStage merging() {
        return merging;
    }

    private void addRoutes(DataplaneConfig config) {
        for (RouteConfig each : config.routes()) {
            RouteResult result = routes.add(route(config, each));
            if (result != RouteResult.DONE) {
                throw new IllegalStateException("route to " + each.to() + ": " + result.meaning());
            }
        }
    }

    /// A route of a configuration as the tables have it.
    public Route route(DataplaneConfig config, RouteConfig each) {
        Route route = switch (each.type()) {
            case UNICAST -> Route.unicast(each.to(), interfaceIndex(config.topology().interfaceOf(each).orElseThrow()),
                each.via().orElse(null));
            case UNREACHABLE -> Route.refusing(each.to(), RouteType.UNREACHABLE);
            case BLACKHOLE -> Route.refusing(each.to(), RouteType.BLACKHOLE);
            case PROHIBIT -> Route.refusing(each.to(), RouteType.PROHIBIT);
        };
        return route.withMetric((int) each.metric());
    }

    private void addNeighbours(DataplaneConfig config) {
        for (NeighbourConfig each : config.neighbours()) {
            int index = interfaceIndex(config.topology().interfaceOf(each).orElseThrow());
            NeighbourResult result =
                neighbours.replace(index, each.address(), each.mac(), NeighbourState.PERMANENT, 0);
            if (result != NeighbourResult.DONE) {
                throw new IllegalStateException("neighbour " + each.address() + ": " + result.meaning());
            }
        }
    }

    private int interfaceIndex(String name) {
        Interface found = interfaces.find(name);
        if (found == null) throw new IllegalStateException("no interface " + name);
        return found.index();
    }

    Stage[] stages() {
        return stages;
    }

    public PortOutputs outputs() {
        return outputs;
    }

    Ledger ledger() {
        return ledger;
    }

    Timers timers() {
        return new Timers() {
            @Override
            public int expire(long nowNs, int budget) {
                return neighbours.expire(nowNs, budget);
            }

            @Override
            public void releaseHeld() {
                neighbours.dropWaiting(Verdict.INPUT_ENDED);
            }
        };
    }

    public Interfaces interfaces()      { return interfaces; }
    public RouteTable routes()          { return routes; }
    public NeighbourTable neighbours()  { return neighbours; }
    public Icmp icmp()                  { return icmp; }
}
