package io.millrace.simulation.firewall;

import io.millrace.dataplane.neighbour.NeighbourResult;
import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.RemovalCause;
import io.millrace.dataplane.route.Route;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultPanel;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.nic.sim.model.NicFeature;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.testkit.Layer;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

import static io.millrace.simulation.firewall.FirewallScene.DMZ_HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST;
import static io.millrace.simulation.firewall.FirewallScene.HOST_6;
import static io.millrace.simulation.firewall.FirewallScene.PUBLIC;
import static io.millrace.simulation.firewall.FirewallScene.SECOND_NS;
import static io.millrace.simulation.firewall.FirewallScene.SERVER;
import static io.millrace.simulation.firewall.FirewallScene.SERVER_6;
import static io.millrace.simulation.firewall.FirewallScene.fromDmz;
import static io.millrace.simulation.firewall.FirewallScene.fromGateway;
import static io.millrace.simulation.firewall.FirewallScene.fromHost;
import static org.assertj.core.api.Assertions.assertThat;

/// Every reason why a connection in the flow table is not in a NIC's, all that hold at once. (`OTHER_DEVICE`,
/// `NO_TABLE`, `HASH_DIFFERS`, `ENDING`, `TABLE_FULL` and `LIGHTER` are in [HardwareOffloadTest].)
class HardwareReasonsTest {

    private static FirewallScene scene(String rules, SceneNics nics) {
        return new FirewallScene(rules, "sysctl: { net.netfilter.nf_conntrack_max: 4096, "
            + "net.netfilter.nf_conntrack_buckets: 4096, net.netfilter.nf_conntrack_acct: 1 }\n", nics);
    }

    private static FirewallScene scene() {
        return scene(HardwareOffloadTest.RULES, SceneNics.full());
    }

    private static OffloadControl control(FirewallScene scene) {
        return scene.router.offload();
    }

    private static List<HardwareObstacle> obstacles(FirewallScene scene) {
        return HardwareObstacle.of(control(scene).obstacles(0));
    }

    private static void udp(FirewallScene scene) {
        for (int i = 0; i < 3; i++) {
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53));
            scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000));
        }
    }

    private static void inHardware(FirewallScene scene) {
        udp(scene);
        assertThat(control(scene).inHardwareCount()).isOne();
        assertThat(obstacles(scene)).isEmpty();
    }

    @Test
    void tags() {
        try (var scene = scene()) {
            for (int i = 0; i < 3; i++) {
                scene.lan(fromHost().vlan(10).ipv4("10.10.0.10", SERVER).udp(4000, 53));
                scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000));
            }
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.ENCAPSULATION);
        }
    }

    @Test
    void otherProtocols() {
        try (var scene = scene()) {
            for (int i = 0; i < 3; i++) {
                scene.lan(gre(fromHost().ipv6(HOST_6, SERVER_6)));
                scene.wan(gre(fromGateway().ipv6(SERVER_6, HOST_6)));
            }
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.PROTOCOL);
        }
    }

    private static Layer gre(Layer ip) {
        return ip.gre().ipv4("10.77.0.1", "10.77.0.2").udp(1, 2);
    }

    @Test
    void rulesAtIngress() {
        String netdev = "table netdev n { chain c { type filter hook ingress device lan priority 0; counter; } }\n";
        try (var scene = scene(HardwareOffloadTest.RULES + netdev, SceneNics.full())) {
            udp(scene);
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.RULES);
            scene.nft("delete table netdev n");
            scene.pass(1);
            udp(scene);
            assertThat(control(scene).inHardwareCount()).isOne();
        }
    }

    @Test
    void aNeighbourThatIsToBeConfirmed() {
        try (var scene = scene()) {
            inHardware(scene);
            confirm(scene, NeighbourState.STALE);
            scene.turn();
            scene.turn();
            assertThat(control(scene).tally().removals(RemovalCause.NEIGHBOUR_CHANGED)).isOne();
            for (int i = 0; i < 60; i++) {
                scene.nowNs += SECOND_NS / 200;
                scene.turn();
            }
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.NEIGHBOUR);
            confirm(scene, NeighbourState.PERMANENT);
            udp(scene);
            scene.pass(1);
            assertThat(control(scene).inHardwareCount()).isOne();
        }
    }

    private static void confirm(FirewallScene scene, int state) {
        int wan = scene.router.interfaces().find("wan").index();
        assertThat(scene.router.neighbours().replace(wan, IpAddress.parse("203.0.113.254"), 0x02_00_00_00_00_feL, state,
            scene.nowNs)).isEqualTo(NeighbourResult.DONE);
    }

    @Test
    void aRouteThatIsToBeFoundAgain() {
        try (var scene = scene()) {
            inHardware(scene);
            int wan = scene.router.interfaces().find("wan").index();
            scene.router.routes().add(Route.unicast(IpPrefix.parse("198.51.100.81/32"), wan,
                IpAddress.parse("203.0.113.253")));
            scene.pass(1);
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.ROUTE_CHANGED);
        }
    }

    @Test
    void aWireThatIsDisconnected() {
        var faults = new FaultPanel();
        try (var scene = scene(HardwareOffloadTest.RULES, new SceneNics(NicModel.FULL, faults))) {
            inHardware(scene);
            faults.disconnect(1, Long.MAX_VALUE);
            scene.pass(1);
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.LINK_DOWN);
        }
    }

    @Test
    void aPortThatMayNotLeaveFlowsToItsNic() {
        try (var scene = scene()) {
            inHardware(scene);
            var lan = scene.nics().ports.getFirst();
            scene.nics().first().mailbox().post(lan.features(lan.featureBits() & ~NicFeature.FLOWS.bit()),
                scene.nowNs);
            scene.pass(1);
            assertThat(control(scene).tally().removals(RemovalCause.SWITCHED_OFF)).isOne();
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.SWITCHED_OFF);
        }
    }

    @Test
    void aPortWithoutANic() {
        try (var scene = scene(HardwareOffloadTest.RULES, SceneNics.full().withoutDmz())) {
            toDmz(scene);
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.NO_NIC);
        }
    }

    private static void toDmz(FirewallScene scene) {
        for (int i = 0; i < 3; i++) {
            scene.lan(fromHost().ipv4(HOST, DMZ_HOST).udp(4000, 53));
            scene.dmz(fromDmz().ipv4(DMZ_HOST, HOST).udp(53, 4000));
        }
    }

    @Test
    void allThatHoldAtOnce() {
        var faults = new FaultPanel();
        String netdev = "table netdev n { chain c { type filter hook ingress device dmz priority 0; counter; } }\n";
        try (var scene = scene(HardwareOffloadTest.RULES + netdev, new SceneNics(NicModel.FULL, faults))) {
            faults.disconnect(2, scene.nowNs + SECOND_NS);
            scene.turn();
            faults.disconnect(0, 0);
            scene.pass(1);
            toDmz(scene);
            control(scene).deny(0, HardwareObstacle.HASH_DIFFERS.bit());
            scene.pass(1);
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.OTHER_DEVICE, HardwareObstacle.HASH_DIFFERS,
                HardwareObstacle.RULES);
        }
    }

    @Test
    void aDeviceThatFailsToTakeIt() {
        var faults = new FaultPanel();
        faults.set(FaultShares.NONE.with(FaultKind.LIES, 1), 1);
        try (var scene = scene(HardwareOffloadTest.RULES, new SceneNics(NicModel.FULL, faults))) {
            udp(scene);
            for (int i = 0; i < 40; i++) scene.turn();
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.DEVICE_FAULT);
        }
    }

    @Test
    void aFlowTableThatDoesNotAskForIt() {
        try (var scene = scene(HardwareOffloadTest.RULES.replace("flags offload;", ""), SceneNics.full())) {
            udp(scene);
            scene.pass(1);
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.NOT_ASKED);
        }
    }

    /// What hardware forwards would overtake what the worker still puts together.
    @Test
    void aConnectionSomeOfWhosePacketsComeInFragments() {
        try (var scene = scene()) {
            inHardware(scene);
            byte[] payload = fromHost().ipv4(HOST, SERVER).udp(4000, 53).payloadOf(592).bytes();
            byte[] first = Arrays.copyOfRange(payload, 34, 434);
            byte[] second = Arrays.copyOfRange(payload, 434, 634);
            scene.lan(fromHost().ipv4(HOST, SERVER).identification(7).protocol(17).moreFragments().payload(first));
            assertThat(scene.lan(fromHost().ipv4(HOST, SERVER).identification(7).protocol(17).fragmentOffsetBytes(400)
                .payload(second)).wan()).hasSize(2);
            scene.pass(1);
            assertThat(control(scene).tally().removals(RemovalCause.FRAGMENTS)).isOne();
            assertThat(obstacles(scene)).containsExactly(HardwareObstacle.FRAGMENTS);
            udp(scene);
            assertThat(control(scene).inHardwareCount()).isZero();
        }
    }
}
