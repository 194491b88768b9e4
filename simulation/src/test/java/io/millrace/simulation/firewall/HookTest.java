package io.millrace.simulation.firewall;

import io.millrace.dataplane.account.Origin;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.firewall.FirewallScene.Sent;

import org.junit.jupiter.api.Test;

import static io.millrace.simulation.firewall.FirewallScene.GATEWAY;
import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.WAN_ROUTER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// Every hook, and everything that a rule can say there.
class HookTest {

    private static String chain(String hook, String rules) {
        return "table inet t { chain c { type filter hook " + hook + " priority 0; " + rules + " } }";
    }

    @Test
    void rulesAtPreroutingSeeWhatComesIn() {
        try (var scene = new FirewallScene(chain("prerouting", "iifname lan udp dport 9 drop;"))) {
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(1);
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 10)).onlyWan()).isUdp().ttl(63)
                .fromMac(WAN_ROUTER).toMac(GATEWAY).hasValidChecksums();
        }
    }

    @Test
    void rulesAtForwardSeeBothInterfacesAndTheLoweredTtl() {
        try (var scene = new FirewallScene(chain("forward",
            "iifname lan oifname wan ip ttl 63 udp dport 9 drop; ip6 hoplimit 63 udp dport 9 drop;"))) {
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            assertThat(scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, 9)).isNothing()).isTrue();
            assertThatFrame(scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, 10)).onlyWan()).isUdp().ttl(63);
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(2);
        }
    }

    @Test
    void rulesAtInputSeeWhatIsForThisHostAlone() {
        try (var scene = new FirewallScene(chain("input", "icmp type echo-request drop;"))) {
            assertThat(scene.lan(fromHost().ipv4(HOST, "192.0.2.1").icmpEchoRequest(1, 1)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(1);
            scene.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(1, 1)).onlyWan();
        }
    }

    @Test
    void rulesAtOutputSeeWhatThisHostSays() {
        try (var scene = new FirewallScene(chain("output", "icmp type echo-reply oifname lan drop;"))) {
            assertThat(scene.lan(fromHost().ipv4(HOST, "192.0.2.1").icmpEchoRequest(1, 1)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(1);
            assertThat(scene.dropped(Verdict.ECHO_ANSWERED)).isEqualTo(1);
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).ttl(1).udp(1, 1)).onlyLan()).isIcmp(11, 0);
        }
    }

    @Test
    void rulesAtPostroutingSeeWhatLeaves() {
        try (var scene = new FirewallScene(chain("postrouting", "oifname wan ip daddr 198.51.100.80 drop;"))) {
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            scene.lan(fromHost().ipv4(HOST, "198.51.100.81").udp(1, 9)).onlyWan();
        }
    }

    @Test
    void solicitationsMeetOutputAndPostrouting() {
        try (var scene = new FirewallScene(chain("output", "icmpv6 type nd-neighbor-solicit drop;"))) {
            assertThat(scene.wan(fromGateway().ipv6(SERVER_6, "2001:db8:1::77").udp(1, 2)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(1);
        }
    }

    @Test
    void aChainsPolicyHasAVerdictOfItsOwn() {
        try (var scene = new FirewallScene(chain("forward", "policy drop; tcp dport 80 accept;"))) {
            scene.lan(fromHost().ipv4(HOST, SERVER).tcp(1, 80).syn()).onlyWan();
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).tcp(1, 81).syn()).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_POLICY)).isEqualTo(1);
        }
    }

    @Test
    void queuedPacketsEndByName() {
        try (var scene = new FirewallScene(chain("forward", "udp dport 9 queue num 3; udp dport 10 queue bypass;"))) {
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_QUEUED)).isEqualTo(1);
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 10)).onlyWan();
        }
    }

    @Test
    void framesAtIngressCanBeDroppedAndSentElsewhere() {
        try (var scene = new FirewallScene("""
            table netdev t { chain c { type filter hook ingress device lan priority 0;
                ether type arp drop
                udp dport 9 fwd to dmz
                udp dport 10 dup to dmz
                udp dport 11 fwd ip to 10.0.3.10 device dmz
            } }
            """)) {
            assertThat(scene.lan(fromHost().arpRequest("02:00:00:00:01:10", HOST, "192.0.2.1")).isNothing()).isTrue();
            byte[] frame = fromHost().ipv4(HOST, SERVER).udp(1, 9).bytes();
            assertThat(scene.receive(0, frame).onlyDmz()).isEqualTo(frame);
            byte[] copied = fromHost().ipv4(HOST, SERVER).udp(1, 10).bytes();
            Sent both = scene.receive(0, copied);
            assertThat(both.dmz()).containsExactly(copied);
            assertThatFrame(both.wan().getFirst()).isUdp().ttl(63);
            assertThat(scene.worker.ledger().createdBy(Origin.RULE_COPY)).isEqualTo(1);
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 11)).onlyDmz()).ttl(63)
                .toMac(FirewallScene.DMZ_MAC).hasValidChecksums();
        }
    }

    @Test
    void framesOfAVlanMeetIngressOfThePortThenOfTheVlan() {
        try (var scene = new FirewallScene("""
            table netdev t {
                chain port { type filter hook ingress device lan priority 0; udp dport 9 drop; }
                chain tag { type filter hook ingress device lan.10 priority 0; udp dport 10 drop; }
            }
            """)) {
            for (int port = 9; port <= 10; port++) {
                assertThat(scene.lan(fromHost().vlan(10).ipv4("10.10.0.10", SERVER).udp(1, port)).isNothing()).isTrue();
            }
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(2);
            scene.lan(fromHost().vlan(10).ipv4("10.10.0.10", SERVER).udp(1, 11)).onlyWan();
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 10)).onlyWan();
        }
    }

    @Test
    void framesAtEgressCanBeDropped() {
        try (var scene = new FirewallScene("""
            table netdev t { chain c { type filter hook egress device wan priority 0; udp dport 9 drop; } }
            """)) {
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 10)).onlyWan();
        }
    }

    @Test
    void copiesGoToTheirNeighbourUntrackedAndAHopShorter() {
        try (var scene = new FirewallScene(chain("prerouting", "udp dport 9 dup to 10.0.3.10 device dmz;")
            .replace("table inet", "table ip"))) {
            Sent both = scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9).payloadOf(20));
            assertThatFrame(both.dmz().getFirst()).isUdp().from(HOST, 1).to(SERVER, 9).ttl(63).dontFragment()
                .toMac(FirewallScene.DMZ_MAC).hasValidChecksums();
            assertThatFrame(both.wan().getFirst()).isUdp().mayBeFragmented().hasValidChecksums();
        }
    }

    @Test
    void chainsRunByPriorityAndAcceptEndsOneOnly() {
        try (var scene = new FirewallScene("""
            table ip t {
                chain late { type filter hook forward priority 10; meta mark 2 drop; }
                chain early { type filter hook forward priority -10; udp dport 9 meta mark set 2 accept; }
            }
            """)) {
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 10)).onlyWan();
        }
    }

    @Test
    void withoutATableTheRouteStageForwards() {
        try (var scene = new FirewallScene("")) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).onlyWan();
            assertThat(scene.router.hooks().isOn()).isFalse();
        }
    }
}
