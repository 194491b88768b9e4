package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// Filters that track connections, on a running router.
class TcTrackingTest {

    private static final String LAN = "tc filter add dev lan ingress ";
    private static final String WAN = "tc filter add dev wan ingress ";
    private static final String WAN_MAC = "02:4d:52:00:00:02";

    @TempDir
    private Path folder;

    private LiveRouter router() throws IOException {
        var router = new LiveRouter(folder);
        router.fine("tc qdisc add dev lan clsact");
        router.fine("tc qdisc add dev wan clsact");
        return router;
    }

    private static byte[] there(int port, int flags) {
        return Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", "10.9.0.1")
            .tcp(4000, port).flags(flags).bytes();
    }

    private static byte[] back(int port, int flags, int acknowledged) {
        return Frame.ethernet(LiveRouter.GATEWAY_MAC, WAN_MAC).ipv4("10.9.0.1", "10.0.0.7").tcp(port, 4000)
            .flags(flags).acknowledgement(acknowledged).bytes();
    }

    /// What no one else has let pass is found in the mirror.
    private static void mirror(LiveRouter router, String port) {
        router.fine("tc filter add dev " + port + " ingress chain 9 protocol ip flower action mirred egress redirect "
            + "dev " + (port.equals("lan") ? "wan" : "lan"));
    }

    private static String connections(LiveRouter router) {
        return router.ctl("conntrack", "-L").out();
    }

    private static void awaitDropped(LiveRouter router, long count) throws InterruptedException {
        for (int i = 0; i < 5_000 && router.ledger().count(Verdict.FLOWER_DROPPED) < count; i++) Thread.sleep(1);
        assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).isEqualTo(count);
    }

    /// Chain 0 asks for the state, chain 1 knows it.
    @Test
    void letsAnswersInAndNothingElse() throws IOException, InterruptedException {
        try (var router = router()) {
            router.fine(LAN + "protocol ip pref 1 flower ct_state -trk action ct zone 5 pipe action goto chain 1");
            router.fine(LAN + "protocol ip chain 1 pref 1 flower ct_state +trk+new ip_proto tcp dst_port 80 "
                + "action ct commit zone 5 mark 7 pipe action goto chain 9");
            router.fine(LAN + "protocol ip chain 1 pref 2 flower ct_state +trk+est ct_mark 7 action goto chain 9");
            router.fine(LAN + "protocol ip chain 1 pref 3 flower ct_state +trk action drop");
            router.fine(WAN + "protocol ip pref 1 flower ct_state -trk action ct zone 5 pipe action goto chain 1");
            router.fine(WAN + "protocol ip chain 1 pref 1 flower ct_state +trk+est+rpl ct_zone 5 action goto chain 9");
            router.fine(WAN + "protocol ip chain 1 pref 2 flower ct_state +trk action drop");
            mirror(router, "lan");
            mirror(router, "wan");

            router.wan.toReceive.add(back(80, 0x12, 1));
            awaitDropped(router, 1);
            router.lan.toReceive.add(there(22, 2));
            router.lan.toReceive.add(there(80, 2));
            assertThat(router.nextSent(router.wan)).as("22 is dropped").isEqualTo(there(80, 2));
            router.wan.toReceive.add(back(80, 0x12, 1));
            assertThat(router.nextSent(router.lan)).as("an answer, not what came unasked").isEqualTo(back(80, 0x12, 1));
            assertThat(router.lan.sent).isEmpty();
            router.lan.toReceive.add(there(80, 0x10));
            assertThat(router.nextSent(router.wan)).isEqualTo(there(80, 0x10));
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).isEqualTo(2);
            assertThat(connections(router)).contains("dport=80", "zone=5", "mark=7")
                .doesNotContain("dport=22");
        }
    }

    @Test
    void translatesAConnectionBothWays() throws IOException, InterruptedException {
        try (var router = router()) {
            router.fine(LAN + "protocol ip flower action ct commit nat src addr 10.1.0.77 port 5000-5009 pipe "
                + "action goto chain 9");
            router.fine(WAN + "protocol ip flower action ct nat pipe action goto chain 9");
            mirror(router, "lan");
            mirror(router, "wan");
            router.lan.toReceive.add(there(80, 2));
            byte[] sent = router.nextSent(router.wan);
            int port = (sent[34] & 0xff) << 8 | sent[35] & 0xff;
            assertThat(port).isBetween(5000, 5009);
            FrameAssert.assertThatFrame(sent).from("10.1.0.77", port).to("10.9.0.1", 80).hasValidChecksums();
            router.wan.toReceive.add(Frame.ethernet(LiveRouter.GATEWAY_MAC, WAN_MAC).ipv4("10.9.0.1", "10.1.0.77")
                .tcp(80, port).flags(0x12).acknowledgement(1).bytes());
            FrameAssert.assertThatFrame(router.nextSent(router.lan)).from("10.9.0.1", 80).to("10.0.0.7", 4000)
                .hasValidChecksums();
        }
    }

    @Test
    void clearForgetsAndForceBeginsAnewFromTheOtherSide() throws IOException, InterruptedException {
        try (var router = router()) {
            router.fine(LAN + "protocol ip pref 1 flower ip_proto tcp dst_port 80 action ct commit pipe "
                + "action ct clear pipe action goto chain 1");
            router.fine(LAN + "protocol ip chain 1 flower ct_state -trk action goto chain 9");
            router.fine(WAN + "protocol ip pref 1 flower action ct pipe action ct commit force pipe "
                + "action goto chain 1");
            router.fine(WAN + "protocol ip chain 1 flower ct_state +trk+new action goto chain 9");
            mirror(router, "lan");
            mirror(router, "wan");
            router.lan.toReceive.add(there(80, 2));
            assertThat(router.nextSent(router.wan)).as("forgotten").isEqualTo(there(80, 2));
            assertThat(connections(router)).contains("src=10.0.0.7 dst=10.9.0.1 sport=4000 dport=80");
            router.wan.toReceive.add(back(80, 0x12, 1));
            router.nextSent(router.lan);
            assertThat(connections(router))
                .as("a SYN+ACK begins nothing").doesNotContain("src=10.0.0.7 dst=10.9.0.1 sport=4000 dport=80");
        }
    }

    @Test
    void whatIsNotIpIsDroppedAndWhatMakesNoSenseIsInvalid() throws IOException, InterruptedException {
        try (var router = router()) {
            router.fine(LAN + "protocol all flower action ct pipe action goto chain 1");
            router.fine(LAN + "protocol ip chain 1 flower ct_state +trk+inv action goto chain 9");
            mirror(router, "lan");
            router.lan.toReceive.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC)
                .arpRequest(LiveRouter.HOST_MAC, "10.0.0.7", "10.0.0.1").bytes());
            byte[] odd = there(80, 0x3f);
            router.lan.toReceive.add(odd);
            assertThat(router.nextSent(router.wan)).isEqualTo(odd);
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).as("the ARP request").isOne();
        }
    }

    @Test
    void readsAndShowsCtAsTcDoes() throws IOException {
        try (var router = router()) {
            String[][] rows = {{"ct commit force zone 3 mark 5/0xff", "ct commit force mark 0x5/0xff zone 3 pipe"},
                {"ct clear", "ct clear pipe"}, {"ct nat drop", "ct zone 0 nat drop"},
                {"ct commit zone 1 nat src addr 1.2.3.4", "ct commit zone 1 nat src addr 1.2.3.4 pipe"},
                {"ct commit nat dst addr fd00::1-fd00::9 port 80-90",
                    "ct commit zone 0 nat dst addr fd00::1-fd00::9 port 80-90 pipe"}};
            for (String[] row : rows) {
                router.fine(LAN + "protocol ip flower action " + row[0]);
                assertThat(router.fine("tc filter show dev lan ingress")).contains("action order 1: " + row[1] + "\n");
                router.fine("tc filter del dev lan ingress");
            }
            String[][] wrong = {{"ct force", "ct: \"force\" needs \"commit\""},
                {"ct nat src addr 1.2.3.4", "ct: \"nat src\" and \"nat dst\" need \"commit\""},
                {"ct commit nat src 1.2.3.4", "ct: \"nat src\" needs \"addr ADDRESS\""},
                {"ct commit nat src addr 1.2.3", "ct: Illegal \"nat address\": 1.2.3"},
                {"ct commit nat src addr 1.2.3.4-1.2.3.1", "ct: Illegal \"nat range\": 1.2.3.4-1.2.3.1 does not rise"},
                {"ct commit nat src addr 1.2.3.4 port 9-3", "ct: Illegal \"nat port\""},
                {"ct zone 70000", "ct: Illegal \"zone\""}, {"ct commit label 1", "ct label is not supported"}};
            for (String[] row : wrong) {
                Result result = router.ctl((LAN + "protocol ip flower action " + row[0]).split(" "));
                assertThat(result.err()).as(row[0]).startsWith(row[1]);
                assertThat(result.status()).isEqualTo(1);
            }
        }
    }
}
