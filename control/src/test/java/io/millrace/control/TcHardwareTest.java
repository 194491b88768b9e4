package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.nic.sim.SimNic;
import io.millrace.nic.sim.fault.NicFaults;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/// `tc` on ports of a simulated NIC: which filters are in hardware, why others are not, and who counts.
class TcHardwareTest {

    private static final String ADD = "tc filter add dev lan ingress ";
    private static final String SHOW = "tc filter show dev lan ingress";
    private static final String TALKING = "\nWe have an error talking to the kernel";

    @TempDir
    private Path folder;

    private LiveRouter router(String model) throws IOException {
        return router(model, NicFaults.NONE);
    }

    private LiveRouter router(String model, NicFaults faults) throws IOException {
        var router = new LiveRouter(folder, LiveRouter.withNic(model), faults);
        router.fine("tc qdisc add dev lan clsact");
        return router;
    }

    private static void refused(LiveRouter router, int status, String message, String line) {
        Result result = router.ctl(line.split(" "));
        assertThat(result.err().strip()).as(line).isEqualTo(message);
        assertThat(result.status()).as(line).isEqualTo(status);
    }

    private static SimNic nic(LiveRouter router) {
        return (SimNic) router.dataplane.devices().getFirst();
    }

    private static byte[] sentTo(LiveRouter router, String target) throws InterruptedException {
        router.lan.toReceive.add(LiveRouter.toForward(target));
        return router.nextSent(router.wan);
    }

    @Test
    void saysWhichFiltersAreInHardware() throws IOException {
        try (var router = router("full")) {
            router.fine(ADD + "protocol ip pref 1 flower dst_ip 10.9.0.1 action drop");
            router.fine(ADD + "protocol ip pref 2 flower skip_sw dst_ip 10.9.0.2 action drop");
            router.fine(ADD + "protocol ip pref 3 flower skip_hw dst_ip 10.9.0.3 action drop");
            assertThat(router.fine(SHOW).lines().map(String::strip).filter(line -> line.matches(
                ".*handle.*|skip_.*|in_hw.*|not_in_hw"))).containsExactly(
                "filter protocol ip pref 1 flower chain 0 handle 0x1", "in_hw in_hw_count 1",
                "filter protocol ip pref 2 flower chain 0 handle 0x1", "skip_sw", "in_hw in_hw_count 1",
                "filter protocol ip pref 3 flower chain 0 handle 0x1", "skip_hw", "not_in_hw");
            assertThat(router.fine("tc -j filter show dev lan ingress")).contains("\"in_hw\":true,\"in_hw_count\":1");
            assertThat(router.fine("devlink resource show sim/nic0")).contains("  name filters size 65536 occ 2 ",
                "  name filter-shapes size 64 occ 1 ");
            router.fine("tc filter del dev lan ingress pref 2");
            assertThat(nic(router).filters().filterCount()).isOne();
            router.fine("tc qdisc del dev lan clsact");
            assertThat(nic(router).filters().filterCount()).isZero();
        }
    }

    @Test
    void hardwareDropsAndCountsInItsOwnColumn() throws IOException, InterruptedException {
        try (var router = router("full")) {
            router.fine(ADD + "protocol ip flower dst_ip 10.9.0.1 action drop");
            for (int i = 0; i < 3; i++) router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(sentTo(router, "10.9.0.2")[33]).isEqualTo((byte) 2);
            int bytes = LiveRouter.toForward("10.9.0.1").length - 14;
            assertThat(router.fine("tc -s filter show dev lan ingress")).contains(
                "\tSent " + 3 * bytes + " bytes 3 pkt (dropped 3, overlimits 0 requeues 0) \n\tSent software 0 bytes 0 "
                    + "pkt\n\tSent hardware " + 3 * bytes + " bytes 3 pkt\n\tbacklog 0b 0p requeues 0\n"
                    + "\tused_hw_stats delayed\n").contains(" used 0 sec");
            assertThat(nic(router).account().receiveDrops(Verdict.FLOWER_DROPPED)).isEqualTo(3);
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).isZero();
        }
    }

    @Test
    void aFilterWasUsedWhenHardwareUsedIt() throws IOException, InterruptedException {
        try (var router = router("full")) {
            router.fine(ADD + "protocol ip flower skip_sw dst_ip 10.9.0.1 action drop");
            Thread.sleep(2_100);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(sentTo(router, "10.9.0.2")[33]).isEqualTo((byte) 2);
            JsonNode action = new ObjectMapper().readTree(router.fine("tc -j -s filter show dev lan ingress"))
                .findValue("actions").get(0);
            assertThat(action.get("last_used").asLong()).isLessThan(action.get("installed").asLong());
        }
    }

    @Test
    void hardwareRedirectsAndMirrorsAmongItsPorts() throws IOException, InterruptedException {
        try (var router = router("full")) {
            router.fine(ADD + "protocol ip pref 1 flower skip_sw dst_ip 10.5.0.0/16 action vlan push id 7 pipe "
                + "action mirred egress redirect dev wan");
            router.fine(ADD + "protocol ip pref 2 flower skip_sw dst_ip 10.9.0.1 action mirred egress mirror dev lan");
            byte[] foreign = Frame.ethernet(LiveRouter.HOST_MAC, "02:00:00:00:00:99").ipv4("10.0.0.7", "10.5.0.1")
                .udp(4000, 53).payloadOf(20).bytes();
            router.lan.toReceive.add(foreign);
            assertThat(Arrays.copyOfRange(router.nextSent(router.wan), 12, 18)).containsExactly(0x81, 0, 0, 7, 8, 0);
            assertThat(sentTo(router, "10.9.0.1")[22]).as("routed: TTL").isEqualTo((byte) 63);
            assertThat(router.nextSent(router.lan)).isEqualTo(LiveRouter.toForward("10.9.0.1"));
            assertThat(nic(router).account().hits()).isOne();
            assertThat(nic(router).account().created()).isOne();
        }
    }

    /// A TTL that is taken down by a filter in both is taken down once.
    @Test
    void whatHardwareHasDoneSoftwareDoesNotDoAgain() throws IOException, InterruptedException {
        try (var router = router("full")) {
            router.fine(ADD + "protocol ip pref 1 flower dst_ip 10.9.0.1 action pedit ex munge ip ttl add 0xff pipe "
                + "action csum ip4h continue");
            router.fine(ADD + "protocol ip pref 2 flower skip_hw dst_ip 10.9.0.1 action vlan push id 9 pass");
            router.fine(ADD + "protocol ip pref 3 flower dst_ip 10.9.0.2 action pedit ex munge ip ttl add 0xff pipe "
                + "action csum ip4h");
            router.fine("tc qdisc add dev wan clsact");
            assertThat(sentTo(router, "10.9.0.2")[22]).as("decided in hardware").isEqualTo((byte) 62);
            router.fine("tc filter change dev lan ingress protocol ip pref 2 handle 1 flower skip_hw dst_ip 10.9.0.1 "
                + "action pedit ex munge ip ttl add 0xff pipe action csum ip4h");
            assertThat(sentTo(router, "10.9.0.1")[22]).as("hardware, software behind it, router").isEqualTo((byte) 61);
            assertThat(router.fine("tc -s filter show dev lan ingress")).contains("Sent software 0 bytes 0 pkt\n"
                + "\tSent hardware 48 bytes 1 pkt");
        }
    }

    @Test
    void refusesInTheDevicesWords() throws IOException {
        try (var router = router("classic")) {
            refused(router, 2, "Error: Driver supports only offload of chain 0." + TALKING,
                ADD + "protocol ip chain 5 flower skip_sw action drop");
            refused(router, 2, "Error: Requested destination chain is out of supported range." + TALKING,
                ADD + "protocol ip flower skip_sw action goto chain 5");
            refused(router, 2, "Error: key ct_state: the device does not track connections." + TALKING,
                ADD + "protocol ip flower skip_sw ct_state +trk+est action drop");
            refused(router, 2, "RTNETLINK answers: Operation not supported" + TALKING,
                "tc filter add dev lan egress protocol ip flower skip_sw action drop");
            assertThat(router.fine(ADD + "protocol ip chain 5 flower verbose action drop"))
                .isEqualTo("Warning: Driver supports only offload of chain 0.\n");
            assertThat(router.fine("tc filter show dev lan ingress chain 5")).contains("  not_in_hw\n");
            for (int i = 1; i <= 64; i++) router.fine(ADD + "protocol ip pref 7 flower dst_ip 10.9.0." + i
                + " action drop");
            refused(router, 2, "Error: the device holds no more than 64 filters." + TALKING,
                ADD + "protocol ip pref 7 flower skip_sw dst_ip 10.9.1.1 action drop");
            assertThat(router.fine(ADD + "protocol ip pref 7 flower dst_ip 10.9.1.1 action drop")).isEmpty();
        }
    }

    @Test
    void aPortOfAnotherDeviceIsNoTarget() throws IOException {
        String yaml = LiveRouter.withNic("full").replace("nics: { nic0: { model: full } }",
            "nics: { nic0: { model: full }, nic1: { model: full } }");
        int wan = yaml.indexOf("nic: nic0", yaml.indexOf("nic: nic0") + 1);
        try (var router = new LiveRouter(folder, yaml.substring(0, wan) + "nic: nic1" + yaml.substring(wan + 9))) {
            router.fine("tc qdisc add dev lan clsact");
            refused(router, 2, "Error: devices are not on same switch HW, can't offload forwarding." + TALKING,
                ADD + "protocol ip flower skip_sw action mirred egress redirect dev wan");
            assertThat(router.fine(ADD + "protocol ip flower action mirred egress redirect dev wan")).isEmpty();
            assertThat(router.fine(SHOW)).contains("  not_in_hw\n");
        }
    }

    @Test
    void theFeatureStaysOnWhileFiltersNeedIt() throws IOException {
        try (var router = router("full")) {
            assertThat(router.fine("ethtool -k lan")).contains("hw-tc-offload: on\n");
            router.fine(ADD + "protocol ip flower dst_ip 10.9.0.1 action drop");
            refused(router, 1, "netlink error: Active offloaded tc filters, can't turn hw_tc_offload off\n"
                + "netlink error: Invalid argument", "ethtool -K lan hw-tc-offload off");
            router.fine("ethtool -K wan hw-tc-offload off");
            router.fine("tc filter del dev lan ingress");
            router.fine("ethtool -K lan hw-tc-offload off");
            refused(router, 2, "Error: TC offload is disabled on net device." + TALKING,
                ADD + "protocol ip flower skip_sw dst_ip 10.9.0.1 action drop");
            router.fine(ADD + "protocol ip flower dst_ip 10.9.0.1 action drop");
            assertThat(router.fine(SHOW)).contains("  not_in_hw\n");
        }
    }

    @Test
    void filtersLeaveADeviceWhoseFirmwareHasNoTableForThemAndComeBack() throws IOException, InterruptedException {
        try (var router = router("full")) {
            router.fine(ADD + "protocol ip flower dst_ip 10.9.0.1 action drop");
            router.fine("devlink dev reload sim/nic0 action parser-fetch l3");
            assertThat(router.fine(SHOW)).contains("  not_in_hw\n");
            assertThat(nic(router).filters().filterCount()).isZero();
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(sentTo(router, "10.9.0.2")[33]).isEqualTo((byte) 2);
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).as("software works on").isOne();
            refused(router, 2, "Error: no table for flower." + TALKING,
                ADD + "protocol ip flower skip_sw dst_ip 10.9.0.2 action drop");
            router.fine("devlink dev reload sim/nic0 action parser-fetch default");
            assertThat(router.fine(SHOW)).contains("  in_hw in_hw_count 1\n");
        }
    }

    @Test
    void aDeviceThatDoesNotAnswerIsGivenUpAndKeepsNothing() throws IOException {
        var faults = new NicFaults() {
            volatile boolean isSilent;

            @Override
            public boolean losesCompletion() { return isSilent; }
        };
        try (var router = router("full", faults)) {
            router.fine(SHOW);
            router.fine("ethtool -k lan");
            faults.isSilent = true;
            refused(router, 2, "Error: the device did not answer." + TALKING,
                ADD + "protocol ip flower skip_sw dst_ip 10.9.0.2 action drop");
            faults.isSilent = false;
            assertThat(router.fine(SHOW)).isEmpty();
            router.fine(ADD + "protocol ip flower skip_sw dst_ip 10.9.0.3 action drop");
            assertThat(nic(router).filters().filterCount()).as("the late one was taken out").isOne();
        }
    }
}
