package io.millrace.simulation.firewall;

import io.millrace.flow.rules.NotExecutable;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.control.nft.NftLoader;
import io.millrace.control.nft.Source;
import io.millrace.packet.memory.Verdict;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicReference;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Another ruleset while packets pass.
class RulesetSwapTest {

    private static final String COUNTING = """
        table ip t {
            counter c { }
            chain onward { type filter hook forward priority 0; counter name c; }
        }
        """;

    @Test
    void countersGoOnAndNewRulesCountAtOnce() {
        try (var scene = new FirewallScene(COUNTING)) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).onlyWan();
            scene.nft("add rule ip t onward udp dport 9 drop");
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            assertThat(scene.router.hooks().rules().program().packets(Family.IP, "t", "c")).isEqualTo(2);
            scene.nft("delete table ip t");
            assertThat(scene.router.hooks().isOn()).isFalse();
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).onlyWan();
        }
    }

    @Test
    void connectionsOutliveTheRulesThatMadeThem() {
        try (var scene = new FirewallScene(ConnectionHookTest.MASQUERADE)) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            scene.nft("add chain ip nat pre { type nat hook prerouting priority -100; }\n"
                + "add rule ip nat pre udp dport 9 dnat to 10.0.3.10");
            assertThatFrame(scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000)).onlyLan()).to(HOST, 4000);
        }
    }

    @Test
    void rulesThatBeginToTrackMakeRoomForConnections() {
        try (var scene = new FirewallScene(COUNTING)) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            scene.nft(FlowHookTest.GATEWAY_RULES);
            for (int i = 0; i < 5; i++) scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000 + i, 53)).onlyWan();
            assertThat(scene.connections()).hasSize(5);
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            assertThat(scene.hits()).isEqualTo(1);
        }
    }

    @Test
    void flowsEndWithTheirFlowtableAndStayWithTheSame() {
        try (var scene = new FirewallScene(FlowHookTest.GATEWAY_RULES)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(10).onlyWan();
            scene.nft("add rule inet t onward udp dport 9 drop");
            talk.say(10).onlyWan();
            assertThat(scene.hits()).isEqualTo(2);
            scene.nft("flush chain inet t onward");
            scene.nft("delete flowtable inet t f");
            assertThat(scene.connections().getFirst()).doesNotContain("OFFLOAD").contains("ESTABLISHED");
            assertThatFrame(talk.say(10).onlyWan()).from(PUBLIC, 5000).hasValidChecksums();
            scene.pass(2);
            scene.nft("""
                table inet t { flowtable g { hook ingress priority 0; devices = { lan, wan }; }
                chain onward { flow add @g; } }
                """);
            talk.say(10).onlyWan();
            talk.say(10).onlyWan();
            assertThat(scene.hits()).isEqualTo(1 + 2);
        }
    }

    @Test
    void aRefusedRulesetChangesNothing() {
        try (var scene = new FirewallScene(COUNTING)) {
            Ruleset wrong = NftLoader.load(Source.of("", "table ip x { chain c { type filter hook forward priority 0; "
                + "tcp dport 80 synproxy; } }"), Ruleset.EMPTY).ruleset();
            assertThatThrownBy(() -> scene.router.load(wrong, scene.nowNs)).isInstanceOf(NotExecutable.class)
                .hasMessageContaining("synproxy").hasMessageContaining("ip x, chain c");
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).onlyWan();
            assertThat(scene.router.hooks().rules().program().packets(Family.IP, "t", "c")).isEqualTo(1);
        }
    }

    /// As the control thread does it: made ready on another thread, given to the worker as a command.
    @Test
    void aRulesetMadeElsewhereIsTakenBetweenTwoBursts() throws InterruptedException {
        try (var scene = new FirewallScene(COUNTING)) {
            var failure = new AtomicReference<Throwable>();
            var control = new Thread(() -> {
                try {
                    var dropping = NftLoader.load(Source.of("", COUNTING.replace("counter name c", "drop")),
                        Ruleset.EMPTY).ruleset();
                    var rules = scene.router.load(dropping, scene.nowNs);
                    scene.worker.post(nowNs -> scene.router.use(rules, nowNs));
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            control.start();
            control.join();
            assertThat(failure.get()).isNull();
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).udp(1, 9)).isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(1);
        }
    }
}
