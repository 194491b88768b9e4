package io.millrace.flow.path;

import io.millrace.flow.RouteKind;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.track.ConnectionEvents;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.flow.track.ConnectionTable;
import io.millrace.flow.track.ConnectionTracker;
import io.millrace.flow.track.Connections;
import io.millrace.flow.track.Tracked;
import io.millrace.flow.track.machine.Direction;
import io.millrace.flow.track.machine.TcpConntrackState;
import io.millrace.flow.track.machine.TcpSide;
import io.millrace.flow.track.machine.TcpState;
import io.millrace.flow.track.machine.TrackSettings;
import io.millrace.flow.track.machine.TrackSysctl;
import io.millrace.packet.address.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.List;

import static io.millrace.flow.path.FlowScene.GATEWAY_MAC;
import static io.millrace.flow.path.FlowScene.HOST_MAC;
import static io.millrace.flow.path.FlowScene.LAN;
import static io.millrace.flow.path.FlowScene.LAN_MAC;
import static io.millrace.flow.path.FlowScene.WAN;
import static io.millrace.flow.path.FlowScene.WAN_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// `flow add` on real connections: each precondition, what it makes of the connection, and how the connection comes
/// back.
class FlowAddTest {

    private static final String HOST = "192.168.1.5";
    private static final String SERVER = "198.51.100.7";
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_NS = 86_400 * SECOND_NS;
    private static final int FIN = 1;
    private static final int RST = 4;
    private static final int ACK = 0x10;

    private final Arena arena = Arena.ofConfined();
    private final FlowScene scene = new FlowScene(arena);
    private final TrackSettings settings = new TrackSettings().set(TrackSysctl.MAX, 1000);
    private final ConnectionTable table = new ConnectionTable(arena, settings, 1, ConnectionEvents.NONE);
    private final Connections connections = table.connections();
    private final ConnectionTracker tracker = new ConnectionTracker(scene.packets, table);
    private final TwoInterfaces routes = new TwoInterfaces();
    private final FlowAdd add = newAdd(false);
    private final OffloadedConnections offloaded = new OffloadedConnections(connections, settings);
    private final FlowTeardown teardown = new FlowTeardown(scene.flows, offloaded);
    private final FlowSweep sweep = new FlowSweep(scene.flows, teardown, offloaded, settings);
    private final Tracked tracked = new Tracked();
    private final TcpState tcp = new TcpState();

    @AfterEach
    void close() {
        arena.close();
    }

    private FlowAdd newAdd(boolean isForHardware) {
        return new FlowAdd(scene.flows, connections, routes,
            List.of(new FlowInterface(LAN, Addresses.parseMac(LAN_MAC), 0, 0, 0, true),
                new FlowInterface(WAN, Addresses.parseMac(WAN_MAC), 0, 0, 0, true)),
            scene.attachments, true, isForHardware);
    }

    private static Layer out()  { return Frame.ethernet(HOST_MAC, LAN_MAC).ipv4(HOST, SERVER); }
    private static Layer back() { return Frame.ethernet(GATEWAY_MAC, WAN_MAC).ipv4(SERVER, HOST); }

    /// The slow path of one packet: tracked, confirmed, released. What `flow add` says is asked in between.
    private long pass(Layer frame, int tcpFlags, boolean isAsked) {
        byte[] bytes = frame.bytes();
        scene.begin();
        scene.receive(0, LAN, bytes);
        assertThat(tracker.track(0, 14, bytes.length, true, tracked.begin(), scene.nowNs)).isTrue();
        boolean isReply = tracked.state().isReply();
        long obstacles = !isAsked ? 0
            : add.add(tracked, isReply ? WAN : LAN, isReply ? LAN : WAN, tcpFlags, 0, false, scene.nowNs);
        if (tracked.hasEntry()) table.confirm(tracked, scene.nowNs);
        return obstacles;
    }

    private int establishUdp() {
        pass(out().udp(4000, 53), 0, false);
        int entry = tracked.entry();
        pass(back().udp(53, 4000), 0, false);
        return entry;
    }

    private int establishTcp() {
        pass(out().tcp(4000, 80).sequence(100).syn(), 2, false);
        int entry = tracked.entry();
        pass(back().tcp(80, 4000).sequence(500).acknowledgement(101).syn(), 0x12, false);
        pass(out().tcp(4000, 80).sequence(101).acknowledgement(501).ack(), ACK, false);
        assertThat(connections.has(entry, ConnectionStatus.ASSURED)).isTrue();
        return entry;
    }

    @Test
    void takesAConnectionFromItsSecondPacketOn() {
        assertThat(pass(out().udp(4000, 53), 0, true)).isEqualTo(FlowObstacle.NOT_CONFIRMED.bit());
        int entry = tracked.entry();
        assertThat(FlowObstacle.names(connections.obstacles(entry))).isEqualTo("NOT_CONFIRMED");
        assertThat(pass(back().udp(53, 4000), 0, true)).isZero();
        assertThat(connections.obstacles(entry)).isZero();
        assertThat(connections.has(entry, ConnectionStatus.OFFLOAD)).isTrue();
        assertThat(connections.timeoutNs(entry)).isEqualTo(scene.nowNs + DAY_NS);
        int slot = connections.flow(entry);
        assertThat(scene.flows.connection(slot)).isEqualTo(entry);
        assertThat(scene.send(LAN, Frame.ethernet(HOST_MAC, LAN_MAC).ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes()))
            .isEqualTo(Frame.ethernet(WAN_MAC, GATEWAY_MAC).ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
        assertThat(scene.send(WAN, Frame.ethernet(GATEWAY_MAC, WAN_MAC).ipv4(SERVER, HOST).ttl(9).udp(53, 4000)
            .bytes())).isEqualTo(Frame.ethernet(LAN_MAC, HOST_MAC).ipv4(SERVER, HOST).ttl(8).udp(53, 4000).bytes());
    }

    @Test
    void takesTcpOnceItIsAssured() {
        assertThat(pass(out().tcp(4000, 80).sequence(100).syn(), 2, true)).isEqualTo(FlowObstacle.NOT_CONFIRMED.bit()
            | FlowObstacle.NOT_ESTABLISHED.bit() | FlowObstacle.NOT_ASSURED.bit());
        int entry = tracked.entry();
        assertThat(pass(back().tcp(80, 4000).sequence(500).acknowledgement(101).syn(), 0x12, true))
            .isEqualTo(FlowObstacle.NOT_ESTABLISHED.bit() | FlowObstacle.NOT_ASSURED.bit());
        assertThat(pass(out().tcp(4000, 80).sequence(101).acknowledgement(501).ack(), ACK, true)).isZero();
        connections.tcp(entry, tcp);
        assertThat(tcp.side(Direction.ORIGINAL).has(TcpSide.LIBERAL)).isTrue();
        assertThat(tcp.side(Direction.REPLY).has(TcpSide.LIBERAL)).isTrue();
    }

    @Test
    void refusesEndingTcpPackets() {
        establishTcp();
        for (int flags : new int[] {FIN | ACK, RST}) {
            assertThat(add.add(tracked, LAN, WAN, flags, 0, false, scene.nowNs))
                .isEqualTo(FlowObstacle.TCP_ENDING.bit());
        }
    }

    @Test
    void namesEveryObstacleThatHolds() {
        int entry = establishUdp();
        connections.set(entry, ConnectionStatus.HELPER | ConnectionStatus.SEQUENCE_ADJUST | ConnectionStatus.NAT_CLASH);
        long obstacles = add.add(tracked, LAN, WAN, 0, 0, true, scene.nowNs);
        assertThat(FlowObstacle.names(obstacles)).isEqualTo("IP_OPTIONS, HELPER, SEQUENCE_ADJUST, NAT_CLASH");
        assertThat(connections.has(entry, ConnectionStatus.OFFLOAD)).isFalse();
    }

    @Test
    void refusesWhatIsInTheTableAlready() {
        establishUdp();
        assertThat(add.add(tracked, WAN, LAN, 0, 0, false, scene.nowNs)).isZero();
        assertThat(add.add(tracked, WAN, LAN, 0, 0, false, scene.nowNs)).isEqualTo(FlowObstacle.OFFLOADED.bit());
    }

    @Test
    void refusesPacketsWithoutConnection() {
        assertThat(add.add(tracked.begin(), LAN, WAN, 0, 0, false, scene.nowNs))
            .isEqualTo(FlowObstacle.NO_CONNECTION.bit());
    }

    @Test
    void refusesOtherProtocols() {
        pass(out().icmpEchoRequest(1, 1), 0, false);
        assertThat(add.add(tracked, LAN, WAN, 0, 0, false, scene.nowNs)).isEqualTo(FlowObstacle.PROTOCOL.bit());
    }

    @Test
    void refusesGreUnderNatAndOfAnotherVersion() {
        pass(out().gre().protocol(0x0800).payloadOf(20), 0, false);
        connections.set(tracked.entry(), ConnectionStatus.SOURCE_NAT);
        assertThat(FlowObstacle.names(add.add(tracked, LAN, WAN, 0, 1, false, scene.nowNs)))
            .isEqualTo("GRE_TRANSLATED, GRE_VERSION");
        connections.unset(tracked.entry(), ConnectionStatus.SOURCE_NAT);
        assertThat(add.add(tracked, LAN, WAN, 0, 0, false, scene.nowNs)).isZero();
    }

    @Test
    void wantsARouteOnAndOneBackByTheSameInterface() {
        establishUdp();
        routes.onward = RouteKind.BLACKHOLE;
        assertThat(FlowObstacle.names(add.add(tracked, WAN, LAN, 0, 0, false, scene.nowNs)))
            .isEqualTo("NO_RETURN_ROUTE");
        routes.onward = RouteKind.UNICAST;
        assertThat(FlowObstacle.names(add.add(tracked, LAN, LAN, 0, 0, false, scene.nowNs)))
            .as("the way back to the server is not by the lan").isEqualTo("NO_RETURN_ROUTE");
        assertThat(FlowObstacle.names(add.add(tracked, WAN, WAN, 0, 0, false, scene.nowNs))).isEqualTo("NO_ROUTE");
    }

    @Test
    void keepsTheMtuOfTheRoute() {
        establishUdp();
        assertThat(add.add(tracked, WAN, LAN, 0, 0, false, scene.nowNs)).isZero();
        assertThat(scene.send(LAN, out().udp(4000, 53).payloadOf(1400 - 28).bytes())).isNotNull();
        assertThat(scene.send(LAN, out().udp(4000, 53).payloadOf(1401 - 28).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.OVER_MTU);
    }

    @Test
    void waitsForANeighbourThatIsToBeConfirmed() {
        establishUdp();
        routes.neighbourState = TwoInterfaces.NUD_STALE;
        assertThat(add.add(tracked, WAN, LAN, 0, 0, false, scene.nowNs)).isZero();
        assertThat(scene.send(LAN, out().udp(4000, 53).bytes())).isNull();
        assertThat(scene.path.unresolved().count()).isEqualTo(1);
        scene.flows.links().resolve(WAN, 0, TwoInterfaces.GATEWAY & 0xffff_ffffL, Addresses.parseMac(GATEWAY_MAC));
        assertThat(scene.send(LAN, out().udp(4000, 53).bytes())).isNotNull();
    }

    @Test
    void flowsForHardwareFollowTheirRouteToo() {
        establishUdp();
        assertThat(newAdd(true).add(tracked, WAN, LAN, 0, 0, false, scene.nowNs)).isZero();
        assertThat(scene.flows.state(0) & FlowLine.WANTED).isNotZero();
        assertThat(scene.send(LAN, out().udp(4000, 53).bytes())).isNotNull();
        scene.flows.links().routeGeneration(99);
        assertThat(scene.send(LAN, out().udp(4000, 53).bytes())).isNull();
    }

    @Test
    void idleFlowExpiresAndItsConnectionGoesOnForTheRestOfItsTime() {
        int entry = establishUdp();
        connections.set(entry, ConnectionStatus.SEEN_REPLY);
        add.add(tracked, WAN, LAN, 0, 0, false, scene.nowNs);
        scene.send(LAN, out().udp(4000, 53).bytes());
        assertThat(sweep.sweep(scene.nowNs + 30 * SECOND_NS - 1, 100)).isZero();
        scene.nowNs += 32 * SECOND_NS;
        assertThat(sweep.sweep(scene.nowNs, 100)).isEqualTo(1);
        assertThat(connections.has(entry, ConnectionStatus.OFFLOAD)).isFalse();
        assertThat(connections.flow(entry)).isEqualTo(Connections.NONE);
        // From the moment at which the flow's 30 s were over, however late the sweep came by.
        assertThat(connections.timeoutNs(entry)).isEqualTo(scene.nowNs - 2 * SECOND_NS + (120 - 30) * SECOND_NS);
        assertThat(connections.packets(entry, Direction.ORIGINAL)).as("one by the slow path may count too")
            .isGreaterThanOrEqualTo(1);
        assertThat(scene.flows.flowCount()).isZero();
        assertThat(scene.send(LAN, out().udp(4000, 53).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.UNKNOWN);
    }

    @Test
    void closedTcpComesBackAsCloseThatANewSynOpens() {
        int entry = establishTcp();
        add.add(tracked, LAN, WAN, ACK, 0, false, scene.nowNs);
        scene.send(LAN, out().tcp(4000, 80).sequence(101).acknowledgement(501).fin().ack().bytes());
        teardown.tearDown(connections.flow(entry), scene.nowNs);
        connections.tcp(entry, tcp);
        assertThat(tcp.state()).isEqualTo(TcpConntrackState.CLOSE);
        assertThat(tcp.side(Direction.ORIGINAL).has(TcpSide.CLOSE_BEGUN)).isTrue();
        assertThat(tcp.side(Direction.REPLY).windowMax()).isZero();
        assertThat(connections.timeoutNs(entry)).isEqualTo(scene.nowNs + 10 * SECOND_NS);
        pass(out().tcp(4000, 80).sequence(9000).syn(), 2, false);
        assertThat(connections.tcp(tracked.entry(), tcp).state()).isEqualTo(TcpConntrackState.SYN_SENT);
    }

    @Test
    void sweepKeepsTheConnectionOfALivingFlowAlive() {
        int entry = establishTcp();
        add.add(tracked, LAN, WAN, ACK, 0, false, scene.nowNs);
        scene.nowNs += DAY_NS - 200 * SECOND_NS;
        scene.send(LAN, out().tcp(4000, 80).sequence(101).acknowledgement(501).ack().bytes());
        sweep.sweep(scene.nowNs, 100);
        assertThat(connections.timeoutNs(entry)).isEqualTo(scene.nowNs + DAY_NS);
        assertThat(scene.flows.state(connections.flow(entry)) & FlowLine.TEARDOWN).isZero();
    }

    @Test
    void sweepLooksAtABoundedNumberOfSlotsAndOnceASecond() {
        for (int port = 1; port <= 10; port++) {
            scene.between(17, HOST, port, SERVER, 53);
            scene.flows.add(scene.original, scene.reply, 0, true, scene.nowNs);
        }
        scene.nowNs += 31 * SECOND_NS;
        assertThat(sweep.sweep(scene.nowNs, 4)).isEqualTo(4);
        assertThat(sweep.sweep(scene.nowNs, 4)).isEqualTo(4);
        assertThat(sweep.sweep(scene.nowNs, 4)).isEqualTo(2);
        scene.between(17, HOST, 1, SERVER, 53);
        scene.flows.add(scene.original, scene.reply, 0, true, 0);
        assertThat(sweep.sweep(scene.nowNs + SECOND_NS - 1, 100)).as("not due yet").isZero();
        assertThat(sweep.sweep(scene.nowNs + SECOND_NS, 100)).isEqualTo(1);
    }
}
