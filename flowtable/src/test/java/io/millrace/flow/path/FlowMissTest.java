package io.millrace.flow.path;

import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.packet.address.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static io.millrace.flow.path.FlowScene.GATEWAY_MAC;
import static io.millrace.flow.path.FlowScene.HOST_MAC;
import static io.millrace.flow.path.FlowScene.LAN;
import static io.millrace.flow.path.FlowScene.LAN_MAC;
import static io.millrace.flow.path.FlowScene.WAN;
import static io.millrace.flow.path.FlowScene.WAN_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// Every condition of the fast path: what does not meet it goes on, unchanged, under the condition's name.
class FlowMissTest {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int GRE = 47;
    private static final String HOST = "192.168.1.5";
    private static final String SERVER = "198.51.100.7";
    private static final String HOST6 = "fd00:1::5";
    private static final String SERVER6 = "2001:db8:7::7";

    private final Arena arena = Arena.ofConfined();
    private final FlowScene scene = new FlowScene(arena);
    private int udpFlow;

    @BeforeEach
    void addFlows() {
        udpFlow = scene.between(UDP, HOST, 4000, SERVER, 53).add();
        scene.between(TCP, HOST, 4000, SERVER, 80).add();
        scene.between(UDP, HOST6, 4000, SERVER6, 53).add();
    }

    @AfterEach
    void close() {
        arena.close();
    }

    private static Layer fromLan() { return Frame.ethernet(HOST_MAC, LAN_MAC); }

    private static Ipv4Layer ipv4() { return fromLan().ipv4(HOST, SERVER); }

    private void assertMissed(FlowMiss miss, Layer frame) {
        assertMissed(miss, LAN, frame.bytes());
    }

    private void assertMissed(FlowMiss miss, int port, byte[] frame) {
        assertThat(scene.send(port, frame)).isNull();
        assertThat(scene.miss()).isEqualTo(miss);
        assertThat(scene.bytes(0)).isEqualTo(frame);
        assertThat(scene.path.missCount(miss)).isEqualTo(1);
    }

    @Test
    void hopsAreUsedUp() {
        assertMissed(FlowMiss.TTL, ipv4().ttl(1).udp(4000, 53));
        assertThat(scene.send(LAN, ipv4().ttl(0).udp(4000, 53).bytes())).isNull();
        assertThat(scene.send(LAN, fromLan().ipv6(HOST6, SERVER6).hopLimit(1).udp(4000, 53).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.TTL);
        assertThat(scene.send(LAN, ipv4().ttl(2).udp(4000, 53).bytes())).isNotNull();
    }

    @Test
    void ipv4HasOptions() {
        assertMissed(FlowMiss.OPTIONS, ipv4().options(1, 1, 1, 0).udp(4000, 53));
    }

    @Test
    void ipv6HasAnExtensionHeader() {
        assertMissed(FlowMiss.OPTIONS, fromLan().ipv6(HOST6, SERVER6).destinationOptions().udp(4000, 53));
    }

    @Test
    void firstFragment() {
        assertMissed(FlowMiss.FRAGMENT, ipv4().moreFragments().udp(4000, 53).payloadOf(16));
    }

    @Test
    void laterFragment() {
        assertMissed(FlowMiss.FRAGMENT, ipv4().fragmentOffsetBytes(8).protocol(UDP).payloadOf(16));
    }

    @Test
    void ipv6Fragment() {
        assertThat(scene.send(LAN,
            fromLan().ipv6(HOST6, SERVER6).fragment(1, 0, true).udp(4000, 53).payloadOf(8).bytes())).isNull();
        assertThat(scene.miss()).isIn(FlowMiss.FRAGMENT, FlowMiss.OPTIONS);
    }

    @Test
    void protocolIsNotTracked() {
        assertMissed(FlowMiss.PROTOCOL, ipv4().sctp(4000, 53));
    }

    @Test
    void greIsNotVersion0() {
        scene.between(GRE, HOST, 0, SERVER, 0).add();
        assertThat(scene.send(LAN, ipv4().gre().protocol(0x880b).flags(0x2001).payloadOf(8).bytes())).isNull();
        assertThat(scene.miss()).isIn(FlowMiss.PROTOCOL, FlowMiss.NOT_IP);
    }

    @Test
    void transportHeaderIsCut() {
        byte[] whole = ipv4().totalBytes(24).udp(4000, 53).bytes();
        assertMissed(FlowMiss.NOT_IP, LAN, java.util.Arrays.copyOf(whole, 14 + 24));
    }

    @Test
    void notIp() {
        assertMissed(FlowMiss.NOT_IP, Frame.ethernet(HOST_MAC, LAN_MAC).arpRequest(HOST_MAC, HOST, SERVER));
    }

    @Test
    void nobodyKnowsTheFlow() {
        assertMissed(FlowMiss.UNKNOWN, ipv4().udp(4001, 53));
        assertThat(scene.send(LAN, ipv4().udp(4000, 54).bytes())).isNull();
        assertThat(scene.send(LAN, ipv4().tcp(4000, 53).ack().bytes())).as("the protocol counts").isNull();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, "198.51.100.8").udp(4000, 53).bytes())).isNull();
        assertThat(scene.send(LAN, fromLan().ipv6(HOST6, "2001:db8:8::7").udp(4000, 53).bytes())).isNull();
        assertThat(scene.path.missCount(FlowMiss.UNKNOWN)).isEqualTo(5);
    }

    @Test
    void packetArrivesByAnotherPort() {
        assertMissed(FlowMiss.UNKNOWN, WAN, Frame.ethernet(HOST_MAC, WAN_MAC).ipv4(HOST, SERVER).udp(4000, 53).bytes());
    }

    @Test
    void frameIsForAnotherHost() {
        assertMissed(FlowMiss.OTHER_HOST, Frame.ethernet(HOST_MAC, GATEWAY_MAC).ipv4(HOST, SERVER).udp(4000, 53));
    }

    @Test
    void captureHoldsOnlyPartOfTheFrame() {
        scene.begin();
        scene.receive(0, LAN, ipv4().udp(4000, 53).bytes());
        scene.meta.originalBytes(0, 1000);
        scene.process();
        assertThat(scene.miss()).isEqualTo(FlowMiss.NOT_ETHERNET);
    }

    @Test
    void packetIsLongerThanTheRouteTakes() {
        assertThat(scene.send(LAN, ipv4().udp(4000, 53).payloadOf(1500 - 28).bytes())).isNotNull();
        assertMissed(FlowMiss.OVER_MTU, ipv4().udp(4000, 53).payloadOf(1501 - 28));
        assertThat(scene.send(LAN, fromLan().ipv6(HOST6, SERVER6).udp(4000, 53).payloadOf(1501 - 48).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.OVER_MTU);
    }

    @Test
    void superPacketCountsByItsSegments() {
        byte[] frame = ipv4().ttl(9).tcp(4000, 80).ack().payloadOf(1600).bytes();
        for (int segmentBytes : new int[] {1460, 1461}) {
            scene.begin();
            scene.receive(0, LAN, frame);
            scene.meta.gsoSize(0, segmentBytes);
            scene.meta.gsoSegments(0, 2);
            scene.process();
            assertThat(scene.path.forwarded().count()).isEqualTo(segmentBytes == 1460 ? 1 : 0);
        }
        assertThat(scene.miss()).isEqualTo(FlowMiss.OVER_MTU);
    }

    @Test
    void flowWasTornDown() {
        new FlowTeardown(scene.flows, scene).tearDown(udpFlow, scene.nowNs);
        assertMissed(FlowMiss.FLOW_ENDED, ipv4().udp(4000, 53));
        assertThat(scene.ended).containsExactly("77 0/0 0/0");
    }

    @Test
    void routeIsNoLongerValid() {
        scene.flows.links().routeGeneration(1);
        assertMissed(FlowMiss.ROUTE_CHANGED, ipv4().udp(4000, 53));
        assertThat(scene.flows.state(udpFlow) & FlowLine.TEARDOWN).isNotZero();
        assertThat(scene.ended).hasSize(1);
    }

    @Test
    void directFlowsOutliveTheirRoute() {
        scene.between(UDP, HOST, 4001, SERVER, 53);
        scene.original.link().direct(Addresses.parseMac(GATEWAY_MAC));
        scene.add();
        scene.flows.links().routeGeneration(1);
        assertThat(scene.send(LAN, ipv4().ttl(64).udp(4001, 53).bytes()))
            .isEqualTo(Frame.ethernet(WAN_MAC, GATEWAY_MAC).ipv4(HOST, SERVER).ttl(63).udp(4001, 53).bytes());
    }

    @Test
    void packetsOfAnUnresolvedNeighbourAreRewrittenAndHandedOut() {
        FlowLinks links = scene.flows.links();
        links.unresolve(WAN, 0, 9);
        assertThat(scene.send(LAN, ipv4().ttl(64).udp(4000, 53).bytes())).isNull();
        assertThat(scene.burst.count()).isZero();
        assertThat(scene.path.unresolved().count()).isEqualTo(1);
        int packet = scene.path.unresolved().packet(0);
        assertThat(scene.bytes(packet)).isEqualTo(Frame.ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
        assertThat(scene.meta.egress(packet)).isEqualTo(WAN);
        assertThat(links.nextHopLow(scene.meta.nextHop(packet))).isEqualTo(9);
        assertThat(scene.meta.l3(packet)).isZero();
        links.resolve(WAN, 0, 9, Addresses.parseMac(HOST_MAC));
        assertThat(scene.send(LAN, ipv4().ttl(64).udp(4000, 53).bytes())).as("with the neighbour's new address")
            .isEqualTo(Frame.ethernet(WAN_MAC, HOST_MAC).ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
    }
}
