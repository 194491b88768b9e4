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
