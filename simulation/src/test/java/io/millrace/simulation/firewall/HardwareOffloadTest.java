package io.millrace.simulation.firewall;

import io.millrace.dataplane.neighbour.NeighbourState;
import io.millrace.dataplane.offload.DeviceFault;
import io.millrace.dataplane.offload.HardwareObstacle;
import io.millrace.dataplane.offload.OffloadControl;
import io.millrace.dataplane.offload.RemovalCause;
import io.millrace.dataplane.route.Route;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.nic.sim.model.NicModel;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;

import org.junit.jupiter.api.Test;

import java.util.List;

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

/// Connections in the flow table of a simulated NIC under the whole router: how they get there, what their packets
/// become, why they are not there, how they come back.
class HardwareOffloadTest {

    static final String RULES = """
        table inet t {
            flowtable f { hook ingress priority 0; devices = { lan, wan, dmz }; flags offload; counter; }
            chain onward { type filter hook forward priority 0; policy accept;
                ct state established flow add @f
            }
            chain post { type nat hook postrouting priority srcnat; meta nfproto ipv4 oifname wan masquerade; }
        }
        """;

    private static FirewallScene scene(SceneNics nics) {
        return new FirewallScene(RULES, "sysctl: { net.netfilter.nf_conntrack_max: 4096, "
            + "net.netfilter.nf_conntrack_buckets: 4096, net.netfilter.nf_conntrack_acct: 1 }\n", nics);
    }

    private static OffloadControl control(FirewallScene scene) {
        return scene.router.offload();
    }

    private static List<HardwareObstacle> obstacles(FirewallScene scene, int slot) {
        return HardwareObstacle.of(control(scene).obstacles(slot));
    }

    /// Both directions have sent what activates their entries.
    private static Talk inHardware(FirewallScene scene) {
        var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
        talk.say(100).onlyWan();
        talk.hear(100).onlyLan();
        assertThat(control(scene).inHardwareCount()).isOne();
        return talk;
    }

    @Test
    void anEstablishedConnectionLeavesTheWorkerAndIsListedSo() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            assertThat(scene.connections().getFirst()).contains("[HW_OFFLOAD]");
            long received = scene.worker.ledger().received();
            assertThatFrame(talk.say(100).onlyWan()).isTcp().from(PUBLIC, 5000).to(SERVER, 80).ttl(63)
                .fromMac(FirewallScene.WAN_ROUTER).toMac(FirewallScene.GATEWAY).hasValidChecksums();
            assertThatFrame(talk.hear(1000).onlyLan()).isTcp().from(SERVER, 80).to(HOST, 5000).ttl(63)
                .toMac(FirewallScene.LAN_HOST).hasValidChecksums();
            assertThat(scene.worker.ledger().received()).as("seen by the worker").isEqualTo(received);
            assertThat(control(scene).hits()).isEqualTo(2);
            assertThat(obstacles(scene, 0)).isEmpty();
        }
    }

    @Test
    void whatHardwareCountsIsTheConnectionsToThePacket() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            for (int i = 0; i < 20; i++) {
                talk.say(100).onlyWan();
                talk.hear(10).onlyLan();
            }
            assertThat(control(scene).hits()).isGreaterThanOrEqualTo(38);
            control(scene).releaseHeld();
            scene.router.hooks().tracking().settle(scene.router.hooks().tracking().table().next(-1));
            assertThat(scene.connections().getFirst()).contains("packets=23 bytes=" + (23 * 40 + 4 + 21 * 100))
                .contains("packets=22 bytes=" + (22 * 40 + 4 + 100 + 20 * 10));
        }
    }

    @Test
    void whatHardwareCountedForAConnectionThatHasEndedIsNobodys() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            talk.say(100).onlyWan();
            talk.hear(10).onlyLan();
            var hardware = scene.router.hooks().offloading().hardware();
            long hits = control(scene).hits();
            assertThat(hits).isPositive();
            scene.router.hooks().tracking().table().kill(0, scene.nowNs);
            scene.pass(1);
            assertThat(control(scene).inHardwareCount()).isZero();
            assertThat(hardware.orphanPackets()).isEqualTo(hits);
        }
    }

    /// Longer than the MTU: the worker cuts it, and what comes behind it does not overtake it.
    @Test
    void whatHardwareCannotSendOnIsNotOvertaken() {
        try (var scene = scene(SceneNics.full())) {
            for (int i = 0; i < 4; i++) {
                scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
                scene.wan(fromGateway().ipv4(SERVER, PUBLIC).udp(53, 4000)).onlyLan();
            }
            long hits = control(scene).hits();
            assertThat(hits).isPositive();
            byte[] tooLong = fromHost().ipv4(HOST, SERVER).udp(4000, 53).payload(new byte[1_550]).bytes();
            byte[] behind = fromHost().ipv4(HOST, SERVER).udp(4000, 53).payload(new byte[7]).bytes();
            var sent = scene.receive(0, tooLong, behind, behind).wan();
            assertThat(sent).extracting(frame -> frame.length).last().isEqualTo(14 + 20 + 8 + 7);
            assertThat(sent).hasSize(4);
            assertThat(sent.get(0).length + sent.get(1).length).isEqualTo(2 * 34 + 8 + 1_550);
            assertThat(control(scene).hits()).isEqualTo(hits);
            scene.lan(fromHost().ipv4(HOST, SERVER).udp(4000, 53)).onlyWan();
            assertThat(control(scene).hits()).as("and goes past the worker again").isEqualTo(hits + 1);
        }
    }

    @Test
    void aFinTakesTheConnectionBackToSoftware() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            talk.say(10).onlyWan();
            talk.hostFin().onlyWan();
            scene.pass(1);
            assertThat(control(scene).inHardwareCount()).isZero();
            assertThat(control(scene).underWayCount()).isZero();
            assertThat(scene.nics().first().flows().count()).isZero();
            assertThat(control(scene).tally().removals(RemovalCause.ENDING)).isOne();
            assertThat(obstacles(scene, 0)).containsExactly(HardwareObstacle.ENDING);
        }
    }

    @Test
    void anIdleConnectionExpiresOutOfHardware() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            for (int second = 0; second < 45; second++) {
                scene.pass(1);
                talk.say(1).onlyWan();
            }
            assertThat(control(scene).inHardwareCount()).as("busy, and so kept alive by hardware's counters").isOne();
            scene.pass(40);
            assertThat(control(scene).inHardwareCount()).isZero();
            assertThat(control(scene).tally().removals(RemovalCause.TORN_DOWN)).isOne();
            assertThat(scene.connections().getFirst()).contains("ESTABLISHED").doesNotContain("OFFLOAD");
            assertThat(scene.router.hooks().offloading().flows().flowCount()).isZero();
        }
    }

    @Test
    void anotherMacOfTheNeighbourTakesItOutAndItComesBackWithThatOne() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            int wan = scene.router.interfaces().find("wan").index();
            scene.router.neighbours().replace(wan, IpAddress.parse("203.0.113.254"), 0x02_00_00_00_00_aaL,
                NeighbourState.PERMANENT, scene.nowNs);
            scene.turn();
            scene.pass(1);
            assertThat(control(scene).tally().removals(RemovalCause.NEIGHBOUR_CHANGED)).isOne();
            assertThatFrame(talk.say(1).onlyWan()).toMac("02:00:00:00:00:aa");
            assertThatFrame(talk.say(1).onlyWan()).toMac("02:00:00:00:00:aa");
            assertThat(control(scene).inHardwareCount()).isOne();
        }
    }

    @Test
    void aChangedRouteTakesItOut() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            int wan = scene.router.interfaces().find("wan").index();
            scene.router.routes().add(Route.unicast(IpPrefix.parse("198.51.100.80/32"), wan,
                IpAddress.parse("203.0.113.253")));
            scene.router.neighbours().replace(wan, IpAddress.parse("203.0.113.253"), 0x02_00_00_00_00_bbL,
                NeighbourState.PERMANENT, scene.nowNs);
            scene.turn();
            assertThat(control(scene).tally().removals(RemovalCause.ROUTE_CHANGED)).isOne();
            assertThatFrame(talk.say(1).onlyWan()).toMac("02:00:00:00:00:bb");
            assertThatFrame(talk.say(1).onlyWan()).toMac("02:00:00:00:00:bb");
        }
    }

    @Test
    void aSysctlTakesItOutOnlyWhereItConcernsAnInterface() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            scene.sysctl("net.ipv4.neigh.default.unres_qlen", 7);
            scene.turn();
            long hits = control(scene).hits();
            talk.say(1).onlyWan();
            assertThat(control(scene).hits()).isEqualTo(hits + 1);
            scene.sysctl("net.ipv4.conf.lan.send_redirects", 0);
            scene.sysctl("net.ipv4.conf.all.send_redirects", 0);
            scene.turn();
            assertThat(control(scene).tally().removals(RemovalCause.ROUTE_CHANGED)).isZero();
            scene.sysctl("net.ipv4.conf.lan.forwarding", 0);
            scene.turn();
            assertThat(control(scene).tally().removals(RemovalCause.ROUTE_CHANGED)).isOne();
        }
    }

    @Test
    void anotherRulesetWithoutTheFlowtableTakesItOut() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            scene.nft("flush ruleset\ntable inet t { chain onward { type filter hook forward priority 0; "
                + "ct state established accept; }\n chain post { type nat hook postrouting priority srcnat; } }");
            scene.turn();
            assertThat(scene.nics().first().flows().count()).isZero();
            assertThat(control(scene).tally().removals(RemovalCause.TORN_DOWN)).isOne();
            talk.say(1).onlyWan();
        }
    }

    @Test
    void aDeletedConnectionLeavesNothingBehind() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            for (int i = 0; i < 5; i++) talk.say(100).onlyWan();
            var table = scene.router.hooks().tracking().table();
            table.kill(table.next(-1), scene.nowNs);
            scene.turn();
            assertThat(scene.connections()).isEmpty();
            assertThat(scene.nics().first().flows().count()).isZero();
            assertThat(control(scene).underWayCount()).isZero();
            var hardware = scene.router.hooks().offloading().hardware();
            assertThat(hardware.pinnedCount()).isZero();
            assertThat(hardware.orphanPackets()).as("counted for nobody").isBetween(5L, control(scene).hits());
        }
    }

    @Test
    void portsOfTwoNicsAreNamed() {
        try (var scene = scene(SceneNics.full())) {
            for (int i = 0; i < 3; i++) {
                scene.lan(fromHost().ipv4(HOST, DMZ_HOST).udp(4000, 53));
                scene.dmz(fromDmz().ipv4(DMZ_HOST, HOST).udp(53, 4000));
            }
            assertThat(obstacles(scene, 0)).containsExactly(HardwareObstacle.OTHER_DEVICE);
            assertThat(control(scene).tally().installs()).isZero();
        }
    }

    @Test
    void aModelWithoutAFlowTableLoadsTheRulesetAndIsNamed() {
        try (var scene = scene(new SceneNics(NicModel.CLASSIC, NicFaults.NONE))) {
            var talk = new Talk(scene, 5000, 80, PUBLIC, 5000).open();
            talk.say(100).onlyWan();
            assertThat(scene.connections().getFirst()).contains("[OFFLOAD]");
            assertThat(obstacles(scene, 0)).containsExactly(HardwareObstacle.NO_TABLE);
        }
    }

    @Test
    void deniedPortsAndEncapsulationAndFullTablesAreNamed() {
        var tiny = NicModel.FULL.with(NicModel.FULL.limits().withFlowEntries(2));
        try (var scene = scene(new SceneNics(tiny, NicFaults.NONE))) {
            inHardware(scene);
            new Talk(scene, 5001, 80, PUBLIC, 5001).open();
            assertThat(obstacles(scene, 1)).containsExactly(HardwareObstacle.TABLE_FULL, HardwareObstacle.LIGHTER);
            control(scene).deny(0, HardwareObstacle.HASH_DIFFERS.bit());
            scene.pass(1);
            assertThat(control(scene).inHardwareCount()).isZero();
            assertThat(control(scene).tally().removals(RemovalCause.SWITCHED_OFF)).isOne();
            assertThat(obstacles(scene, 0)).containsExactly(HardwareObstacle.HASH_DIFFERS);
        }
    }

    @Test
    void udpOverIpv6GoesThereToo() {
        try (var scene = scene(SceneNics.full())) {
            for (int i = 0; i < 4; i++) {
                assertThatFrame(scene.lan(fromHost().ipv6(HOST_6, SERVER_6).udp(4000, 53)).onlyWan()).ttl(63);
                assertThatFrame(scene.wan(fromGateway().ipv6(SERVER_6, HOST_6).udp(53, 4000)).onlyLan()).ttl(63);
            }
            assertThat(control(scene).hits()).isEqualTo(4);
        }
    }

    @Test
    void aFirmwareResetIsNoticedAndTheConnectionComesBack() {
        try (var scene = scene(SceneNics.full())) {
            Talk talk = inHardware(scene);
            scene.nics().first().flows().reset();
            assertThat(talk.say(1).onlyWan()).isNotNull();
            scene.pass(2);
            talk.say(1).onlyWan();
            talk.say(1).onlyWan();
            assertThat(control(scene).tally().faults(DeviceFault.ENTRY_LOST)).isOne();
            assertThat(control(scene).inHardwareCount()).isOne();
            assertThat(scene.nics().first().flows().count()).isOne();
        }
    }
}
