package io.millrace.testkit;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// What tshark reads in a frame of every kind of layer: the fields that were written, and nothing to complain about.
class FrameTsharkTest {

    private static final String ALICE = "02:00:00:00:00:01";
    private static final String BOB = "02:00:00:00:00:02";

    /// Present in every case: what tshark complains about, by severity (error) and as malformed.
    private static final List<String> COMPLAINTS = List.of("_ws.malformed", "_ws.expert.severity");
    private static final String ERROR = "8388608";

    /// A frame, and what tshark must say; fields and values in turn.
    private record Case(String name, byte[] frame, Map<String, String> fields) {

        static Case of(String name, Layer layer, String... fieldsAndValues) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 0; i < fieldsAndValues.length; i += 2) {
                fields.put(fieldsAndValues[i], fieldsAndValues[i + 1]);
            }
            return new Case(name, layer.bytes(), fields);
        }

        boolean isWrongOnPurpose() {
            return name.contains("wrong");
        }
    }

    @TestFactory
    Stream<DynamicTest> tsharkReadsWhatWasWritten(@TempDir Path folder) {
        Tshark.required();
        List<Case> cases = Stream.of(link(), ipv4(), ipv6(), transports(), messages(), tunnels())
            .flatMap(List::stream).toList();
        Set<String> names = new LinkedHashSet<>(COMPLAINTS);
        cases.forEach(one -> names.addAll(one.fields.keySet()));
        Path file = folder.resolve("cases.pcap");
        CaptureFile.write(file, cases.stream().map(Case::frame).toArray(byte[][]::new));
        List<String> columns = new ArrayList<>(names);
        List<List<String>> rows = Tshark.fields(file, columns.toArray(String[]::new));
        assertThat(rows).hasSameSizeAs(cases);

        return Stream.iterate(0, i -> i < cases.size(), i -> i + 1).map(i -> {
            Case one = cases.get(i);
            return DynamicTest.dynamicTest(one.name, () -> {
                Map<String, String> said = new LinkedHashMap<>();
                one.fields.keySet().forEach(name -> said.put(name, rows.get(i).get(columns.indexOf(name))));
                assertThat(said).as(Hex.dump(one.frame)).isEqualTo(one.fields);
                assertThat(rows.get(i).get(0)).as("malformed: %s", Hex.dump(one.frame)).isEmpty();
                if (one.isWrongOnPurpose()) return;
                assertThat(rows.get(i).get(1).split(",")).as("complaints: %s", Hex.dump(one.frame))
                    .doesNotContain(ERROR);
            });
        });
    }

    private static Layer ethernet() {
        return Frame.ethernet(ALICE, BOB);
    }

    private static Layer inIpv4() {
        return ethernet().ipv4("192.0.2.1", "198.51.100.2");
    }

    private static Layer inIpv6() {
        return ethernet().ipv6("2001:db8::1", "2001:db8::2").hopLimit(255);
    }

    private static List<Case> link() {
        return List.of(
            Case.of("ethernet", ethernet().payloadOf(46),
                "eth.src", ALICE, "eth.dst", BOB, "eth.type", "0x88b5"),
            Case.of("IEEE 802.3 length", Frame.ethernet(ALICE, BOB).etherType(10)
                    .payload(Hex.parse("aaaa03 000000 88b5 0102")),
                "eth.len", "10", "llc.dsap", "0xaa", "llc.type", "0x88b5"),
            Case.of("stacked tags", Frame.ethernet(ALICE, BOB).serviceVlan(100).priority(5)
                    .vlan(4095).dropEligible().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2),
                "ieee8021ad.id", "100", "ieee8021ad.priority", "5", "vlan.id", "4095", "vlan.dei", "1",
                "udp.checksum.status", "1"),
            Case.of("ARP request", ethernet().arpRequest(ALICE, "10.0.0.1", "10.0.0.2"),
                "arp.opcode", "1", "arp.src.hw_mac", ALICE, "arp.src.proto_ipv4", "10.0.0.1",
                "arp.dst.proto_ipv4", "10.0.0.2", "arp.dst.hw_mac", "00:00:00:00:00:00"),
            Case.of("ARP reply", ethernet().arpReply(ALICE, "10.0.0.1", BOB, "10.0.0.2"),
                "arp.opcode", "2", "arp.dst.hw_mac", BOB),
            Case.of("PPPoE session", Frame.ethernet(ALICE, BOB).pppoe(0x11).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2)
                    .payloadOf(9),
                "pppoe.session_id", "0x0011", "pppoe.payload_length", "39", "ppp.protocol", "0x0021",
                "udp.checksum.status", "1"),
            Case.of("PPPoE with IPv6", ethernet().pppoe(1).ipv6("fd00::1", "fd00::2").udp(1, 2),
                "ppp.protocol", "0x0057", "udp.checksum.status", "1"),
            Case.of("PPPoE discovery", ethernet().pppoe(0).code(0x09).payload(Hex.parse("01010000")),
                "eth.type", "0x8863", "pppoe.code", "0x09"),
            Case.of("MPLS stack", ethernet().mpls(16).trafficClass(3).ttl(7).mpls(1_048_575)
                    .ipv4("10.0.0.1", "10.0.0.2").udp(1, 2),
                "mpls.label", "16,1048575", "mpls.bottom", "0,1", "mpls.exp", "3,0", "mpls.ttl", "7,64",
                "udp.checksum.status", "1"));
    }

    private static List<Case> ipv4() {
        return List.of(
            Case.of("IPv4 fields", ethernet().ipv4("192.0.2.1", "198.51.100.2").tos(0xb9).identification(0xabcd)
                    .dontFragment().ttl(3).udp(1, 2).payloadOf(5),
                "ip.dsfield", "0xb9", "ip.id", "0xabcd", "ip.flags.df", "1", "ip.ttl", "3", "ip.len", "33",
                "ip.proto", "17", "ip.checksum.status", "1", "udp.checksum.status", "1"),
            Case.of("IPv4 options", ethernet().ipv4("192.0.2.1", "198.51.100.2").options(0x94, 4, 0, 0, 1).udp(1, 2),
                "ip.hdr_len", "28", "ip.opt.type", "148,1,0", "ip.checksum.status", "1", "udp.checksum.status", "1"),
            Case.of("IPv4 fragment", ethernet().ipv4("192.0.2.1", "198.51.100.2").moreFragments()
                    .fragmentOffsetBytes(64).protocol(17).payloadOf(16),
                "ip.frag_offset", "8", "ip.flags.mf", "1", "ip.checksum.status", "1"),
            Case.of("IPv4 reserved flag", ethernet().ipv4("192.0.2.1", "198.51.100.2").reservedFlag().udp(1, 2),
                "ip.flags.rb", "1"),
            Case.of("IPv4 wrong checksum", ethernet().ipv4("192.0.2.1", "198.51.100.2").checksum(1).udp(1, 2),
                "ip.checksum.status", "0", "udp.checksum.status", "1"),
            Case.of("nested IP", ethernet().ipv4("10.0.0.1", "10.0.0.2").ipv6("fd00::1", "fd00::2")
                    .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2),
                "ip.proto", "41,6", "ipv6.nxt", "4", "ip.src", "10.0.0.1,10.1.0.1", "tcp.checksum.status", "1"));
    }

    private static List<Case> ipv6() {
        return List.of(
            Case.of("IPv6 fields", ethernet().ipv6("2001:db8::1", "2001:db8::2").trafficClass(0xb9).flowLabel(0xabcde)
                    .hopLimit(3).udp(1, 2).payloadOf(5),
                "ipv6.tclass", "0x000000b9", "ipv6.flow", "0x0abcde", "ipv6.hlim", "3", "ipv6.plen", "13",
                "ipv6.nxt", "17", "udp.checksum.status", "1"),
            Case.of("IPv6 without payload", inIpv6(), "ipv6.nxt", "59", "ipv6.plen", "0"),
            Case.of("hop-by-hop", inIpv6().hopByHop().routerAlert(0).udp(1, 2),
                "ipv6.hopopts.nxt", "17", "ipv6.opt.router_alert", "0", "ipv6.hopopts.len", "0",
                "udp.checksum.status", "1"),
            Case.of("destination options", inIpv6().destinationOptions().option(0x1e, new byte[11]).tcp(1, 2),
                "ipv6.dstopts.len", "1", "ipv6.opt.type", "0x1e,0x00", "tcp.checksum.status", "1"),
            Case.of("segment routing on its way", inIpv6().segmentRouting(1, "2001:db8::9", "2001:db8::2").udp(1, 2),
                "ipv6.routing.type", "4", "ipv6.routing.segleft", "1", "ipv6.routing.srh.last_entry", "1",
                "ipv6.routing.srh.addr", "2001:db8::9,2001:db8::2", "udp.checksum.status", "1"),
            Case.of("segment routing used up", inIpv6().segmentRouting(0, "2001:db8::2").udp(1, 2),
                "ipv6.routing.segleft", "0", "udp.checksum.status", "1"),
            Case.of("routing header of type 2", inIpv6()
                    .routing(2, 1, new Octets().u32(0).bytes(Addresses.ipv6("2001:db8::9")).toBytes()).udp(1, 2),
                "ipv6.routing.type", "2", "ipv6.routing.len", "2", "udp.checksum.status", "1"),
            Case.of("IPv6 fragment", inIpv6().fragment(0xdeadbeefL, 1_232, true).nextHeader(17).payloadOf(8),
                "ipv6.fraghdr.ident", "0xdeadbeef", "ipv6.fraghdr.offset", "154", "ipv6.fraghdr.more", "1",
                "ipv6.fraghdr.nxt", "17"),
            Case.of("authentication header", inIpv6().authentication(0x100, 7).checkValue(new byte[16])
                    .nextHeader(17).udp(1, 2),
                "ah.spi", "0x00000100", "ah.sequence", "7", "ah.length", "5", "udp.checksum.status", "1"),
            Case.of("ESP", inIpv4().esp(0x42, 9).payloadOf(32), "ip.proto", "50", "esp.spi", "0x00000042",
                "esp.sequence", "9"));
    }

    private static List<Case> transports() {
        return List.of(
            Case.of("TCP options", inIpv4().tcp(1234, 80).syn().ece().cwr().sequence(0xfffffff0L).window(1_000)
                    .mss(1460).sackPermitted().timestamps(0xffffffffL, 2).windowScale(7),
                "tcp.flags", "0x00c2", "tcp.seq_raw", "4294967280", "tcp.window_size_value", "1000",
                "tcp.hdr_len", "40", "tcp.options.mss_val", "1460", "tcp.options.timestamp.tsval", "4294967295",
                "tcp.options.wscale.shift", "7", "tcp.checksum.status", "1"),
            Case.of("TCP acknowledgement by default", inIpv6().tcp(1, 2).payloadOf(33),
                "tcp.flags", "0x0010", "tcp.len", "33", "tcp.checksum.status", "1"),
            Case.of("TCP urgent data and selective acknowledgement", inIpv4().tcp(1, 2).sequence(5)
                    .acknowledgement(77).psh().urgent(3).nop().nop().sack(100, 200, 300, 400).payloadOf(4),
                "tcp.flags", "0x0038", "tcp.ack_raw", "77", "tcp.urgent_pointer", "3",
                "tcp.options.sack_le", "100,300", "tcp.checksum.status", "1"),
            Case.of("TCP wrong checksum", inIpv4().tcp(1, 2).checksum(0x1234), "tcp.checksum.status", "0"),
            Case.of("UDP odd payload", inIpv4().udp(1, 2).payloadOf(7),
                "udp.length", "15", "udp.checksum.status", "1"),
            Case.of("UDP without checksum", inIpv4().udp(1, 2).noChecksum(), "udp.checksum.status", "3"),
            Case.of("UDP shorter than its packet", inIpv4().udp(1, 2).datagramBytes(11).payloadOf(6),
                "udp.length", "11", "udp.checksum.status", "1"),
            Case.of("UDP-Lite covers all", inIpv4().udpLite(1, 2).payloadOf(7),
                "ip.proto", "136", "udp.checksum.status", "1"),
            Case.of("UDP-Lite covers its header", inIpv6().udpLite(1, 2).coverageBytes(8).payloadOf(9),
                "udp.checksum_coverage", "8", "udp.checksum.status", "1"),
            Case.of("SCTP", inIpv4().sctp(5, 6).verificationTag(0xcafe0001L).data(1, 2, 3, (byte) 4)
                    .chunk(11, 0),
                "sctp.srcport", "5", "sctp.verification_tag", "0xcafe0001", "sctp.chunk_type", "0,11",
                "sctp.checksum.status", "1"),
            Case.of("SCTP wrong checksum", inIpv4().sctp(5, 6).checksum(1).chunk(11, 0),
                "sctp.checksum.status", "0"));
    }

    private static List<Case> messages() {
        byte[] offender = Frame.ipv4("192.0.2.1", "198.51.100.2").udp(1, 2).payloadOf(4).bytes();
        byte[] offender6 = Frame.ipv6("2001:db8::1", "2001:db8::2").udp(1, 2).payloadOf(4).bytes();
        return List.of(
            Case.of("ICMP echo", inIpv4().icmpEchoRequest(0x1234, 7).payloadOf(33),
                "icmp.type", "8", "icmp.ident", "4660", "icmp.seq", "7", "icmp.checksum.status", "1"),
            Case.of("ICMP fragmentation needed", inIpv4().icmp(3, 4).mtu(1400).quote(offender),
                "icmp.code", "4", "icmp.mtu", "1400", "ip.src", "192.0.2.1,192.0.2.1", "udp.dstport", "2",
                "icmp.checksum.status", "1"),
            Case.of("ICMP redirect", inIpv4().icmp(5, 1).gateway("10.0.0.9").quote(offender),
                "icmp.redir_gw", "10.0.0.9", "icmp.checksum.status", "1"),
            Case.of("ICMP parameter problem", inIpv4().icmp(12, 0).pointer(20).quote(offender),
                "icmp.pointer", "20"),
            Case.of("ICMPv6 echo", inIpv6().icmpv6EchoReply(0x1234, 7).payloadOf(9),
                "icmpv6.type", "129", "icmpv6.echo.sequence_number", "7", "icmpv6.checksum.status", "1"),
            Case.of("ICMPv6 packet too big", inIpv6().icmpv6(2, 0).mtu(1280).quote(offender6),
                "icmpv6.mtu", "1280", "udp.srcport", "1", "icmpv6.checksum.status", "1"),
            Case.of("ICMPv6 parameter problem", inIpv6().icmpv6(4, 1).pointer(40).quote(offender6),
                "icmpv6.pointer", "40"),
            Case.of("router solicitation", inIpv6().routerSolicitation().sourceLinkLayer(ALICE),
                "icmpv6.type", "133", "icmpv6.opt.linkaddr", ALICE, "icmpv6.checksum.status", "1"),
            Case.of("router advertisement", inIpv6().routerAdvertisement().sourceLinkLayer(ALICE).mtu(1400)
                    .prefix("2001:db8:1::", 64),
                "icmpv6.type", "134", "icmpv6.nd.ra.router_lifetime", "1800", "icmpv6.opt.mtu", "1400",
                "icmpv6.opt.prefix", "2001:db8:1::", "icmpv6.checksum.status", "1"),
            Case.of("neighbour solicitation", inIpv6().neighbourSolicitation("fe80::2").sourceLinkLayer(ALICE),
                "icmpv6.type", "135", "icmpv6.nd.ns.target_address", "fe80::2", "icmpv6.opt.linkaddr", ALICE,
                "icmpv6.checksum.status", "1"),
            Case.of("neighbour advertisement", inIpv6().neighbourAdvertisement("fe80::2").router().solicited()
                    .override().targetLinkLayer(BOB),
                "icmpv6.type", "136", "icmpv6.nd.na.flag", "0xe0000000", "icmpv6.opt.linkaddr", BOB,
                "icmpv6.checksum.status", "1"));
    }

    private static List<Case> tunnels() {
        return List.of(
            Case.of("GRE", inIpv4().gre().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2),
                "ip.proto", "47,17", "gre.proto", "0x0800", "udp.checksum.status", "1"),
            Case.of("GRE with every field", inIpv6().gre().withChecksum().key(0xfde8).sequence(9)
                    .ethernet(ALICE, BOB).ipv6("fd00::1", "fd00::2").udp(1, 2),
                "gre.proto", "0x6558", "gre.key", "0x0000fde8", "gre.sequence_number", "9",
                "gre.checksum.status", "1", "udp.checksum.status", "1"),
            Case.of("GRE with reserved bits", inIpv4().gre().flags(0x00f8).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2),
                "gre.flags_and_version", "0x00f8"),
            Case.of("GRE wrong checksum", inIpv4().gre().checksum(1).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2),
                "gre.checksum.status", "0"),
            Case.of("VXLAN", inIpv4().udp(50_000, VxlanLayer.UDP_PORT).vxlan(0xabcdef).ethernet(ALICE, BOB).vlan(5)
                    .ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2),
                "vxlan.vni", "11259375", "vlan.id", "5", "udp.checksum.status", "1", "tcp.checksum.status", "1"),
            Case.of("Geneve with options", inIpv4().udp(50_000, GeneveLayer.UDP_PORT).geneve(0x7b).critical()
                    .option(0x0102, 0x80, new byte[] {1, 2, 3}).option(0x0103, 1).ethernet(ALICE, BOB)
                    .ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2),
                "geneve.vni", "0x00007b", "geneve.option.class", "0x0102,0x0103", "geneve.proto_type", "0x6558",
                "tcp.checksum.status", "1"),
            Case.of("Geneve around IP", inIpv4().udp(50_000, GeneveLayer.UDP_PORT).geneve(1)
                    .ipv6("fd00::1", "fd00::2").tcp(1, 2),
                "geneve.proto_type", "0x86dd", "tcp.checksum.status", "1"),
            Case.of("GTP-U", inIpv4().udp(2152, GtpuLayer.UDP_PORT).gtpu(0xe2c1dc7).ipv4("10.0.0.1", "10.0.0.2")
                    .tcp(1, 2),
                "gtp.teid", "0x0e2c1dc7", "gtp.length", "40", "tcp.checksum.status", "1"),
            Case.of("GTP-U with extensions", inIpv4().udp(2152, GtpuLayer.UDP_PORT).gtpu(5).sequence(77)
                    .extension(0x85, (byte) 0, (byte) 9).extension(0xc0, (byte) 1, (byte) 2)
                    .ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2),
                "gtp.seq_number", "0x004d", "gtp.ext_hdr.next", "0x85,0xc0,0x00", "tcp.checksum.status", "1"));
    }
}
