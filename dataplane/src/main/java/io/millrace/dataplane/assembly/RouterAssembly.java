package io.millrace.dataplane.assembly;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.forward.FlowOutput;
import io.millrace.dataplane.forward.Ipv4Path;
import io.millrace.dataplane.forward.Ipv6Path;
import io.millrace.dataplane.forward.LinkOutput;
import io.millrace.dataplane.forward.RoutedAddresses;
import io.millrace.dataplane.forward.UnresolvedErrors;
import io.millrace.dataplane.hook.Defragmenter;
import io.millrace.dataplane.hook.Hooks;
import io.millrace.dataplane.hook.LoadedRules;
import io.millrace.dataplane.hook.PortFilters;
import io.millrace.dataplane.hook.RouterRoutes;
import io.millrace.dataplane.hook.RuleEffects;
import io.millrace.dataplane.hook.RuleLoading;
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
import io.millrace.dataplane.reassembly.Ipv4Reassembly;
import io.millrace.dataplane.reassembly.Ipv6Reassembly;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteResult;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.dataplane.stage.FilterStage;
import io.millrace.dataplane.stage.GroStage;
import io.millrace.dataplane.stage.Ingress;
import io.millrace.dataplane.stage.IngressRules;
import io.millrace.dataplane.stage.ParseStage;
import io.millrace.dataplane.stage.PortOutputs;
import io.millrace.dataplane.stage.RouteWorld;
import io.millrace.dataplane.stage.ParsedBurst;
import io.millrace.dataplane.stage.RouterStage;
import io.millrace.dataplane.stage.Stage;
import io.millrace.dataplane.stage.WholeWay;
import io.millrace.dataplane.worker.Timers;
import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.gro.MergeSettings;
import io.millrace.gro.Merging;
import io.millrace.nic.port.Port;
import io.millrace.nic.sim.SimPort;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.parse.CompiledParser;
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
    private final TrackSettings trackSettings;
    private final RuleLoading ruleLoading;
    private final RuleEffects ruleEffects;
    private final Hooks hooks;
    private final Defragmenter defragmenter;
    private final OffloadControl offload;
    private final int portCount;
    private final PortFilters filters;

    /// @param startNs when the run begins
    RouterAssembly(DataplaneConfig config, Arena arena, List<Port> ports, PacketPool pool, long startNs) {
        PacketMemory packets = pool.packets();
        this.portCount = ports.size();
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
        var routing = new RouterRoutes(routes, neighbours, interfaces);
        this.ruleEffects = new RuleEffects(pool, ledger);
        this.hooks = new Hooks(packets, ledger, interfaces, neighbours, routes.hops(), routing, ruleEffects);
        var output = new LinkOutput(pool, ledger, interfaces, routes, neighbours, nextHopNeighbours, outputs, hooks);
        var own = new RoutedAddresses(routes, interfaces, hooks);
        this.icmp = new Icmp(arena, pool, ledger, output, own, settings.icmp(), random.nextLong());
        ruleEffects.connect(icmp.rejects(), output);
        neighbours.connect(output, new UnresolvedErrors(packets, own, icmp.errors4(), icmp.errors6(), hooks));
        var discovery = new NeighbourDiscovery(pool, ledger, routes, neighbours, output);
        var arp = new Arp(pool, ledger, routes, neighbours, output);
        var ipv4Path = new Ipv4Path(pool, ledger, interfaces, routes, new Ipv4Options(packets, own), icmp.errors4(),
            icmp.localDelivery(), output, hooks);
        var ipv6Path = new Ipv6Path(pool, ledger, interfaces, routes, icmp.errors6(), icmp.localDelivery(), discovery,
            output, hooks);

        var ingressRules = new IngressRules(packets, interfaces, hooks);
        var wholeWay = new WholeWay(packets, new Ingress(pool, interfaces, arp, ledger), ipv4Path, ipv6Path, hooks,
            ingressRules);
        ParseProgram graph = ShippedGraph.DEFAULT.load();
        var records = new ParseRecords(graph.graph().limits().encapsMax());
        CompiledParser parser = new HostCompiler(graph, packets).newParser(records);
        var parsed = new ParsedBurst();
        this.routeWorld = RouteWorld.of(packets, interfaces, routes, neighbours, nextHopNeighbours, outputs, wholeWay,
            parser, parsed);
        this.defragmenter = new Defragmenter(packets,
            new Ipv4Reassembly(arena, pool, ledger, settings.fragments4(), random.nextLong()),
            new Ipv6Reassembly(arena, pool, ledger, settings.fragments6(), random.nextLong()), own, icmp.errors4(),
            icmp.errors6(), parser);
        hooks.connect(defragmenter);
        Stage router = new RouterStage(routeWorld.stage(), wholeWay, hooks, ingressRules, parser, parsed,
            config.rules().looksUpFlows(), new FlowOutput(packets, interfaces, outputs, output, hooks));
        this.filters = new PortFilters(pool, ledger, outputs, this::useFilters, hooks, ports.size());
        Stage filtered = new FilterStage(router, filters, packets, parser);
        this.merging = merging(config, ports, packets, filtered, parsed);
        for (int port = 0; port < ports.size(); port++) {
            if (mergesHere(config.ports().get(port), ports.get(port))) outputs.expectUndone();
        }
        Stage behind = merging != null ? merging : filtered;
        this.stages = new Stage[] {new ParseStage(parser, parsed, behind), behind};
        this.trackSettings = settings.tracking();
        this.offload = ports.stream().anyMatch(SimPort.class::isInstance) ? offload(arena, ports) : null;
        this.ruleLoading = new RuleLoading(arena, packets, interfaces, ports.size(), routes, routing, records,
            trackSettings, offload, random);
        if (config.rules().isGiven()) use(config.rules().ruleset(), startNs);
    }

    private OffloadControl offload(Arena arena, List<Port> ports) {
        var control = new OffloadControl(arena, ports);
        control.sums(port -> hooks.tracking() == null ? 0 : hooks.tracking().wrongDeviceSums(port));
        return control;
    }

    /// @param atEgress the filters, or null while no port has any there
    private void useFilters(PortFilters atEgress) {
        outputs.filters(atEgress);
        if (offload == null) return;
        var isFiltered = new boolean[portCount];
        for (int port = 0; port < isFiltered.length; port++) isFiltered[port] = filters.hasSoftwareAlone(port);
        offload.filtered(isFiltered);
    }

    private void use(Ruleset ruleset, long nowNs) {
        try {
            hooks.use(ruleLoading.load(ruleset, nowNs), nowNs);
        } catch (NotExecutable e) {
            throw new ConfigException("ruleset: " + e.getMessage());   // the configuration has refused it before
        }
    }

    /// Makes the present rules ready together with connections for filters to track, as [#load] does; null if there are
    /// some already.
    public LoadedRules loadForFilters(Ruleset present, long nowNs) {
        if (hooks.tracking() != null && hooks.tracking().hasRoom()) return null;
        ruleLoading.trackForFilters();
        try {
            return ruleLoading.load(present, nowNs);
        } catch (NotExecutable e) {
            throw new IllegalStateException("rules that run cannot be executed", e);
        }
    }

    /// Makes a ruleset ready, without touching what the worker uses: for the control thread. Names what cannot be
    /// executed; then nothing has changed. What it returns is given to [#use].
    public LoadedRules load(Ruleset ruleset, long nowNs) throws NotExecutable {
        return ruleLoading.load(ruleset, nowNs);
    }

    /// From the next burst on these rules count; counters, dynamic sets and connections go on. For the worker's thread,
    /// between two bursts.
    public void use(LoadedRules rules, long nowNs) {
        hooks.use(rules, nowNs);
    }

    /// Takes over the addresses, MTUs and sysctls of another configuration with the same interfaces. Its routes and
    /// neighbours are not looked at. For the worker's thread, between two bursts.
    public void change(DataplaneConfig changed) {
        var settings = new SysctlReading(changed.sysctl());
        List<Interface> now = InterfaceAssembly.interfaces(changed, settings);
        if (!now.equals(interfaces.all())) takeInterfaces(now);
        neighbours.apply(settings.neighbours4(), settings.neighbours6());
        icmp.apply(settings.icmp());
        settings.applyTo(trackSettings);
        defragmenter.apply(settings.fragments4(), settings.fragments6());
    }

    /// Whatever was looked up before may be wrong after this: flows leave hardware.
    private void takeInterfaces(List<Interface> changed) {
        interfaces.change(changed);
        routes.interfaces(interfaces.all());
        neighbours.interfaces(interfaces.all());
        routeWorld.interfacesChanged();
        hooks.interfacesChanged();
    }

    /// The interfaces that a configuration makes.
    public static List<Interface> interfaces(DataplaneConfig config) {
        return InterfaceAssembly.interfaces(config, new SysctlReading(config.sysctl()));
    }

    /// In front of the stage given, if packets are merged at some port; else null.
    private GroStage merging(DataplaneConfig config, List<Port> ports, PacketMemory packets, Stage next,
                             ParsedBurst parsed) {
        if (!mayMerge(config)) return null;
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
        return new GroStage(packets, mergings, isOn, next, parsed, ledger);
    }

    /// Whether software may ever merge: a NIC may be asked to at any time, and not do it.
    private static boolean mayMerge(DataplaneConfig config) {
        return config.offloads().stream().anyMatch(OffloadConfig::merges) || !config.nics().isEmpty();
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
                return hooks.sweep(nowNs, budget) + neighbours.expire(nowNs, budget);
            }

            @Override
            public void releaseHeld() {
                hooks.releaseHeld();
                neighbours.dropWaiting(Verdict.INPUT_ENDED);
            }
        };
    }

    public Interfaces interfaces()      { return interfaces; }
    public RouteTable routes()          { return routes; }
    public NeighbourTable neighbours()  { return neighbours; }
    public Icmp icmp()                  { return icmp; }
    public Hooks hooks()                { return hooks; }
    /// What puts flows into NICs, or null where no port has one.
    public OffloadControl offload()     { return offload; }
    /// The flower filters of the ports.
    public PortFilters filters()        { return filters; }
    /// What rules have logged.
    public RuleEffects ruleEffects()    { return ruleEffects; }
}
