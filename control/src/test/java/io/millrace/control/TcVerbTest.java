package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// `tc` on a running router. Messages and exit status are those of tc 6.1 on Linux where it has them.
class TcVerbTest {

    private static final String ADD = "tc filter add dev lan ingress ";
    private static final String TALKING = "\nWe have an error talking to the kernel";

    @TempDir
    private Path folder;

    private static void refused(LiveRouter router, int status, String message, String line) {
        Result result = router.ctl(line.split(" "));
        assertThat(result.err().strip()).as(line).isEqualTo(message);
        assertThat(result.status()).as(line).isEqualTo(status);
    }

    /// The lines of a table among the test's resources.
    static List<String> rows(String name) throws IOException {
        try (InputStream in = TcVerbTest.class.getResourceAsStream("/tc/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.startsWith("#")).toList();
        }
    }

    static List<String> keys() throws IOException {
        return rows("keys.txt");
    }

    static List<String> actions() throws IOException {
        return rows("actions.txt");
    }

    @Test
    void refusesWordsAsTcDoes() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            for (String row : rows("words.txt")) {
                String[] parts = row.split(" \\| ");
                String message = parts[2].replace("\\n", "\n");
                Result result = router.ctl((ADD + parts[0]).split(" "));
                assertThat(result.err()).as(row).startsWith(message);
                assertThat(result.status()).as(row).isEqualTo(Integer.parseInt(parts[1].strip()));
            }
            assertThat(router.fine("tc filter show dev lan ingress")).isEmpty();
        }
    }

    @Test
    void qdiscsComeAndGoWithTheirFilters() throws IOException {
        try (var router = new LiveRouter(folder)) {
            refused(router, 2, "Error: Parent Qdisc doesn't exists." + TALKING,
                ADD + "protocol ip flower action drop");
            assertThat(router.fine("tc qdisc add dev lan clsact")).isEmpty();
            assertThat(router.fine("tc qdisc show dev lan")).isEqualTo("qdisc clsact ffff: parent ffff:fff1 \n");
            assertThat(router.fine("tc -j qdisc show dev lan")).isEqualTo(
                "[{\"kind\":\"clsact\",\"handle\":\"ffff:\",\"parent\":\"ffff:fff1\",\"options\":{}}]\n");
            refused(router, 2, "Error: Exclusivity flag on, cannot modify.", "tc qdisc add dev lan ingress");
            refused(router, 1, "Cannot find device \"nodev\"", "tc qdisc add dev nodev clsact");
            router.fine(ADD + "protocol ip flower action pass");
            router.fine("tc qdisc del dev lan clsact");
            refused(router, 2, "Error: Invalid handle.", "tc qdisc del dev lan clsact");
            router.fine("tc qdisc add dev lan ingress");
            assertThat(router.fine("tc qdisc"))
                .isEqualTo("qdisc ingress ffff: dev lan parent ffff:fff1 ---------------- \n");
            assertThat(router.fine("tc filter show dev lan ingress")).isEmpty();
            refused(router, 2, "Error: Parent Qdisc doesn't exists." + TALKING,
                "tc filter add dev lan egress protocol ip flower action drop");
        }
    }

    @Test
    void showsFiltersAsTcDoes() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "protocol ip pref 1 flower skip_hw dst_mac 02:00:00:00:00:01 ip_proto tcp "
                + "dst_ip 10.0.0.1 src_ip 10.0.0.0/24 dst_port 80 action drop");
            assertThat(router.fine("tc filter show dev lan ingress")).isEqualTo("""
                filter protocol ip pref 1 flower chain 0\s
                filter protocol ip pref 1 flower chain 0 handle 0x1\s
                  dst_mac 02:00:00:00:00:01
                  eth_type ipv4
                  ip_proto tcp
                  dst_ip 10.0.0.1
                  src_ip 10.0.0.0/24
                  dst_port 80
                  skip_hw
                  not_in_hw
                \taction order 1: gact action drop
                \t random type none pass val 0
                \t index 1 ref 1 bind 1

                """);
            assertThat(router.fine("tc -j filter show dev lan ingress")).isEqualTo("""
                [{"protocol":"ip","pref":1,"kind":"flower","chain":0},{"protocol":"ip","pref":1,"kind":"flower",\
                "chain":0,"options":{"handle":1,"keys":{"dst_mac":"02:00:00:00:00:01","eth_type":"ipv4",\
                "ip_proto":"tcp","dst_ip":"10.0.0.1","src_ip":"10.0.0.0/24","dst_port":80},"skip_hw":true,\
                "not_in_hw":true,"actions":[{"order":1,"kind":"gact","control_action":{"type":"drop"},\
                "prob":{"random_type":"none","control_action":{"type":"pass"},"val":0},"index":1,"ref":1,"bind":1}]}}]
                """);
            router.fine("tc filter del dev lan ingress");
            assertThat(router.fine("tc filter show dev lan ingress")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void showsKeysInOneOrder(String row) throws IOException {
        String keys = row.split(" \\| ")[0];
        String lines = row.split(" \\| ")[1];
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + keys.strip() + " action pass");
            assertThat(router.fine("tc filter show dev lan ingress").lines().skip(2)
                .takeWhile(line -> !line.equals("  not_in_hw")).map(String::strip))
                .containsExactly(lines.strip().split(","));
        }
    }

    @ParameterizedTest
    @MethodSource("actions")
    void showsActionsAsTcDoes(String row) throws IOException {
        String action = row.split(" \\| ")[0];
        String lines = row.split(" \\| ")[1];
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "protocol ip flower action " + action.strip());
            String wanted = "action order 1: " + lines.strip();
            assertThat(router.fine("tc filter show dev lan ingress").lines().dropWhile(each -> !each.startsWith("\t"))
                .filter(line -> !line.isBlank()).map(line -> line.strip().replace(":  ", ": ")))
                .containsExactly(Arrays.stream(wanted.split("; ")).map(line -> line.strip()).toArray(String[]::new));
        }
    }

    @Test
    void numbersPrioritiesAndHandlesAsLinux() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "protocol ip flower dst_ip 10.0.0.1 action pass");
            router.fine(ADD + "protocol ip flower dst_ip 10.0.0.2 action pass");
            router.fine(ADD + "protocol ip pref 7 flower dst_ip 10.0.0.3 action pass");
            router.fine(ADD + "protocol ip pref 7 flower dst_ip 10.0.0.4 action pass");
            router.fine(ADD + "protocol ip pref 7 handle 9 flower dst_ip 10.0.0.5 action pass");
            assertThat(router.fine("tc filter show dev lan ingress").lines().filter(line -> line.contains("handle"))
                .map(String::strip)).containsExactly(
                "filter protocol ip pref 7 flower chain 0 handle 0x1",
                "filter protocol ip pref 7 flower chain 0 handle 0x2",
                "filter protocol ip pref 7 flower chain 0 handle 0x9",
                "filter protocol ip pref 49151 flower chain 0 handle 0x1",
                "filter protocol ip pref 49152 flower chain 0 handle 0x1");
            refused(router, 2, "RTNETLINK answers: File exists" + TALKING,
                ADD + "protocol ip pref 7 flower dst_ip 10.0.0.3 action drop");
            refused(router, 2, "RTNETLINK answers: File exists" + TALKING,
                "tc filter replace dev lan ingress protocol ip pref 7 flower dst_ip 10.0.0.3 action drop");
            refused(router, 2, "Error: Filter already exists." + TALKING,
                ADD + "protocol ip pref 7 handle 9 flower dst_ip 10.0.0.9 action drop");
            refused(router, 2, "Error: Filter with specified priority/protocol not found." + TALKING,
                ADD + "protocol ipv6 pref 7 flower action drop");
            refused(router, 2, "Error: Need both RTM_NEWTFILTER and NLM_F_CREATE to create a new filter." + TALKING,
                "tc filter change dev lan ingress protocol ip pref 7 flower action drop");
            refused(router, 2, "Error: Invalid filter command with priority of zero." + TALKING,
                "tc filter change dev lan ingress protocol ip flower action drop");
            refused(router, 2, "RTNETLINK answers: Invalid argument" + TALKING,
                "tc filter replace dev lan ingress protocol ip pref 7 handle 9 flower src_ip 10.0.0.9 action drop");
            router.fine("tc filter replace dev lan ingress protocol ip pref 7 handle 9 flower dst_ip 10.0.0.9 "
                + "action drop");
            assertThat(router.fine("tc filter get dev lan ingress protocol ip pref 7 handle 9 flower"))
                .contains("dst_ip 10.0.0.9\n").contains("gact action drop\n").startsWith("filter protocol ip pref 7 ");
            refused(router, 2, "Error: Specified filter handle not found." + TALKING,
                "tc filter del dev lan ingress protocol ip pref 7 handle 5 flower");
            refused(router, 2, "Error: Cannot find specified filter chain." + TALKING,
                "tc filter del dev lan ingress protocol ip pref 7 chain 5 flower");
            router.fine("tc filter del dev lan ingress protocol ip pref 7 handle 2 flower");
            router.fine(ADD + "protocol ip pref 7 flower dst_ip 10.0.0.6 action pass");
            assertThat(router.fine("tc filter show dev lan ingress")).contains("pref 7 flower chain 0 handle 0x2 \n");
            router.fine("tc filter del dev lan ingress pref 7");
            assertThat(router.fine("tc filter show dev lan ingress")).doesNotContain("pref 7 ");
        }
    }

    @Test
    void dropsAndCountsFromTheNextBurstOn() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)).isNotNull();
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "protocol ip flower dst_ip 10.9.0.1 action drop");
            byte[] dropped = LiveRouter.toForward("10.9.0.1");
            router.lan.toReceive.add(dropped);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.2"));
            byte[] sent = router.nextSent(router.wan);
            assertThat(sent[33]).isEqualTo((byte) 2);
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).isEqualTo(1);
            assertThat(router.fine("tc -s filter show dev lan ingress")).contains(
                "\tAction statistics:\n\tSent " + (dropped.length - 14)
                    + " bytes 1 pkt (dropped 1, overlimits 0 requeues 0) \n\tbacklog 0b 0p requeues 0\n\n")
                .contains(" sec firstused ");
            router.fine("tc filter del dev lan ingress");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)[33]).isEqualTo((byte) 1);
        }
    }

    @Test
    void timesOfPeditStandInFrontOfItsKeys() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + "protocol ip flower action pedit ex munge ip ttl add 0xff");
            assertThat(router.fine("tc -s filter show dev lan ingress")).containsPattern(
                "\taction order 1:  pedit action pass keys 1\n"
                    + " \t index 1 ref 1 bind 1 installed \\d+ sec used \\d+ sec\n"
                    + "\t key #0  at ipv4\\+8: add ff000000 mask 00ffffff\n\tAction statistics:\n");
        }
    }

    @Test
    void rewritesRedirectsAndMirrors() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine("tc qdisc add dev wan clsact");
            router.fine(ADD + "protocol ip pref 1 flower dst_ip 10.5.0.0/16 action vlan push id 7 pipe "
                + "action mirred egress redirect dev wan");
            router.fine(ADD + "protocol ip pref 2 flower ip_proto udp dst_port 53 action mirred egress mirror dev lan "
                + "action pedit ex munge ip dst set 10.9.0.77 munge udp dport set 5353 pipe action csum ip and udp");
            byte[] foreign = Frame.ethernet(LiveRouter.HOST_MAC, "02:00:00:00:00:99").ipv4("10.0.0.7", "10.5.0.1")
                .udp(4000, 53).payloadOf(20).bytes();
            router.lan.toReceive.add(foreign);
            byte[] redirected = router.nextSent(router.wan);
            assertThat(redirected).isEqualTo(Frame.ethernet(LiveRouter.HOST_MAC, "02:00:00:00:00:99").vlan(7)
                .ipv4("10.0.0.7", "10.5.0.1").udp(4000, 53).payloadOf(20).bytes());

            byte[] frame = LiveRouter.toForward("10.9.0.1");
            router.lan.toReceive.add(frame);
            assertThat(router.nextSent(router.lan)).as("the copy, as it was").isEqualTo(frame);
            byte[] routed = router.nextSent(router.wan);
            assertThat(Arrays.copyOfRange(routed, 30, 38))
                .containsExactly(10, 9, 0, 77, 0x0f, 0xa0, 5353 >> 8, 5353 & 0xff);
            assertThat(NaiveChecksum.isIpv4Valid(routed, 14)).isTrue();
            assertThat(NaiveChecksum.isValid(NaiveChecksum.UDP, Arrays.copyOfRange(routed, 26, 30),
                Arrays.copyOfRange(routed, 30, 34), Arrays.copyOfRange(routed, 34, 34 + 28))).isTrue();
        }
    }

    @Test
    void filtersWhatLeaves() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev wan clsact");
            router.fine("tc filter add dev wan egress protocol ip flower dst_ip 10.9.0.1 action drop");
            router.fine("tc filter add dev wan egress protocol ip flower dst_ip 10.9.0.2 action vlan push id 3");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.2"));
            byte[] sent = router.nextSent(router.wan);
            assertThat(Arrays.copyOfRange(sent, 12, 18)).containsExactly(0x81, 0, 0, 3, 8, 0);
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).isEqualTo(1);
            assertThat(router.fine("tc -s filter show dev wan")).startsWith("filter egress protocol ip pref 49151 ")
                .contains("Sent 62 bytes 1 pkt");
        }
    }

    @Test
    void theExampleScriptIsAccepted() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            Result result = router.script(Files.readString(Project.root().resolve("examples/11-flower.tc")));
            assertThat(result.err()).isEmpty();
            assertThat(result.out().lines().filter(line -> line.contains(" handle 0x1 "))).hasSize(5);
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            router.lan.toReceive.add(Frame.ethernet(LiveRouter.HOST_MAC, LiveRouter.LAN_MAC)
                .ipv4("10.0.0.7", "10.9.0.3").tcp(4000, 53).syn().bytes());
            assertThat(router.nextSent(router.lan)[33]).as("the copy").isEqualTo((byte) 3);
            assertThat(router.nextSent(router.wan)[33]).isEqualTo((byte) 3);
            assertThat(router.ledger().count(Verdict.FLOWER_DROPPED)).isEqualTo(1);
        }
    }

    @Test
    void redirectsInARingEnd() throws IOException, InterruptedException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev wan clsact");
            router.fine("tc filter add dev wan egress protocol ip flower dst_ip 10.9.0.1 "
                + "action mirred egress redirect dev wan");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.2"));
            assertThat(router.nextSent(router.wan)[33]).isEqualTo((byte) 2);
            assertThat(router.ledger().count(Verdict.FLOWER_LOOPED)).isEqualTo(1);
        }
    }
}
