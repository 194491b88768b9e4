package io.millrace.simulation.firewall;

import io.millrace.dataplane.account.Origin;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.track.TrackCounter;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.firewall.FirewallScene.Sent;
import io.millrace.testkit.Frame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.millrace.simulation.firewall.FirewallScene.DMZ_HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.fromDmz;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// Connections and their translation in the whole router.
class ConnectionHookTest {

    private static final String STATEFUL = """
        table inet filter {
            chain forward { type filter hook forward priority 0; policy drop;
                ct state established,related accept
                ct state invalid drop
                iifname lan ct state new accept
            }
        }
        """;
    static final String MASQUERADE = """
        table ip nat {
            chain post { type nat hook postrouting priority srcnat; oifname wan masquerade; }
        }
        """;

    @Test
    void answersPassAndUnaskedPacketsDoNot() {
        try (var scene = new FirewallScene(STATEFUL)) {
            assertThat(scene.wan(fromGateway().ipv4(SERVER, HOST).udp(53, 4000)).isNothing()).isTrue();
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            scene.wan(fromGateway().ipv4(SERVER, HOST).udp(53, 4000)).onlyLan();
            scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(4000, 53)).onlyWan();
            scene.wan(fromGateway().ipv6(SERVER_6, HOST_6).udp(53, 4000)).onlyLan();
            assertThat(scene.dropped(Verdict.RULE_POLICY)).isEqualTo(1);
            assertThat(scene.connections()).hasSize(2);
        }
    }

    @Test
    void aConnectionThatIsDroppedIsForgotten() {
        try (var scene = new FirewallScene(STATEFUL)) {
            scene.wan(fromGateway().ipv4(SERVER, HOST).udp(53, 4000));
            assertThat(scene.router.hooks().tracking().table().count()).isZero();
        }
    }

    @Test
    void masqueradedConnectionsComeBack() {
        try (var scene = new FirewallScene(MASQUERADE)) {
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53).payloadOf(30)).onlyWan())
                .isUdp().from(PUBLIC, 4000).to(SERVER, 53).ttl(63).hasValidChecksums();
            assertThatFrame(scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000).payloadOf(90)).onlyLan())
                .isUdp().from(SERVER, 53).to(HOST, 4000).hasValidChecksums();
            assertThat(scene.connections().getFirst()).startsWith("udp      17 ")
                .contains("src=192.0.2.10 dst=198.51.100.80 sport=4000 dport=53")
                .contains("src=198.51.100.80 dst=203.0.113.1 sport=53 dport=4000");
        }
    }

    @Test
    void twoHostsWithTheSamePortGetTwo() {
        try (var scene = new FirewallScene(MASQUERADE)) {
            byte[] first = scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            byte[] second = scene.lan(Frame.ethernet("02:00:00:00:01:11", FirewallScene.LAN_ROUTER)
                .ipv4("192.0.2.11", SERVER).udp(4000, 53)).onlyWan();
            assertThatFrame(first).from(PUBLIC, 4000);
            int port = (second[34] & 0xff) << 8 | second[35] & 0xff;
            assertThat(port).isNotEqualTo(4000).isGreaterThanOrEqualTo(1024);
            assertThatFrame(scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, port)).onlyLan())
                .to("192.0.2.11", 4000).hasValidChecksums();
        }
    }

    @Test
    void pingsAreTranslatedByTheirIdentifier() {
        try (var scene = new FirewallScene(MASQUERADE)) {
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).icmpEchoRequest(77, 1).payloadOf(56)).onlyWan())
                .isIcmp(8, 0).from(PUBLIC).withEcho(77, 1).hasValidChecksums();
            assertThatFrame(scene.wan(fromGateway().ipv4(SERVER, PUBLIC).icmpEchoReply(77, 1).payloadOf(56)).onlyLan())
                .isIcmp(0, 0).to(HOST).withEcho(77, 1).hasValidChecksums();
        }
    }

    @Test
    void forwardedPortsReachTheirServer() {
        try (var scene = new FirewallScene("""
            table ip nat {
                chain pre { type nat hook prerouting priority dstnat; iifname wan tcp dport 80 dnat to 10.0.3.10:8080; }
            }
            """)) {
            assertThatFrame(scene.wan(fromGateway().ipv4(SERVER, PUBLIC).tcp(5000, 80).syn()).onlyDmz())
                .isTcp().from(SERVER, 5000).to(DMZ_HOST, 8080).ttl(63).hasValidChecksums();
            assertThatFrame(scene.dmz(fromDmz().ipv4(DMZ_HOST, SERVER).tcp(8080, 5000).syn().acknowledgement(1)).onlyWan())
                .isTcp().from(PUBLIC, 80).to(SERVER, 5000).hasValidChecksums();
        }
    }

    /// A host of the lan reaches a server of the lan by its public address.
    @Test
    void hairpinsComeBackToTheirNetwork() {
        try (var scene = new FirewallScene("""
            table ip nat {
                chain pre { type nat hook prerouting priority dstnat; ip daddr 203.0.113.1 tcp dport 80 dnat to 192.0.2.11; }
                chain post { type nat hook postrouting priority srcnat; iifname lan oifname lan masquerade; }
            }
            """.replace("iifname lan oifname lan", "ip saddr 192.0.2.0/24 oifname lan"))) {
            Sent sent = scene.lan(fromHost().ipv4(HOST, PUBLIC).tcp(5000, 80).syn());
            assertThatFrame(sent.lan().getLast()).isTcp().from("192.0.2.1", 5000).to("192.0.2.11", 80)
                .toMac("02:00:00:00:01:11").hasValidChecksums();
            assertThatFrame(scene.lan(Frame.ethernet("02:00:00:00:01:11", FirewallScene.LAN_ROUTER)
                .ipv4("192.0.2.11", "192.0.2.1").tcp(80, 5000).syn().acknowledgement(1)).lan().getLast())
                .isTcp().from(PUBLIC, 80).to(HOST, 5000).hasValidChecksums();
        }
    }

    @Test
    void redirectedPacketsAreForThisHost() {
        try (var scene = new FirewallScene("""
            table ip nat {
                chain pre { type nat hook prerouting priority dstnat; udp dport 53 redirect to :5353; }
            }
            """)) {
            // Nobody listens, and the refusal comes from the address that was asked.
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53).payloadOf(4)).onlyLan())
                .isIcmp(3, 3).from(SERVER).to(HOST).hasValidChecksums();
            assertThat(scene.dropped(Verdict.PORT_CLOSED)).isEqualTo(1);
        }
    }

    /// An error about a translated packet comes back as one about the packet that was sent.
    @Test
    void errorsFromOutsideAreTranslatedWithTheirQuote() {
        try (var scene = new FirewallScene(MASQUERADE)) {
            byte[] left = scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 9).payloadOf(20)).onlyWan();
            byte[] error = scene.wan(fromGateway().ipv4("203.0.113.254", PUBLIC).icmp(3, 1)
                .quote(Frame.packetIn(left))).onlyLan();
            assertThatFrame(error).isIcmp(3, 1).from("203.0.113.254").to(HOST).hasValidChecksums();
            assertThat(error).as("quotes the private source").containsSequence(bytes(192, 0, 2, 10, 198, 51, 100, 80));
        }
    }

    /// Time exceeded is sent before translation of the source, and after that of the target, which is undone.
    @Test
    void errorsOfThisHostQuoteThePacketAsItCame() {
        try (var scene = new FirewallScene("""
            table ip nat {
                chain pre { type nat hook prerouting priority dstnat; ip daddr 198.51.100.99 dnat to 10.0.3.10; }
            }
            """)) {
            byte[] sent = fromHost().ipv4(HOST, "198.51.100.99").ttl(1).udp(4000, 9).payloadOf(20).bytes();
            byte[] error = scene.receive(0, sent).onlyLan();
            assertThatFrame(error).isIcmp(11, 0).to(HOST).hasValidChecksums();
            assertThatFrame(error).quotesStartOf(Frame.packetIn(sent), 28);
        }
    }

    @Test
    void untrackedPacketsHaveNoConnection() {
        try (var scene = new FirewallScene("""
            table ip t {
                chain raw { type filter hook prerouting priority raw; udp dport 53 notrack; }
                chain onward { type filter hook forward priority 0; ct state untracked counter name u; }
                counter u { }
            }
            """)) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 54)).onlyWan();
            assertThat(scene.connections()).hasSize(1);
            assertThat(scene.router.hooks().rules().program()
                .packets(Family.IP, "t", "u")).isEqualTo(1);
        }
    }

    @Test
    void rulesWithoutConnectionsTrackNothing() {
        try (var scene = new FirewallScene("table ip t { chain c { type filter hook forward priority 0; accept; } }")) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            assertThat(scene.connections()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "reject,3,3", "reject with icmp host-unreachable,3,1", "reject with icmpx admin-prohibited,3,13",
        "reject with icmpx no-route,3,0"})
    void rejectsSayWhatTheRuleSays(String statement, int type, int code) {
        try (var scene = new FirewallScene("table inet t { chain c { type filter hook forward priority 0; udp dport 9 "
            + statement + "; } }")) {
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9).payloadOf(8)).onlyLan())
                .isIcmp(type, code).from("192.0.2.1").to(HOST).hasValidChecksums();
            assertThat(scene.dropped(Verdict.RULE_REJECTED)).isEqualTo(1);
        }
    }

    @Test
    void rejectsOverIpv6AndNothingAboutWrongChecksums() {
        try (var scene = new FirewallScene(
            "table inet t { chain c { type filter hook forward priority 0; udp dport 9 reject; } }")) {
            assertThatFrame(scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(1, 9).payloadOf(8)).onlyLan())
                .isIcmpv6(1, 4).to(HOST_6).hasValidChecksums();
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9).checksum(0x1234).payloadOf(8)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_REJECTED)).isEqualTo(2);
        }
    }

    @Test
    void resetsRefuseConnections() {
        try (var scene = new FirewallScene("table inet t { chain c { type filter hook forward priority 0; "
            + "tcp dport 81 reject with tcp reset; } }")) {
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).tos(0x20).tcp(5000, 81).sequence(7).syn()).onlyLan())
                .isTcp().from(SERVER, 81).to(HOST, 5000).tos(0).ttl(64).withFlags(0x14).withSequence(0)
                .withAcknowledgement(8).dontFragment().hasValidChecksums();
            assertThatFrame(scene.lan(fromHost().ipv6(HOST_6, SERVER_6).tcp(5000, 81).sequence(7).syn()).onlyLan())
                .isTcp().from(SERVER_6, 81).withFlags(0x14).hasValidChecksums();
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).tcp(5000, 81).rst()).isNothing()).isTrue();
            assertThat(scene.worker.ledger().createdBy(Origin.TCP_RESET)).isEqualTo(2);
        }
    }

    /// The connection is new and its target translated; the reset must come from the address that was asked.
    @Test
    void resetsOfTranslatedConnectionsComeFromWhoWasAsked() {
        try (var scene = new FirewallScene("""
            table ip nat {
                chain pre { type nat hook prerouting priority dstnat; tcp dport 35000 dnat to 10.0.3.10; }
                chain onward { type filter hook forward priority 0; oifname dmz reject with tcp reset; }
            }
            """)) {
            assertThatFrame(scene.wan(fromGateway().ipv4(SERVER, PUBLIC).tcp(5000, 35_000).syn()).onlyWan())
                .isTcp().from(PUBLIC, 35_000).to(SERVER, 5000).hasValidChecksums();
        }
    }

    @Test
    void invalidPacketsAreNotTranslated() {
        try (var scene = new FirewallScene(MASQUERADE)) {
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53).checksum(0x1234).payloadOf(3)).onlyWan())
                .from(HOST, 4000);
            assertThat(scene.router.hooks().tracking().table().counters().get(TrackCounter.INVALID)).isEqualTo(1);
        }
    }

    @Test
    void aFullTableIsNamedAndKnownConnectionsKeepGoing() {
        try (var scene = new FirewallScene(STATEFUL,
            "sysctl: { net.netfilter.nf_conntrack_max: 2, net.netfilter.nf_conntrack_buckets: 1024 }\n")) {
            var talks = new Talk[] {new Talk(scene, 5000, 80, HOST, 5000).open(), new Talk(scene, 5001, 80, HOST, 5001).open()};
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.CONNECTION_TABLE_FULL)).isEqualTo(1);
            for (Talk each : talks) each.say(10).onlyWan();
        }
    }

    @Test
    void exhaustedPortsAreNamed() {
        try (var scene = new FirewallScene("""
            table ip nat {
                chain post { type nat hook postrouting priority srcnat; ip protocol udp oifname wan masquerade to :7000-7001; }
            }
            """)) {
            for (int i = 0; i < 2; i++) scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000 + i, 53)).onlyWan();
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(4002, 53)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.NAT_EXHAUSTED)).isEqualTo(1);
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
        }
    }

    /// The host's neighbour does not answer: who asked hears of it under the address that it used.
    @Test
    void errorsAboutMasqueradedPacketsReachWhoSentThem() {
        try (var scene = new FirewallScene(MASQUERADE)) {
            scene.lan(fromHost().ipv4(HOST, "203.0.113.77").udp(4000, 9).payloadOf(20));
            Sent last = null;
            for (int second = 0; second < 5; second++) {
                scene.nowNs += FirewallScene.SECOND_NS;
                Sent sent = scene.turn();
                if (!sent.lan().isEmpty()) last = sent;
            }
            assertThat(last).isNotNull();
            assertThatFrame(last.lan().getFirst()).isIcmp(3, 1).to(HOST).hasValidChecksums();
            assertThat(last.lan().getFirst()).containsSequence(bytes(192, 0, 2, 10, 203, 0, 113, 77));
        }
    }

    @Test
    void echoRepliesOfThisHostBelongToTheirRequest() {
        try (var scene = new FirewallScene("""
            table ip t {
                chain in { type filter hook input priority 0; policy drop; ct state new icmp type echo-request accept; }
                chain out { type filter hook output priority 0; policy drop; ct state established accept; }
            }
            """)) {
            assertThatFrame(scene.lan(fromHost().ipv4(HOST, "192.0.2.1").icmpEchoRequest(5, 1)).onlyLan()).isIcmp(0, 0);
            assertThat(scene.connections()).hasSize(1);
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) bytes[i] = (byte) values[i];
        return bytes;
    }
}
