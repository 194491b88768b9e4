package io.millrace.perf.bench;

import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.dataplane.assembly.Dataplane;
import io.millrace.dataplane.assembly.RouterAssembly;
import io.millrace.dataplane.config.DataplaneConfig;
import io.millrace.dataplane.config.Forwarding;
import io.millrace.dataplane.config.NeighbourConfig;
import io.millrace.dataplane.config.OffloadConfig;
import io.millrace.dataplane.config.PortConfig;
import io.millrace.dataplane.config.RouteConfig;
import io.millrace.dataplane.config.RouteType;
import io.millrace.dataplane.config.RulesConfig;
import io.millrace.dataplane.config.SysctlConfig;
import io.millrace.dataplane.config.Threading;
import io.millrace.dataplane.config.WireConfig;
import io.millrace.dataplane.worker.Clock;
import io.millrace.dataplane.worker.Worker;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.nic.capture.CaptureException;
import io.millrace.nic.driver.none.NullPort;
import io.millrace.nic.driver.replay.ReplayPort;
import io.millrace.nic.port.Port;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Check;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketPool;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One worker between a port that replays a capture from memory and one that takes what is sent: what `millrace run`
/// would build from such a configuration.
final class BenchWorld {

    static final long LAN_MAC = PortConfig.usualMac(0);
    private static final long WAN_MAC = PortConfig.usualMac(1);
    private static final long GATEWAY_MAC = 0x0200_0000_1000L;
    private static final int GATEWAYS = 16;
    private static final int ROUTES = 256;
    private static final int PACKET_SLOTS = 4096;
    private static final int MTU_BYTES = 9000;

    private final Worker worker;
    private final RouterAssembly router;

    private BenchWorld(DataplaneConfig config, Path capture) throws CaptureException {
        Arena arena = Arena.global();
        var packets = new PacketMemory(arena, PACKET_SLOTS);
        List<Port> ports = List.of(new ReplayPort(packets, "lan", 0, capture, ReplayPort.ENDLESS),
            new NullPort(packets, "wan", 1));
        Dataplane dataplane =
            Dataplane.assemble(config, arena, ports, new PacketPool(arena, packets), Clock.system());
        this.worker = dataplane.workers().getFirst();
        this.router = dataplane.router();
    }

    /// Receive and transmit, nothing between.
    static BenchWorld io(Path capture) throws CaptureException {
        return new BenchWorld(config(capture, Forwarding.PATCH, List.of(), List.of()), capture);
    }

    /// 256 routes of 24 bits for the generated traffic and default routes for any other, over 16 gateways.
    static BenchWorld route(Path capture) throws CaptureException {
        var routes = new ArrayList<RouteConfig>();
        var neighbours = new ArrayList<NeighbourConfig>();
        for (int i = 0; i < GATEWAYS; i++) {
            neighbours.add(new NeighbourConfig(gateway(i), GATEWAY_MAC + i, Optional.of("wan")));
        }
        neighbours.add(new NeighbourConfig(gateway6(), GATEWAY_MAC, Optional.of("wan")));
        for (int i = 0; i < ROUTES; i++) {
            routes.add(route("198.19." + i + ".0/24", gateway(i % GATEWAYS)));
        }
        routes.add(route("0.0.0.0/0", gateway(0)));
        routes.add(route("::/0", gateway6()));
        return new BenchWorld(config(capture, Forwarding.ROUTER, routes, neighbours), capture);
    }

    /// Default routes alone; packets are merged before they are routed, or not.
    static BenchWorld merging(Path capture, boolean merges) throws CaptureException {
        var neighbours = List.of(new NeighbourConfig(gateway(0), GATEWAY_MAC, Optional.of("wan")));
        var routes = List.of(route("0.0.0.0/0", gateway(0)));
        return new BenchWorld(config(capture, Forwarding.ROUTER, routes, neighbours,
            new OffloadConfig(merges, true, false, 0)), capture);
    }

    /// As [#merging] without merging, and every packet is held against these rules.
    static BenchWorld rules(Path capture, String ruleset, SysctlConfig sysctl) throws CaptureException {
        NftLoader.Outcome outcome = NftLoader.load(new Source("bench", ruleset, Path.of("")), Ruleset.EMPTY);
        Check.that(outcome.isFine(), outcome.errorText());
        var neighbours = List.of(new NeighbourConfig(gateway(0), GATEWAY_MAC, Optional.of("wan")));
        var routes = List.of(route("0.0.0.0/0", gateway(0)));
        return new BenchWorld(config(capture, Forwarding.ROUTER, routes, neighbours, OffloadConfig.USUAL,
            RulesConfig.of(outcome.ruleset()), sysctl), capture);
    }

    private static DataplaneConfig config(Path capture, Forwarding forwarding, List<RouteConfig> routes,
                                          List<NeighbourConfig> neighbours) {
        return config(capture, forwarding, routes, neighbours, OffloadConfig.USUAL);
    }

    private static DataplaneConfig config(Path capture, Forwarding forwarding, List<RouteConfig> routes,
                                          List<NeighbourConfig> neighbours, OffloadConfig offload) {
        return config(capture, forwarding, routes, neighbours, offload, RulesConfig.NONE, SysctlConfig.LINUX);
    }

    private static DataplaneConfig config(Path capture, Forwarding forwarding, List<RouteConfig> routes,
                                          List<NeighbourConfig> neighbours, OffloadConfig offload,
                                          RulesConfig rules, SysctlConfig sysctl) {
        boolean isRouter = forwarding == Forwarding.ROUTER;
        var lan = new PortConfig("lan", new WireConfig.Replay(capture, WireConfig.Replay.ENDLESS), LAN_MAC, MTU_BYTES,
            isRouter ? List.of(IpPrefix.parse("192.0.2.1/24"), IpPrefix.parse("2001:db8:1::1/64")) : List.of(),
            offload);
        var wan = new PortConfig("wan", new WireConfig.Null(), WAN_MAC, MTU_BYTES,
            isRouter ? List.of(IpPrefix.parse("203.0.113.1/24"), IpPrefix.parse("2001:db8:2::1/64")) : List.of());
        return new DataplaneConfig(1, Threading.SHARED, forwarding, List.of(lan, wan), List.of(), routes, neighbours,
            sysctl, rules, List.of(), DataplaneConfig.SEED_USUAL, DataplaneConfig.POLL_INTERVAL_NS_USUAL, 0);
    }

    private static IpAddress gateway(int number) {
        return IpAddress.parse("203.0.113." + (10 + number));
    }

    private static IpAddress gateway6() {
        return IpAddress.parse("2001:db8:2::10");
    }

    private static RouteConfig route(String to, IpAddress via) {
        return new RouteConfig(IpPrefix.parse(to), RouteType.UNICAST, Optional.of(via), Optional.empty(), 0);
    }

    /// One turn of the worker; returns the packets it received.
    int turn() {
        return worker.doWork();
    }

    /// One turn at a time of the caller's.
    int turn(long nowNs) {
        return worker.turn(nowNs);
    }

    /// Connections that are tracked.
    int connectionCount() {
        return router.hooks().tracking().table().count();
    }

    /// Ends all whose time is over.
    void endConnections(long nowNs) {
        router.hooks().tracking().table().sweep(nowNs, Integer.MAX_VALUE);
    }

    /// Share of the packets received that were given to a wire, of all so far.
    double shareSent() {
        return (double) worker.ledger().count(io.millrace.packet.memory.Verdict.SENT) / worker.ledger().received();
    }
}
