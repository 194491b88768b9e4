package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// `trace` against a live router.
class TraceTest {

    @TempDir
    private Path folder;

    private static byte[] udp(String target, int port) {
        return Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC).ipv4("10.0.0.7", target).udp(4000, port)
            .payloadOf(20).bytes();
    }

    private static void await(LiveRouter router, long receivedCount) throws InterruptedException {
        for (int i = 0; i < 500 && router.ledger().received() < receivedCount; i++) Thread.sleep(10);
        assertThat(router.ledger().received()).isEqualTo(receivedCount);
    }

    @Test
    void followsAForwardedPacketFromPortToPort() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("trace add lan 1");
            router.lan.toReceive.add(udp("10.9.0.1", 53));
            router.lan.toReceive.add(udp("10.9.0.2", 53));
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.nextSent(router.wan)).isNotNull();
            String[] lines = router.fine("trace show").split("\n");
            assertThat(lines).hasSize(5);
            assertThat(lines[0]).startsWith("packet 1, received by lan at 20");
            assertThat(lines[1]).matches("  \\+0.000 us  lan rx     queue 0: 02:00:00:00:00:0a > 02:4d:52:00:00:01, .*"
                + "10.0.0.7.4000 > 10.9.0.1.53: .*");
            assertThat(lines[2]).contains("parse      headers ").endsWith("l3 at 14, l4 at 34, payload at 42: understood");
            assertThat(lines[3]).contains(
                "route      10.9.0.1: unicast via 10.1.0.2 dev wan");
            assertThat(lines[4]).contains("wan tx     02:4d:52:00:00:02 > 02:00:00:00:00:05, ").contains("10.9.0.1.53");
        }
    }

    @Test
    void saysWhereAndWhyAPacketIsDropped() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip route add blackhole 10.66.0.0/16");
            router.fine("trace add lan 10");
            router.lan.toReceive.add(udp("10.66.0.1", 53));
            await(router, 1);
            assertThat(router.fine("trace show")).contains("route      10.66.0.1: blackhole\n")
                .contains("route      dropped, ROUTE_BLACKHOLE: route of type blackhole\n");
            assertThat(router.fine("trace show --json")).contains("\"port\":\"lan\"").contains("{\"afterNs\":0,\"at\":\"route\"");
            router.fine("trace clear");
            assertThat(router.fine("trace show")).isEmpty();
        }
    }

    @Test
    void saysWhatHooksAndTheFlowTableDecide() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("ip neigh replace 10.0.0.7 lladdr 02:00:00:00:00:0a dev lan");
            router.fine("nft add table ip t");
            router.fine("nft add flowtable ip t f { hook ingress priority 0 ; devices = { lan, wan } ; }");
            router.fine("nft add chain ip t fw { type filter hook forward priority 0 ; policy drop ; }");
            router.fine("nft add rule ip t fw udp dport 53 flow add @f accept");
            router.fine("nft add chain ip t out { type nat hook postrouting priority 100 ; }");
            router.fine("nft add rule ip t out oifname wan masquerade");
            router.fine("trace add lan 4");
            for (int i = 0; i < 3; i++) {
                router.lan.toReceive.add(udp("10.9.0.1", 53));
                assertThat(router.nextSent(router.wan)).isNotNull();
            }
            router.lan.toReceive.add(udp("10.9.0.1", 54));
            await(router, 4);
            String[] packets = router.fine("trace show").split("packet [0-9]+, ");
            assertThat(packets[1]).containsSubsequence("parse      headers", "route      10.9.0.1: unicast via",
                "flow       miss, UNKNOWN: no flow with its addresses",
                "conntrack  NEW, udp      17 30 src=10.0.0.7 dst=10.9.0.1 sport=4000 dport=53 [UNREPLIED]",
                "forward    accepted: ip t, chain fw, rule 3", "postrouting accepted: ip t, chain out, rule 5",
                "nat        postrouting: 10.1.0.1.4000 > 10.9.0.1.53", "wan tx");
            assertThat(packets[3]).containsSubsequence("flow       hit", "wan tx").doesNotContain("forward ");
            assertThat(packets[4]).containsSubsequence("forward    dropped by the policy of a chain: ip t, end of chain fw",
                "route      dropped, RULE_POLICY");
            assertThat(router.fine("show flows")).contains("udp       10.0.0.7:4000  10.9.0.1:53").contains("1 flows");
        }
    }

    @Test
    void namesMergingAndRoutingBoth() throws IOException, InterruptedException {
        String merging = LiveRouter.CONFIG.replace("THREADING", "shared").replace("10.0.0.1/24] }",
            "10.0.0.1/24], gro: on }");
        try (var router = new LiveRouter(folder, merging)) {
            router.fine("trace add lan 1");
            router.lan.toReceive.add(udp("10.9.0.1", 53));
            assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("trace show")).containsSubsequence("parse ", "gro        merged, or handed on",
                "route      10.9.0.1: unicast via 10.1.0.2 dev wan", "wan tx");
        }
    }

    @Test
    void marksOnlyWhatTheFilterLetsPass() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("trace add lan 2 filter udp and (dst port 53 or dst net 10.9.7.0/24)");
            for (String target : new String[] {"10.9.0.1", "10.9.7.1", "10.9.0.2", "10.9.7.9"}) {
                router.lan.toReceive.add(udp(target, target.equals("10.9.0.2") ? 53 : 99));
            }
            for (int i = 0; i < 4; i++) assertThat(router.nextSent(router.wan)).isNotNull();
            assertThat(router.fine("trace show")).contains("10.9.7.1.99").contains("10.9.0.2.53")
                .doesNotContain("10.9.0.1.99").doesNotContain("10.9.7.9.99");
        }
    }

    @Test
    void refusesWhatItCannotTrace() throws IOException {
        try (var router = new LiveRouter(folder)) {
            Result result = router.ctl("trace", "add", "lna", "5");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err()).contains("no port is named \"lna\"").contains("allowed: lan, wan");
            assertThat(router.ctl("trace", "add", "lan", "0").err()).contains("allowed: 1 to 1000");
            assertThat(router.ctl("trace", "add", "lan", "5", "filter", "tcp", "and").err())
                .contains("an expression is missing at the end");
            assertThat(router.ctl("trace", "add", "lan", "5", "filter", "porg", "5").err())
                .contains("\"porg\" is unknown; allowed: ip, ip6");
            assertThat(router.fine("trace show")).isEmpty();
        }
    }
}
