package io.millrace.simulation.firewall;

import io.millrace.packet.memory.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// What packets of a flow are spared on the fast path, as in Linux: each is held with the lookup on and off. The list
/// stands in `docs/flowtable.md`.
class FlowDifferenceTest {

    private static final String RULES = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan }; }
            chain onward { type filter hook forward priority 0; policy accept;
                ct state invalid drop
                meta mark 7 drop
                ct state established flow add @f
            }
            chain post { type nat hook postrouting priority srcnat; meta nfproto ipv4 oifname wan masquerade; }
        }
        """;

    private static FirewallScene scene(String lookup) {
        return new FirewallScene(RULES, "flowtable-lookup: " + lookup + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void rulesOfLaterHooksAreNotRun(String lookup) {
        try (var scene = scene(lookup)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            scene.nft("add rule inet t onward drop");
            boolean isSent = !talk.say(10).isNothing();
            assertThat(isSent).isEqualTo(lookup.equals("on"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void transportChecksumsAreNotLookedAt(String lookup) {
        try (var scene = scene(lookup)) {
            new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            var sent = scene.lan(fromHost().ipv4(HOST, SERVER).tcp(5000, 80).window(64_000).sequence(1001)
                .acknowledgement(9001).checksum(0xbad).payloadOf(5));
            if (lookup.equals("on")) {
                assertThatFrame(sent.onlyWan()).from(PUBLIC, 5000).hasWrongTransportChecksum();
            } else {
                assertThat(sent.isNothing()).isTrue();
                assertThat(scene.dropped(Verdict.RULE_DROPPED)).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void impossibleTcpFlagsAreNotLookedAt(String lookup) {
        try (var scene = scene(lookup)) {
            new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            boolean isSent = !scene.lan(fromHost().ipv4(HOST, SERVER).tcp(5000, 80).sequence(1001).flags(0x29))
                .isNothing();
            assertThat(isSent).isEqualTo(lookup.equals("on"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void theStateOfTcpIsNotFollowed(String lookup) {
        try (var scene = scene(lookup)) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.hostFin().onlyWan();
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
            scene.pass(35);
            if (lookup.equals("on")) {
                assertThat(scene.connections()).as("closed, and its 10 s are over").isEmpty();
            } else {
                assertThat(scene.connections().getFirst()).contains(" FIN_WAIT ");
            }
        }
    }

    /// The source is part of what finds a flow, so one that cannot be never does.
    @Test
    void aSpoofedSourceTakesTheSlowPath() {
        try (var scene = scene("on")) {
            new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            assertThat(scene.lan(fromHost().ipv4(PUBLIC, SERVER).tcp(5000, 80).sequence(1001).acknowledgement(9001))
                .isNothing()).isTrue();
            assertThat(scene.dropped(Verdict.MARTIAN_SOURCE)).isEqualTo(1);
        }
    }
}
