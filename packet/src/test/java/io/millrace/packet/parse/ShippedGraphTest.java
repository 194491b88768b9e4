package io.millrace.packet.parse;

import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.parse.cpr.ShippedGraph;
import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What the shipped graphs make of packets built by hand.
class ShippedGraphTest {

    private static final int ETHERNET = 1;

    private TwoParsers parsers = new TwoParsers(ShippedGraph.DEFAULT.load());
    private int outcome;

    @Test
    void readsPlainUdp() {
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).payload(new byte[30]).bytes());
        assertUnderstood("eth", "ip", "udp");
        int at = at(0);
        assertThat(records().sourceLow(at)).isEqualTo(0x0a000001);
        assertThat(records().targetLow(at)).isEqualTo(0x0a000002);
        assertThat(List.of(records().sourcePort(at), records().targetPort(at), records().proto(at), records()
            .family(at)))
            .containsExactly(1000, 2000, 17, 4);
        assertThat(List.of(records().l2(at), records().l3(at), records().l4(at), records().payload(at), records()
            .end(at)))
            .containsExactly(0, 14, 34, 42, 72);
        assertThat(List.of(records().checksumStart(at), records().checksumOffset(at))).containsExactly(34, 6);
    }

    @Test
    void paddingBehindThePacketIsNotItsEnd() {
        byte[] frame = ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).bytes();
        parse(Arrays.copyOf(frame, 60));
        assertThat(records().end(at(0))).isEqualTo(42);
        assertThat(records().flags(at(0))).isZero();
    }

    @Test
    void readsTags() {
        parse(ethernet().serviceVlan(10).vlan(20).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes());
        assertUnderstood("eth", "ieee8021ad", "vlan", "ip", "udp");
        assertThat(records().vlan0(at(0))).isEqualTo(0x88a8000a);
        assertThat(records().vlan1(at(0))).isEqualTo(0x81000014);
        parse(ethernet().vlan(1).vlan(2).vlan(3).vlan(4).ipv6("2001:db8::1", "2001:db8::2").udp(1, 2).bytes());
        assertUnderstood("eth", "vlan", "vlan", "vlan", "vlan", "ipv6", "udp");
        assertThat(records().vlan0(at(0)) & 0xfff).isEqualTo(1);
        assertThat(records().vlan1(at(0)) & 0xfff).isEqualTo(2);
        parse(ethernet().vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes());
        assertThat(ParseOutcome.result(outcome)).isEqualTo(ParseResult.UNKNOWN_PROTO);
    }

    @Test
    void flagsFragmentsAndReadsNoPortsOfLaterOnes() {
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").moreFragments().udp(1, 2).payload(new byte[16]).bytes());
        assertUnderstood("eth", "ip", "udp");
        assertThat(records().flags(at(0))).isEqualTo(ParseFlags.FRAGMENT | ParseFlags.FIRST_FRAGMENT);
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").fragmentOffsetBytes(8).protocol(17).payload(new byte[16])
            .bytes());
        assertUnderstood("eth", "ip");
        assertThat(records().flags(at(0))).isEqualTo(ParseFlags.FRAGMENT);
        assertThat(records().sourcePort(at(0))).isZero();
        assertThat(records().l4(at(0))).isEqualTo(34);
        parse(ethernet().ipv6("2001:db8::1", "2001:db8::2").fragment(7, 0, false).udp(1, 2).bytes());
        assertUnderstood("eth", "ipv6", "ipv6.fraghdr", "udp");
        assertThat(records().flags(at(0))).as("an atomic fragment is none").isEqualTo(ParseFlags.IPV6_EXTENSIONS);
        assertThat(records().proto(at(0))).isEqualTo(17);
    }

    @Test
    void readsTunnelsAsRecords() {
        byte[] inner = ethernet().vlan(7).ipv6("2001:db8::1", "2001:db8::2").tcp(5, 6).bytes();
        parse(ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(999, 4789).vxlan(0x123456).payload(inner).bytes());
        assertUnderstood("eth", "ip", "udp", "vxlan", "eth", "vlan", "ipv6", "tcp");
        assertThat(ParseOutcome.recordCount(outcome)).isEqualTo(2);
        assertThat(records().keyId(at(0))).isEqualTo(0x123456);
        assertThat(records().flags(at(0))).isEqualTo(ParseFlags.TUNNEL);
        assertThat(records().targetPort(at(0))).isEqualTo(4789);
        assertThat(records().targetPort(at(1))).isEqualTo(6);
        assertThat(records().vlan0(at(1))).isEqualTo(0x81000007);
        assertThat(records().l2(at(1))).isEqualTo(50);
        assertThat(parsers.meta().innerL3(parsers.packet())).isEqualTo(68);

        parse(ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(999, 4789).vxlan(0x123456).flags(0).payload(inner).bytes());
        assertUnderstood("eth", "ip", "udp");
        assertThat(records().flags(at(0))).as("no I bit, no VXLAN").isZero();
    }

    @Test
    void readsTunnelsInTunnels() {
        parse(ethernet().ipv4("192.0.2.1", "192.0.2.2").gre().withChecksum().key(77).sequence(5)
            .ipv4("10.0.0.1", "10.0.0.2").ipv6("2001:db8::1", "2001:db8::2").udp(1, 2152).gtpu(99)
                .extension(0x85, (byte) 1, (byte) 2)
            .ipv4("10.9.0.1", "10.9.0.2").udp(53, 54).bytes());
        assertUnderstood("eth", "ip", "gre", "ip", "ipv6", "udp", "gtp", "ip", "udp");
        assertThat(ParseOutcome.recordCount(outcome)).isEqualTo(4);
        assertThat(records().keyId(at(0))).isEqualTo(77);
        assertThat(records().proto(at(0))).isEqualTo(47);
        assertThat(records().proto(at(1))).isEqualTo(41);
        assertThat(records().keyId(at(2))).isEqualTo(99);
        assertThat(records().sourcePort(at(3))).isEqualTo(53);
        assertThat(ParseOutcome.flags(outcome)).isEqualTo(ParseFlags.TUNNEL);
    }

    @Test
    void readsSessionsLabelsAndKeys() {
        parse(ethernet().pppoe(0x11).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes());
        assertUnderstood("eth", "pppoes", "ppp", "ip", "udp");
        assertThat(records().session(at(0))).isEqualTo(0x11);
        parse(ethernet().mpls(100).mpls(200).ipv6("2001:db8::1", "2001:db8::2").udp(1, 2).bytes());
        assertUnderstood("eth", "mpls", "ipv6", "udp");
        assertThat(records().keyId(at(0))).isEqualTo(200);
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").esp(0xdeadbeefL, 1).payload(new byte[32]).bytes());
        assertUnderstood("eth", "ip", "esp");
        assertThat(records().keyId(at(0))).isEqualTo(0xdeadbeef);
    }

    @Test
    void echoHasItsIdentifierInBothPorts() {
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(8, 0).identifier(0x1234).bytes());
        assertUnderstood("eth", "ip", "icmp");
        assertThat(records().sourcePort(at(0))).isEqualTo(0x1234);
        assertThat(records().targetPort(at(0))).isEqualTo(0x1234);
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(3, 1).identifier(0x1234).bytes());
        assertThat(records().sourcePort(at(0))).isZero();
    }

    @Test
    void segmentsLeftAreFlagged() {
        parse(ethernet().ipv6("2001:db8::1", "2001:db8::2").segmentRouting(1, "2001:db8::9", "2001:db8::2").tcp(1, 2)
            .bytes());
        assertUnderstood("eth", "ipv6", "ipv6.routing", "tcp");
        assertThat(records().flags(at(0))).isEqualTo(ParseFlags.IPV6_EXTENSIONS | ParseFlags.ROUTING_SEGMENTS_LEFT);
    }

    @Test
    void tcpFlagsThatOpenOrCloseAreFlagged() {
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).flags(0x12).bytes());
        assertThat(records().tcpFlags(at(0))).isEqualTo(0x12);
        assertThat(records().flags(at(0))).isEqualTo(ParseFlags.TCP_FIN_SYN_RST);
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).flags(0x18).bytes());
        assertThat(records().flags(at(0))).isZero();
    }

    @Test
    void quoteReadsWhatAnIcmpErrorHolds() {
        byte[] quoted = Frame.ipv4("10.0.0.1", "10.0.0.2").tcp(1000, 80).payload(new byte[500]).bytes();
        byte[] frame = ethernet().ipv4("192.0.2.1", "10.0.0.1").icmp(3, 1).payload(Arrays.copyOf(quoted, 28)).bytes();
        parsers = new TwoParsers(ShippedGraph.QUOTE.load());
        outcome = parsers.parse(frame, 42, frame.length);
        assertUnderstood("ip", "tcp");
        assertThat(records().sourcePort(at(0))).isEqualTo(1000);
        assertThat(records().targetPort(at(0))).isEqualTo(80);
        assertThat(records().l3(at(0))).isEqualTo(42);
        assertThat(records().flags(at(0))).isEqualTo(ParseFlags.CUT);
    }

    @Test
    void simpleGraphKnowsNoTunnel() {
        parsers = new TwoParsers(ShippedGraph.L3.load());
        parse(ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(999, 4789).vxlan(7).payload(new byte[60]).bytes());
        assertUnderstood("eth", "ip", "udp");
        parse(ethernet().ipv4("192.0.2.1", "192.0.2.2").icmp(8, 0).bytes());
        assertThat(ParseOutcome.result(outcome)).isEqualTo(ParseResult.UNKNOWN_PROTO);
    }

    @Test
    void optionsGraphReadsOptions() {
        parsers = new TwoParsers(ShippedGraph.OPTIONS.load());
        parse(ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).flags(2)
            .options(HexFormat.of().parseHex("020405b4" + "01" + "030307" + "080a0000000900000008")).bytes());
        assertUnderstood("eth", "ip", "tcp");
        assertThat(records().session(at(0))).as("MSS").isEqualTo(1460);
        assertThat(records().vlan1(at(0))).as("window scale").isEqualTo(7);
        assertThat(records().keyId(at(0))).as("timestamp").isEqualTo(9);
        assertThat(records().vlan0(at(0))).as("timestamp echoed").isEqualTo(8);
    }

    private void parse(byte[] frame) {
        outcome = parsers.parse(frame, ETHERNET);
    }

    private void assertUnderstood(String... layers) {
        assertThat(ParseOutcome.result(outcome)).isEqualTo(ParseResult.OKAY);
        assertThat(parsers.layers()).containsExactly(layers);
    }

    private static EthernetLayer ethernet() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
    }

    private ParseRecords records() {
        return parsers.records();
    }

    private int at(int record) {
        return parsers.recordAt(record);
    }
}
