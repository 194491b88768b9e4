package io.millrace.simulation.firewall;

import io.millrace.flow.ruleset.Family;
import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.firewall.FirewallScene.Sent;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// Fragments where connections are tracked, and fragments for this host.
class FragmentHookTest {

    private static List<byte[]> pieces(byte[] frame, int... payloadBytes) {
        int at = 34;
        var pieces = new ArrayList<byte[]>();
        int offset = 0;
        for (int i = 0; i < payloadBytes.length; i++) {
            byte[] payload = Arrays.copyOfRange(frame, at, at + payloadBytes[i]);
            var ip = fromHost().ipv4(HOST, SERVER).identification(7).protocol(17).fragmentOffsetBytes(offset);
            if (i < payloadBytes.length - 1) ip = ip.moreFragments();
            pieces.add(ip.payload(payload).bytes());
            at += payloadBytes[i];
            offset += payloadBytes[i];
        }
        return pieces;
    }

    @Test
    void fragmentsAreTranslatedTogetherAndLeaveAsTheyCame() {
        try (var scene = new FirewallScene(ConnectionHookTest.MASQUERADE)) {
            byte[] whole = fromHost().ipv4(HOST, SERVER).identification(7).udp(4000, 53).payloadOf(992).bytes();
            List<byte[]> pieces = pieces(whole, 400, 200, 400);
            assertThat(scene.receive(0, pieces.get(2)).isNothing()).isTrue();
            assertThat(scene.receive(0, pieces.get(0)).isNothing()).isTrue();
            assertThat(scene.worker.ledger().held()).isEqualTo(2);
            Sent sent = scene.receive(0, pieces.get(1));
            assertThat(sent.wan()).hasSize(3);
            int[] offsets = {0, 400, 600};
            for (int i = 0; i < 3; i++) {
                assertThatFrame(sent.wan().get(i)).from(PUBLIC).to(SERVER).ttl(63).isFragment(offsets[i], i < 2);
            }
            assertThat(scene.connections()).hasSize(1);
            assertThat(scene.worker.ledger().absorbed()).isEqualTo(2);
        }
    }

    @Test
    void withoutTrackingFragmentsPassAsTheyAre() {
        try (var scene = new FirewallScene("table ip t { chain c { type filter hook forward priority 0; accept; } }")) {
            byte[] whole = fromHost().ipv4(HOST, SERVER).identification(7).udp(4000, 53).payloadOf(592).bytes();
            for (byte[] piece : pieces(whole, 400, 200)) assertThatFrame(scene.receive(0, piece).onlyWan()).ttl(63);
        }
    }

    @Test
    void fragmentsForThisHostAreAnsweredAsOne() {
        for (String rules : new String[] {"", "table ip t { chain c { type filter hook input priority 0; "
            + "ip length 1028 ct state new accept; drop; } }"}) {
            try (var scene = new FirewallScene(rules)) {
                byte[] whole = fromHost().ipv4(HOST, "192.0.2.1").icmpEchoRequest(7, 1).payloadOf(1000).bytes();
                byte[] first = fromHost().ipv4(HOST, "192.0.2.1").identification(9).protocol(1).moreFragments()
                    .payload(Arrays.copyOfRange(whole, 34, 34 + 512)).bytes();
                byte[] second = fromHost().ipv4(HOST, "192.0.2.1").identification(9).protocol(1).fragmentOffsetBytes(512)
                    .payload(Arrays.copyOfRange(whole, 34 + 512, whole.length)).bytes();
                assertThat(scene.receive(0, first).isNothing()).isTrue();
                assertThatFrame(scene.receive(0, second).onlyLan()).isIcmp(0, 0).from("192.0.2.1").to(HOST)
                    .isNotFragment().withPayloadBytes(1000).hasValidChecksums();
            }
        }
    }

    @Test
    void ipv6FragmentsMeetTheRulesOnceAndLeaveInPieces() {
        try (var scene = new FirewallScene("""
            table inet t {
                counter c { }
                chain onward { type filter hook forward priority 0; ct state new udp dport 53 counter name c; }
            }
            """)) {
            byte[] whole = fromHost().ipv6(HOST_6, SERVER_6).udp(4000, 53).payloadOf(1592).bytes();
            byte[] first = fromHost().ipv6(HOST_6, SERVER_6).fragment(77, 0, true).payload(
                Arrays.copyOfRange(whole, 54, 54 + 800)).bytes();
            byte[] second = fromHost().ipv6(HOST_6, SERVER_6).fragment(77, 800, false).payload(
                Arrays.copyOfRange(whole, 54 + 800, whole.length)).bytes();
            first[14 + 40] = 17;
            second[14 + 40] = 17;
            assertThat(scene.receive(0, first).isNothing()).isTrue();
            Sent sent = scene.receive(0, second);
            assertThat(sent.wan()).hasSize(2);
            assertThatFrame(sent.wan().get(0)).from(HOST_6).to(SERVER_6).ttl(63);
            assertThat(scene.router.hooks().rules().program().packets(Family.INET, "t", "c"))
                .isEqualTo(1);
        }
    }

    @Test
    void fragmentsThatStayAloneEndInTheirTime() {
        try (var scene = new FirewallScene(ConnectionHookTest.MASQUERADE)) {
            byte[] whole = fromHost().ipv4(HOST, SERVER).identification(7).udp(4000, 53).payloadOf(592).bytes();
            assertThat(scene.receive(0, pieces(whole, 400, 200).getFirst()).isNothing()).isTrue();
            scene.pass(35);
            assertThat(scene.dropped(Verdict.FRAGMENTS_INCOMPLETE)).isEqualTo(1);
            assertThat(scene.worker.ledger().held()).isZero();
        }
    }
}
