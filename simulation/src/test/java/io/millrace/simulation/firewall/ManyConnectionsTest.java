package io.millrace.simulation.firewall;

import io.millrace.flow.track.TrackCounter;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.NaiveChecksum;

import org.junit.jupiter.api.Test;

import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// A flood of connections that nobody answers: bounded, named, and without harm to those that are established.
class ManyConnectionsTest {

    private static final int FLOOD = 1_000_000;
    private static final int BATCH = 64;
    private static final String SIZES = """
        sysctl: { net.netfilter.nf_conntrack_max: 65536, net.netfilter.nf_conntrack_buckets: 65536,
                  net.netfilter.nf_conntrack_checksum: 0 }
        """;

    @Test
    void aMillionHalfOpenConnectionsLeaveTheEstablishedOnesAlone() {
        String rules = FlowHookTest.GATEWAY_RULES.replace("ct state established flow", "tcp dport 80 ct state established flow");
        try (var scene = new FirewallScene(rules, SIZES)) {
            var offloaded = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            var slow = new Talk(scene, 5001, 82, PUBLIC, 5001).open();
            scene.ports.forEach(port -> port.keepsSent = false);
            byte[][] batch = new byte[BATCH][];
            for (int i = 0; i < BATCH; i++) {
                batch[i] = fromHost().ipv4(HOST, SERVER).tcp(20_000, 81).sequence(1).syn().bytes();
            }
            for (int i = 0; i < FLOOD; i++) {
                byte[] syn = batch[i % BATCH];
                int port = i % 64_512 + 1024;
                syn[34] = (byte) (port >>> 8);
                syn[35] = (byte) port;
                syn[33] = (byte) (i / 64_512);   // the target's last byte
                syn[24] = 0;
                syn[25] = 0;
                int checksum = NaiveChecksum.of(syn, 14, 20);
                syn[24] = (byte) (checksum >>> 8);
                syn[25] = (byte) checksum;
                scene.ports.getFirst().toReceive.add(syn);
                if (i % BATCH == BATCH - 1) {
                    scene.nowNs += 1_000_000;
                    scene.worker.turn(scene.nowNs);
                }
                if (i % 100_000 == 0) {
                    scene.ports.forEach(each -> each.keepsSent = true);
                    scene.turn();
                    assertThatFrame(offloaded.say(10).onlyWan()).from(PUBLIC, 5000);
                    assertThatFrame(slow.say(10).onlyWan()).from(PUBLIC, 5001);
                    scene.ports.forEach(each -> each.keepsSent = false);
                }
            }
            scene.ports.forEach(each -> each.keepsSent = true);
            assertThatFrame(offloaded.hear(10).onlyLan()).to(HOST, 5000);
            assertThatFrame(slow.hear(10).onlyLan()).to(HOST, 5001);
            assertThat(scene.hits()).as("what one of the two said and heard").isEqualTo(FLOOD / 100_000 + 1);
            var table = scene.router.hooks().tracking().table();
            assertThat(table.count()).isLessThanOrEqualTo(65_536);
            long earlyDrops = table.counters().get(TrackCounter.EARLY_DROP);
            long full = scene.dropped(Verdict.CONNECTION_TABLE_FULL);
            assertThat(earlyDrops + full + table.count()).isGreaterThan(FLOOD - 100);
            assertThat(scene.worker.ledger().unaccounted()).isZero();
        }
    }
}
