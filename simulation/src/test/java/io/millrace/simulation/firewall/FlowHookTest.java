package io.millrace.simulation.firewall;

import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.route.Route;
import io.millrace.flow.path.FlowMiss;
import io.millrace.flow.path.FlowObstacle;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.track.Connections;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import org.junit.jupiter.api.Test;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// Connections in the flow table of the whole router: how they get in, what their packets become, how they leave.
class FlowHookTest {

    static final String GATEWAY_RULES = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; counter; }
            chain onward { type filter hook forward priority 0; policy accept;
                ct state established flow add @f
                counter name seen
            }
            chain post { type nat hook postrouting priority srcnat; meta nfproto ipv4 oifname wan masquerade; }
            counter seen { }
        }
        """;

    private static long seen(FirewallScene scene) {
        return scene.router.hooks().rules().program().packets(Family.INET, "t", "seen");
    }

    @Test
    void anEstablishedConnectionLeavesTheRules() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            assertThat(scene.hits()).isZero();
            assertThat(seen(scene)).isEqualTo(3);
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]").doesNotContain("ESTABLISHED");
            assertThatFrame(talk.say(100).onlyWan()).isTcp().from(PUBLIC, 5000).to(SERVER, 80).ttl(63)
                .fromMac(FirewallScene.WAN_ROUTER).toMac(FirewallScene.GATEWAY).hasValidChecksums();
            assertThatFrame(talk.hear(1000).onlyLan()).isTcp().from(SERVER, 80).to(HOST, 5000).ttl(63)
                .toMac(FirewallScene.LAN_HOST).hasValidChecksums();
            assertThat(scene.hits()).isEqualTo(2);
            assertThat(seen(scene)).as("packets that the rules saw").isEqualTo(3);
        }
    }

    @Test
    void theLookupCanBeSwitchedOff() {
        try (var scene = new FirewallScene(GATEWAY_RULES, "flowtable-lookup: off\n")) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            assertThatFrame(talk.say(100).onlyWan()).from(PUBLIC, 5000).hasValidChecksums();
            assertThat(scene.hits()).isZero();
            assertThat(seen(scene)).isEqualTo(4);
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
        }
    }

    @Test
    void udpOverIpv6TakesTheFastPathFromTheThirdPacketOn() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(4000, 53)).onlyWan();
            scene.wan(fromGateway().ipv6(SERVER_6, HOST_6).udp(53, 4000)).onlyLan();
            assertThat(scene.hits()).isZero();
            assertThatFrame(scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(4000, 53)).onlyWan()).ttl(63);
            assertThat(scene.hits()).isEqualTo(1);
        }
    }

    @Test
    void finStaysOnTheFastPathAndASynReopensTheConnection() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.hostFin().onlyWan();
            talk.serverFin().onlyLan();
            assertThat(scene.hits()).isEqualTo(2);
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).tcp(5000, 80).sequence(77_777).syn()).onlyWan())
                .from(PUBLIC, 5000);
            assertThat(scene.router.hooks().offloading().path().missCount(FlowMiss.REOPENED)).isEqualTo(1);
            assertThat(scene.connections().getFirst()).contains("SYN_SENT");
        }
    }

    @Test
    void aResetEndsTheFlowWithItsTimeout() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.hostReset().onlyWan();
            assertThat(scene.hits()).isEqualTo(1);
            scene.pass(33);
            assertThat(scene.router.hooks().offloading().flows().flowCount()).isZero();
            assertThat(scene.connections()).isEmpty();
        }
    }

    @Test
    void aConnectionComesBackToTheSlowPathWhenItsFlowIsIdle() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            scene.pass(35);
            assertThat(scene.connections().getFirst()).contains("ESTABLISHED").contains("[ASSURED]");
            talk.say(10).onlyWan();
            assertThat(scene.hits()).isEqualTo(1);
            assertThat(scene.connections().getFirst()).as("offloaded again").contains("[OFFLOAD]");
            talk.say(10).onlyWan();
            assertThat(scene.hits()).isEqualTo(2);
        }
    }

    @Test
    void aChangedRouteTearsTheFlowDown() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            scene.router.routes().add(Route.unicast(IpPrefix.parse("198.51.100.80/32"),
                scene.router.interfaces().find("wan").index(), IpAddress.parse("203.0.113.253")));
            scene.router.neighbours().replace(scene.router.interfaces().find("wan").index(),
                IpAddress.parse("203.0.113.253"), 0x0200_0000_00fdL, NeighbourState.PERMANENT, scene.nowNs);
            assertThatFrame(talk.say(10).onlyWan()).toMac("02:00:00:00:00:fd").hasValidChecksums();
            assertThat(scene.router.hooks().offloading().path().missCount(FlowMiss.ROUTE_CHANGED)).isEqualTo(1);
        }
    }

    @Test
    void aChangedNeighbourIsFollowedAtOnce() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            int wan = scene.router.interfaces().find("wan").index();
            IpAddress gateway = IpAddress.parse("203.0.113.254");
            scene.router.neighbours().replace(wan, gateway, 0x0200_0000_00aaL, NeighbourState.PERMANENT, scene.nowNs);
            assertThatFrame(talk.say(10).onlyWan()).toMac("02:00:00:00:00:aa");
            scene.router.neighbours().replace(wan, gateway, 0x0200_0000_00abL, NeighbourState.STALE, scene.nowNs);
            assertThatFrame(talk.say(10).onlyWan()).toMac("02:00:00:00:00:ab").hasValidChecksums();
            assertThat(scene.hits()).isEqualTo(2);
            assertThat(scene.router.neighbours().state(scene.router.neighbours().find4(wan, gateway.ipv4())))
                .as("asked for confirmation").isEqualTo(NeighbourState.DELAY);
        }
    }

    @Test
    void aFlowWhoseNeighbourIsGoneAsksForIt() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            int wan = scene.router.interfaces().find("wan").index();
            scene.router.neighbours().remove(wan, IpAddress.parse("203.0.113.254"), scene.nowNs);
            assertThatFrame(talk.say(10).onlyWan()).isArpRequest();
            assertThat(scene.worker.ledger().held()).isEqualTo(1);
            assertThatFrame(scene.wan(fromGateway().arpReply(FirewallScene.GATEWAY, "203.0.113.254",
                FirewallScene.WAN_ROUTER, PUBLIC)).onlyWan()).isTcp().from(PUBLIC, 5000).hasValidChecksums();
        }
    }

    @Test
    void deletingAConnectionEndsItsFlow() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            var table = scene.router.hooks().tracking().table();
            table.kill(table.next(Connections.NONE), scene.nowNs);
            talk.say(10).onlyWan();
            assertThat(scene.router.hooks().offloading().path().missCount(FlowMiss.FLOW_ENDED)).isEqualTo(1);
            assertThat(scene.connections()).hasSize(1);
        }
    }

    @Test
    void everyReasonAgainstAFlowIsKept() {
        try (var scene = new FirewallScene(GATEWAY_RULES.replace("ct state established flow", "flow"))) {
            scene.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(1, 1)).onlyWan();
            var connections = scene.router.hooks().tracking().table().connections();
            int entry = scene.router.hooks().tracking().table().next(Connections.NONE);
            assertThat(FlowObstacle.names(connections.obstacles(entry))).isEqualTo("PROTOCOL, NOT_CONFIRMED");
        }
    }

    @Test
    void packetsOfABurstStayInTheirOrder() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            // The second has options, which the fast path does not take.
            byte[][] burst = new byte[5][];
            for (int i = 0; i < burst.length; i++) {
                var ip = fromHost().ipv4(HOST, SERVER).identification(i);
                if (i == 1) ip = ip.options(1, 1, 1, 0);
                burst[i] = ip.tcp(5000, 80).window(64_000).sequence(1011).acknowledgement(9001).bytes();
            }
            var sent = scene.receive(0, burst).wan();
            for (int i = 0; i < burst.length; i++) assertThatFrame(sent.get(i)).identification(i).hasValidChecksums();
            assertThat(scene.hits()).isEqualTo(5);
        }
    }

    @Test
    void aFlowOutlivesItsConnectionsTimeout() {
        try (var scene = new FirewallScene(GATEWAY_RULES)) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000)).onlyLan();
            for (int i = 0; i < 20; i++) {
                scene.pass(15);
                scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            }
            assertThat(scene.hits()).isEqualTo(20);
            assertThat(scene.connections()).hasSize(1);
        }
    }

    @Test
    void bytesOfFlowsCountForTheirConnectionWhenTheyEnd() {
        try (var scene = new FirewallScene(GATEWAY_RULES, """
            sysctl: { net.netfilter.nf_conntrack_max: 4096, net.netfilter.nf_conntrack_buckets: 1024,
                      net.netfilter.nf_conntrack_acct: 1 }
            """)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(100).onlyWan();
            scene.pass(35);
            // 44 and 40 bytes of the opening, 140 on the fast path; 44 back.
            assertThat(scene.connections().getFirst()).contains("packets=3 bytes=224").contains("packets=1 bytes=44");
        }
    }
}
