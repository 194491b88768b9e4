package io.millrace.control;

import io.millrace.control.LiveRouter.Result;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

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

    @Test
    void refusesWordsAsTcDoes() throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            for (String row : WORDS.strip().split("\n")) {
                String[] parts = row.split(" \\| ");
                String message = parts[2].replace("\\n", "\n");
                Result result = router.ctl((ADD + parts[0]).split(" "));
                assertThat(result.err()).as(row).startsWith(message);
                assertThat(result.status()).as(row).isEqualTo(Integer.parseInt(parts[1].strip()));
            }
            assertThat(router.fine("tc filter show dev lan ingress")).isEmpty();
        }
    }

    /// Command, exit status and beginning of the message, measured with tc 6.1 but for what is not supported here.
    private static final String WORDS = """
        protocol ip flower bogus 1 | 1 | What is "bogus"?
        protocol ip flower dst_port 80 action drop | 1 | Illegal "dst_port"
        protocol ip flower ip_proto tcp dst_port 80-70 action drop | 1 | max value should be greater than min value\\nIllegal "dst_port"
        protocol ip flower ip_proto tcp dst_port x action drop | 1 | Illegal "dst_port"
        protocol bogus flower action drop | 255 | Error: argument "bogus" is wrong: invalid protocol
        protocol ip pref x flower action drop | 255 | Error: argument "x" is wrong: invalid priority value
        protocol ip handle x flower action drop | 1 | Illegal "handle"
        protocol ip chain x flower action drop | 255 | Error: argument "x" is wrong: invalid chain index value
        protocol ip flower vlan_id 5 action drop | 1 | Can't set "vlan_id" if ethertype isn't 802.1Q or 802.1AD and num_of_vlans is 0
        protocol 802.1q flower vlan_id 5000 action drop | 1 | Illegal "vlan_id"
        protocol 802.1q flower vlan_prio 9 action drop | 1 | Illegal "vlan_prio"
        protocol 802.1q flower cvlan_id 5 action drop | 1 | Can't set "cvlan_id" if inner vlan ethertype isn't 802.1Q or 802.1AD and num_of_vlans is less than 2
        protocol ip flower dst_ip x action drop | 1 | Error: inet prefix is expected rather than "x".
        protocol ip flower dst_ip 1.2.3.4/33 action drop | 1 | Error: inet prefix is expected rather than "1.2.3.4/33".
        protocol arp flower dst_ip 1.2.3.4 action drop | 1 | Illegal "dst_ip"
        protocol all flower dst_ip 1.2.3.4 action drop | 1 | Illegal "dst_ip"
        protocol ip flower dst_mac x action drop | 1 | "x" is invalid lladdr.\\nIllegal "dst_mac"
        protocol ip flower ip_proto x action drop | 1 | Illegal "ip_proto"
        protocol arp flower ip_proto tcp action drop | 1 | Illegal "eth_type" for ip proto\\nIllegal "ip_proto"
        protocol ip flower ip_proto tcp tcp_flags x action drop | 1 | Illegal "tcp_flags"
        protocol ip flower ip_tos 300 action drop | 1 | Illegal "ip_tos"
        protocol ip flower ip_ttl 300 action drop | 1 | Illegal "ip_ttl"
        protocol ip flower action bogus | 255 | Bad action type bogus
        protocol ip flower action | 255 | Command line is not complete. Try option "help"
        protocol ip flower action drop dst_port 5 | 255 | Bad action type dst_port
        protocol ip flower action mirred egress redirect dev nodev | 1 | Cannot find device "nodev"\\nbad action parsing
        protocol ip flower action mirred egress redirect | 255 | Command line is not complete. Try option "help"
        protocol ip flower action mirred bogus | 1 | mirred option not supported bogus\\nbad action parsing
        protocol ip flower action mirred ingress redirect dev lan | 1 | mirred ingress is not supported
        protocol ip flower action vlan push | 1 | id needs to be set for push
        protocol ip flower action vlan push id x | 255 | Error: argument "x" is wrong: id is invalid
        protocol ip flower action vlan pop id 5 | 255 | Error: argument "id" is wrong: only valid for push/modify
        protocol ip flower action vlan push id 5000 | 2 | Error: VLAN ids end at 4095.
        protocol ip flower action csum | 255 | Command line is not complete. Try option "help"
        protocol ip flower action csum bogus | 1 | Illegal csum construct, empty <UPDATE> list
        protocol ip flower action pedit ex munge ip bogus set 3 | 1 | bad pedit parsing\\nBad pedit construct (ip)
        protocol ip flower action pedit | 255 | Command line is not complete. Try option "help"
        protocol ip flower action police rate 1mbit | 1 | 'burst' requires 'rate'.\\nbad action parsing
        protocol ip flower action police rate x burst 10k | 255 | Error: argument "x" is wrong: rate
        protocol ip flower action police burst 10k | 1 | 'rate' or 'avrate' or 'mtu' or 'pkts_rate' MUST be specified
        protocol ip flower action goto chain | 255 | Command line is not complete. Try option "help"
        protocol ip flower action goto chain x | 255 | Illegal "chain index"
        protocol ip flower action goto bogus | 255 | "chain index" expected
        protocol ip flower action goto chain 268435456 | 2 | Error: Specified chain index exceeds upper limit.
        protocol ip flower ct_state +bogus action drop | 1 | Illegal "ct_state"
        protocol ip flower ct_state trk action drop | 1 | Illegal "ct_state"
        protocol ip flower ct_state +new action drop | 2 | Error: no trk, so no other flag can be set.
        protocol ip flower ct_state +trk+new+est action drop | 2 | Error: new and est are mutually exclusive.
        protocol ip flower ct_zone x action drop | 1 | Illegal "ct_zone"
        protocol ip flower ip_flags bogus action drop | 1 | Illegal "ip_flags"
        protocol ip flower type 8 action drop | 1 | Illegal "icmp type"
        protocol ip flower ip_proto icmp type x action drop | 1 | Illegal "icmp type"
        protocol arp flower arp_op x action drop | 1 | Illegal "arp_op"
        protocol ip flower arp_sip 1.2.3.4 action drop | 1 | Illegal "arp_sip"
        protocol ip flower num_of_vlans x action drop | 1 | Illegal "num_of_vlans"
        protocol mpls_uc flower mpls_label 1048576 action drop | 1 | Illegal "mpls_label"
        protocol ip flower mpls_label 1 action drop | 1 | Can't set "mpls_label" if ethertype isn't MPLS
        protocol ppp_ses flower pppoe_sid 70000 action drop | 1 | Illegal "pppoe_sid"
        protocol ip flower pppoe_sid 7 action drop | 1 | Can't set "pppoe_sid" if ethertype isn't PPPoE session
        protocol ip flower enc_key_id 5 action drop | 1 | flower key "enc_key_id": matches tunnel metadata
        protocol ip flower action tunnel_key unset | 1 | action "tunnel_key": sets tunnel metadata
        protocol ip flower action drop index 5 | 1 | action "drop": "index" is not supported
        protocol ip u32 | 2 | Error: TC classifier not found.\\nWe have an error talking to the kernel
        flower action drop | 2 | Error: Filter kind and protocol must be specified.
        protocol ip parent 1: flower action drop | 2 | Error: Parent Qdisc doesn't exists.
        protocol ip chain 268435456 flower action drop | 2 | Error: Specified chain index exceeds upper limit.
        protocol ip flower skip_sw skip_hw action drop | 2 | RTNETLINK answers: Invalid argument
        protocol ip flower skip_sw action drop | 2 | RTNETLINK answers: Operation not supported
        """;

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
    @CsvSource(delimiter = '|', value = {
        "protocol ip flower ip_proto udp src_port 5-9 ip_tos 4/0c ip_ttl 64 | eth_type ipv4,ip_proto udp,ip_tos 0x4/c,ip_ttl 0x40/ff,src_port 5-9",
        "protocol ip flower ip_proto tcp tcp_flags 2/12 dst_port 80/0xfff0 | eth_type ipv4,ip_proto tcp,dst_port 80/0xfff0,tcp_flags 0x2/12",
        "protocol ipv6 flower dst_ip fd00::/64 src_ip fd00::1 ip_proto icmpv6 type 128 | eth_type ipv6,ip_proto icmpv6,dst_ip fd00::/64,src_ip fd00::1,icmp_type 128",
        "protocol 802.1q flower vlan_id 5 vlan_prio 3 vlan_ethtype ip src_mac 02:00:00:00:00:00/24 | vlan_id 5,vlan_prio 3,vlan_ethtype ip,src_mac 02:00:00:00:00:00/ff:ff:ff:00:00:00,eth_type ipv4",
        "protocol arp flower arp_op reply arp_sip 10.0.0.0/8 arp_tha 02:00:00:00:00:07 | eth_type arp,arp_sip 10.0.0.0/8,arp_op reply,arp_tha 02:00:00:00:00:07",
        "protocol ip flower ip_flags frag/nofirstfrag indev lan | indev lan,eth_type ipv4,ip_flags frag/nofirstfrag",
        "protocol ip flower ct_state +trk-new ct_zone 5 ct_mark 1/3 | eth_type ipv4,ct_state +trk-new,ct_zone 5,ct_mark 1/0x3",
        "protocol mpls_uc flower mpls_label 17 mpls_bos 1 | eth_type 8847,mpls_label 17,mpls_bos 1",
        "protocol ppp_ses flower pppoe_sid 9 ppp_proto ip dst_ip 10.0.0.1 | eth_type ipv4,dst_ip 10.0.0.1,pppoe_sid 9,ppp_proto ip",
        "protocol all flower dst_mac ff:ff:ff:ff:ff:ff | dst_mac ff:ff:ff:ff:ff:ff"})
    void showsKeysInOneOrder(String keys, String lines) throws IOException {
        try (var router = new LiveRouter(folder)) {
            router.fine("tc qdisc add dev lan clsact");
            router.fine(ADD + keys.strip() + " action pass");
            assertThat(router.fine("tc filter show dev lan ingress").lines().skip(2)
                .takeWhile(line -> !line.equals("  not_in_hw")).map(String::strip)).containsExactly(lines.strip().split(","));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mirred egress redirect dev wan | mirred (Egress Redirect to device wan) stolen; index 1 ref 1 bind 1",
        "mirred egress mirror dev wan | mirred (Egress Mirror to device wan) pipe; index 1 ref 1 bind 1",
        "vlan push id 5 | vlan  push id 5 protocol 802.1Q priority 0 pipe; index 1 ref 1 bind 1",
        "vlan modify id 5 protocol 802.1ad priority 3 pass | vlan  modify id 5 protocol 802.1ad priority 3 pass; index 1 ref 1 bind 1",
        "vlan pop goto chain 3 | vlan  pop goto chain 3; index 1 ref 1 bind 1",
        "csum ip4h and tcp | csum (iph, tcp) action pass; index 1 ref 1 bind 1",
        "pedit ex munge ip src set 192.168.1.1 munge ip ttl add 0xff pipe | pedit action pipe keys 2; index 1 ref 1 bind 1; key #0  at ipv4+12: val c0a80101 mask 00000000; key #1  at ipv4+8: add ff000000 mask 00ffffff",
        "pedit munge ip tos set 4 | pedit action pass keys 1; index 1 ref 1 bind 1; key #0  at 0: val 00040000 mask ff00ffff",
        "pedit ex munge eth dst set 02:00:00:00:00:09 | pedit action pass keys 2; index 1 ref 1 bind 1; key #0  at eth+0: val 02000000 mask 00000000; key #1  at eth+4: val 00090000 mask 0000ffff",
        "pedit ex munge tcp flags invert | pedit action pass keys 1; index 1 ref 1 bind 1; key #0  at tcp+12: val 00ff0000 mask ffffffff",
        "police rate 1mbit burst 10k drop | police 0x1 rate 1Mbit burst 10Kb mtu 2Kb action drop overhead 0b; ref 1 bind 1",
        "police rate 1kbps burst 3000 mtu 1500 conform-exceed drop/pipe | police 0x1 rate 8Kbit burst 3000b mtu 1500b action drop/pipe overhead 0b; ref 1 bind 1",
        "drop | gact action drop; random type none pass val 0; index 1 ref 1 bind 1",
        "gact goto chain 7 | gact action goto chain 7; random type none pass val 0; index 1 ref 1 bind 1"})
    void showsActionsAsTcDoes(String action, String lines) throws IOException {
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
            router.fine("tc filter replace dev lan ingress protocol ip pref 7 handle 9 flower dst_ip 10.0.0.9 action drop");
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
                "\tAction statistics:\n\tSent " + (dropped.length - 14) + " bytes 1 pkt (dropped 1, overlimits 0 requeues 0) \n"
                    + "\tbacklog 0b 0p requeues 0\n\n").contains(" sec firstused ");
            router.fine("tc filter del dev lan ingress");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            assertThat(router.nextSent(router.wan)[33]).isEqualTo((byte) 1);
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
            assertThat(Arrays.copyOfRange(routed, 30, 38)).containsExactly(10, 9, 0, 77, 0x0f, 0xa0, 5353 >> 8, 5353 & 0xff);
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
            router.fine("tc filter add dev wan egress protocol ip flower dst_ip 10.9.0.1 action mirred egress redirect dev wan");
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.1"));
            router.lan.toReceive.add(LiveRouter.toForward("10.9.0.2"));
            assertThat(router.nextSent(router.wan)[33]).isEqualTo((byte) 2);
            assertThat(router.ledger().count(Verdict.FLOWER_LOOPED)).isEqualTo(1);
        }
    }
}
