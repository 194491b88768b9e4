package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.nic.sim.SimNic;
import io.millrace.packet.memory.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Chains with `flags offload` in a simulated NIC.
class NftHardwareTest {

    private static final String CHAIN = """
        table netdev t {
            chain c {
                type filter hook ingress device "lan" priority filter + 1; policy accept;
                flags offload;
                ip daddr 10.9.0.1 counter drop
                ip daddr 10.9.0.2 counter
            }
        }
        """;

    @TempDir
    private Path folder;

    private LiveRouter router(String model) throws IOException {
        return new LiveRouter(folder, LiveRouter.withNic(model));
    }

    private static SimNic nic(LiveRouter router) {
        return (SimNic) router.dataplane.devices().getFirst();
    }

    private Result load(LiveRouter router, String text) throws IOException {
        return router.ctl("nft", "-f", Files.writeString(folder.resolve("rules.nft"), text).toString());
    }

    private static void pass(LiveRouter router, String target) throws InterruptedException {
        router.lan.toReceive.add(LiveRouter.toForward(target));
        assertThat(router.nextSent(router.wan)).isNotNull();
    }

    @Test
    void hardwareRunsTheChainAndCountsForIt() throws IOException, InterruptedException {
        try (var router = router("full")) {
            assertThat(load(router, CHAIN).err()).isEmpty();
            assertThat(nic(router).filters().filterCount()).isEqualTo(2);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            pass(router, "10.9.0.2");
            pass(router, "10.9.0.3");
            assertThat(nic(router).account().receiveDrops(Verdict.FLOWER_DROPPED)).isOne();
            assertThat(router.fine("nft list ruleset")).contains("ip daddr 10.9.0.1 counter packets 1 bytes 48 drop",
                "ip daddr 10.9.0.2 counter packets 1 bytes 48\n");
            assertThat(router.fine("tc filter show dev lan ingress")).as("not tc's").isEmpty();
        }
    }

    @Test
    void aRuleThatComesLeavesTheOthersAndTheirCounts() throws IOException, InterruptedException {
        try (var router = router("full")) {
            load(router, CHAIN);
            pass(router, "10.9.0.2");
            router.fine("nft insert rule netdev t c ip protocol udp udp dport 99 drop");   // those behind it get other priorities
            router.fine("nft add rule netdev t c ip daddr 10.9.0.3 counter");
            assertThat(nic(router).filters().filterCount()).isEqualTo(4);
            pass(router, "10.9.0.2");
            pass(router, "10.9.0.3");
            assertThat(router.fine("nft list ruleset")).contains("10.9.0.2 counter packets 2 bytes 96\n",
                "10.9.0.3 counter packets 1 bytes 48\n");
            router.fine("nft flush ruleset");
            assertThat(nic(router).filters().filterCount()).isZero();
            pass(router, "10.9.0.1");
        }
    }

    @Test
    void whatFlowerCannotSayIsRefusedAtTheRuleAndNothingIsLoaded() throws IOException {
        try (var router = router("full")) {
            load(router, CHAIN);
            Result refused = load(router, "add rule netdev t c ip daddr 10.9.0.5 drop\n"
                + "add rule netdev t c ip daddr 10.9.0.6 limit rate 5/second drop\n");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains(":2:1-62: Error: Could not process rule: Operation not supported\n"
                + "add rule netdev t c ip daddr 10.9.0.6 limit rate 5/second drop\n^^^^^");
            assertThat(router.fine("nft list ruleset")).doesNotContain("10.9.0.5").doesNotContain("10.9.0.6");
            assertThat(nic(router).filters().filterCount()).isEqualTo(2);
        }
    }

    @Test
    void whatTheDeviceHasNoRoomForIsRefusedToo() throws IOException {
        try (var router = router("classic")) {
            var text = new StringBuilder("flush ruleset\n" + CHAIN);
            for (int i = 0; i < 63; i++) text.append("add rule netdev t c ip daddr 10.8.0.").append(i).append(" drop\n");
            Result refused = load(router, text.toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("Could not process rule: Operation not supported",
                "the device holds no more than 64 filters");
            assertThat(router.fine("nft list ruleset")).isEmpty();
            assertThat(nic(router).filters().filterCount()).isZero();
            assertThat(load(router, CHAIN).err()).isEmpty();
            assertThat(load(router, "add chain netdev t d { type filter hook ingress device lan priority 9; "
                + "flags offload; }\nadd rule netdev t d ip daddr 1.1.1.1 drop\n").err())
                .contains("Requested destination chain is out of supported range");
        }
    }

    @Test
    void aPortThatIsNotAtANicHasNoHardware() throws IOException {
        try (var router = new LiveRouter(folder)) {
            assertThat(load(router, CHAIN).err()).contains("Could not process rule: Operation not supported",
                "port lan is not at a NIC that filters");
            assertThat(router.fine("nft list ruleset")).isEmpty();
        }
    }

    @Test
    void softwareRunsTheChainWhileTheDeviceCannot() throws IOException, InterruptedException {
        try (var router = router("full")) {
            load(router, CHAIN);
            pass(router, "10.9.0.2");
            Result off = router.ctl("ethtool", "-K", "lan", "hw-tc-offload", "off");
            assertThat(off.err()).startsWith("netlink error: Active offloaded tc filters");
            router.fine("devlink dev reload sim/nic0 action parser-fetch l3");
            assertThat(nic(router).filters().filterCount()).isZero();
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            pass(router, "10.9.0.2");
            assertThat(nic(router).account().receiveDrops(Verdict.FLOWER_DROPPED)).isZero();
            assertThat(router.fine("nft list ruleset")).contains("10.9.0.1 counter packets 1 bytes 48 drop",
                "10.9.0.2 counter packets 2 bytes 96\n");
            router.fine("devlink dev reload sim/nic0 action parser-fetch default");
            assertThat(nic(router).filters().filterCount()).isEqualTo(2);
        }
    }

    @Test
    void aRunBeginsWithItsChainsInHardware() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("begin.nft"), CHAIN);
        String yaml = LiveRouter.withNic("full").replace("ports:\n", "ruleset: DIR/begin.nft\nports:\n");
        try (var router = new LiveRouter(folder, yaml)) {
            assertThat(nic(router).filters().filterCount()).isEqualTo(2);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            pass(router, "10.9.0.2");
            assertThat(nic(router).account().receiveDrops(Verdict.FLOWER_DROPPED)).isOne();
        }
        Files.writeString(folder.resolve("begin.nft"), CHAIN.replace("lan", "wan").replace("10.9.0.1 counter drop",
            "10.9.0.1 log drop"));
        assertThatThrownBy(() -> new LiveRouter(folder, yaml)).hasMessageContaining(
            "ruleset: netdev t, chain c, rule 2 cannot be offloaded: a filter cannot do this");
    }
}
