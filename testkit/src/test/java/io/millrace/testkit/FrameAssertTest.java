package io.millrace.testkit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class FrameAssertTest {

    private static final String ALICE = "02:00:00:00:00:01";
    private static final String BOB = "02:00:00:00:00:02";
    private static final byte[] QUOTED = Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payloadOf(30).bytes();

    private static final byte[] ARP = Frame.ethernet(ALICE, BOB).arpRequest(ALICE, "10.0.0.1", "10.0.0.2").bytes();
    private static final byte[] TCP = Frame.ethernet(ALICE, BOB).vlan(10).vlan(20)
        .ipv4("10.0.0.1", "10.0.0.2").ttl(63).tos(4).identification(7).dontFragment().options(1, 1, 1, 0)
        .tcp(1000, 2000).sequence(5).acknowledgement(6).window(9)
        .timestamps(0x02040000, 1).nop().nop().mss(1400).payloadOf(3).bytes();
    private static final byte[] UDP6 = Frame.ethernet(ALICE, BOB)
        .ipv6("fd00::1", "fd00::2").hopLimit(62).trafficClass(0xb8).flowLabel(0x12345)
        .udp(1000, 2000).payloadOf(4).bytes();
    private static final byte[] PIECE = Frame.ethernet(ALICE, BOB)
        .ipv6("fd00::1", "fd00::2").fragment(77, 16, true).nextHeader(17).payloadOf(8).bytes();
    private static final byte[] ERROR = Frame.ethernet(ALICE, BOB)
        .ipv4("10.0.0.9", "10.0.0.1").icmp(3, 4).mtu(1400).quote(Arrays.copyOf(QUOTED, 40)).bytes();
    private static final byte[] ECHO6 = Frame.ethernet(ALICE, BOB)
        .ipv6("fd00::1", "fd00::2").icmpv6EchoReply(0x1234, 9).bytes();
    private static final byte[] NEIGHBOUR = Frame.ethernet(ALICE, BOB).ipv6("fd00::1", "fd00::2").hopLimit(255)
        .neighbourAdvertisement("fd00::7").targetLinkLayer(ALICE).bytes();
    private static final byte[] LITE = Frame.ethernet(ALICE, BOB).ipv4("10.0.0.1", "10.0.0.2").udpLite(3, 4).bytes();
    private static final byte[] SCTP = Frame.ethernet(ALICE, BOB).ipv4("10.0.0.1", "10.0.0.2").sctp(3, 4)
        .chunk(11, 0).bytes();

    /// A frame, a sentence that is true of it, and one that is false.
    private record Claim(byte[] frame, Consumer<FrameAssert> right, Consumer<FrameAssert> wrong) {}

    static Stream<Claim> claims() {
        return Stream.of(link(), network(), transport(), messages()).flatMap(claims -> claims);
    }

    private static Stream<Claim> link() {
        return Stream.of(
            new Claim(ARP, FrameAssert::isArpRequest, FrameAssert::isArpReply),
            new Claim(ARP, it -> it.from("10.0.0.1").to("10.0.0.2"), it -> it.from("10.0.0.2")),
            new Claim(ARP, it -> it.fromArpMac(ALICE), it -> it.fromArpMac(BOB)),
            new Claim(ARP, it -> it.toArpMac("00:00:00:00:00:00"), it -> it.toArpMac(BOB)),
            new Claim(ARP, it -> it.frameBytes(42), FrameAssert::isIpv4),
            new Claim(TCP, it -> it.fromMac(ALICE), it -> it.fromMac(BOB)),
            new Claim(TCP, it -> it.toMac(BOB), it -> it.toMac(ALICE)),
            new Claim(TCP, it -> it.vlan(10, 20), it -> it.vlan(20, 10)),
            new Claim(UDP6, FrameAssert::vlan, it -> it.vlan(1)),
            new Claim(TCP, it -> it.etherType(0x0800), it -> it.etherType(0x0806)),
            new Claim(TCP, it -> it.hasBytes(TCP), it -> it.hasBytes(UDP6)));
    }

    private static Stream<Claim> network() {
        return Stream.of(
            new Claim(TCP, FrameAssert::isIpv4, FrameAssert::isIpv6),
            new Claim(UDP6, FrameAssert::isIpv6, FrameAssert::isIpv4),
            new Claim(TCP, it -> it.from("10.0.0.1"), it -> it.from("10.0.0.2")),
            new Claim(UDP6, it -> it.to("fd00:0:0::2"), it -> it.to("fd00::1")),
            new Claim(TCP, it -> it.ttl(63), it -> it.ttl(64)),
            new Claim(UDP6, it -> it.ttl(62), it -> it.ttl(63)),
            new Claim(TCP, it -> it.tos(4), it -> it.tos(0)),
            new Claim(UDP6, it -> it.tos(0xb8), it -> it.tos(0)),
            new Claim(UDP6, it -> it.flowLabel(0x12345), it -> it.flowLabel(0)),
            new Claim(TCP, it -> it.identification(7), it -> it.identification(8)),
            new Claim(PIECE, it -> it.identification(77), it -> it.identification(8)),
            new Claim(TCP, FrameAssert::dontFragment, FrameAssert::mayBeFragmented),
            new Claim(ERROR, FrameAssert::mayBeFragmented, FrameAssert::dontFragment),
            new Claim(TCP, FrameAssert::isNotFragment, it -> it.isFragment(0, false)),
            new Claim(PIECE, it -> it.isFragment(16, true), FrameAssert::isNotFragment),
            new Claim(PIECE, it -> it.withPayloadBytes(8), it -> it.isFragment(16, false)),
            new Claim(TCP, it -> it.withIpv4Options(Hex.parse("01010100")), FrameAssert::withIpv4Options),
            new Claim(TCP, it -> it.isProtocol(6), it -> it.isProtocol(17)));
    }

    private static Stream<Claim> transport() {
        return Stream.of(
            new Claim(TCP, FrameAssert::isTcp, FrameAssert::isUdp),
            new Claim(UDP6, FrameAssert::isUdp, FrameAssert::isTcp),
            new Claim(LITE, FrameAssert::isUdpLite, FrameAssert::isSctp),
            new Claim(SCTP, FrameAssert::isSctp, FrameAssert::isUdpLite),
            new Claim(TCP, it -> it.from("10.0.0.1", 1000), it -> it.from("10.0.0.1", 1001)),
            new Claim(TCP, it -> it.to("10.0.0.2", 2000), it -> it.to("10.0.0.2", 1000)),
            new Claim(TCP, it -> it.withSequence(5), it -> it.withSequence(6)),
            new Claim(TCP, it -> it.withAcknowledgement(6), it -> it.withAcknowledgement(5)),
            new Claim(TCP, it -> it.withFlags(TcpLayer.ACK), it -> it.withFlags(TcpLayer.ACK | TcpLayer.SYN)),
            new Claim(TCP, it -> it.withWindow(9), it -> it.withWindow(8)),
            new Claim(TCP, it -> it.withMss(1400), it -> it.withMss(1460)),
            new Claim(TCP, it -> it.withPayload((byte) 0, (byte) 1, (byte) 2), FrameAssert::withPayload),
            new Claim(UDP6, it -> it.withPayloadBytes(4), it -> it.withPayloadBytes(12)),
            new Claim(TCP, FrameAssert::hasValidChecksums, FrameAssert::hasWrongTransportChecksum),
            new Claim(UDP6, FrameAssert::hasValidChecksums, FrameAssert::hasWrongTransportChecksum),
            new Claim(LITE, FrameAssert::hasValidChecksums, FrameAssert::hasWrongTransportChecksum),
            new Claim(SCTP, FrameAssert::hasValidChecksums, FrameAssert::hasWrongTransportChecksum));
    }

    private static Stream<Claim> messages() {
        byte[] option = new Octets().u8(2).u8(1).bytes(Addresses.mac(ALICE)).toBytes();
        return Stream.of(
            new Claim(ERROR, it -> it.isIcmp(3, 4), it -> it.isIcmp(3, 3)),
            new Claim(ERROR, it -> it.withMtu(1400), it -> it.withMtu(1500)),
            new Claim(ERROR, it -> it.quotes(Arrays.copyOf(QUOTED, 40)), it -> it.quotes(QUOTED)),
            new Claim(ERROR, it -> it.quotesStartOf(QUOTED, 28), it -> it.quotesStartOf(QUOTED, 41)),
            new Claim(ERROR, FrameAssert::hasValidChecksums, it -> it.quotesStartOf(new byte[58], 28)),
            new Claim(ECHO6, it -> it.isIcmpv6(129, 0), it -> it.isIcmp(129, 0)),
            new Claim(ECHO6, it -> it.withEcho(0x1234, 9), it -> it.withEcho(0x1234, 8)),
            new Claim(NEIGHBOUR, it -> it.isNeighbourAdvertisement("fd00::7"),
                it -> it.isNeighbourSolicitation("fd00::7")),
            new Claim(NEIGHBOUR, FrameAssert::hasValidChecksums, it -> it.isNeighbourAdvertisement("fd00::8")),
            new Claim(NEIGHBOUR, it -> it.withNeighbourOptions(option), FrameAssert::withNeighbourOptions));
    }

    @ParameterizedTest
    @MethodSource("claims")
    void tellsRightFromWrong(Claim claim) {
        claim.right.accept(assertThatFrame(claim.frame));
        assertThatThrownBy(() -> claim.wrong.accept(assertThatFrame(claim.frame)))
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("in a frame of " + claim.frame.length + " bytes")
            .hasMessageContaining("0000  02 00 00 00 00 02");
    }

    /// A sentence about a frame cut anywhere holds or is false; it never breaks.
    @ParameterizedTest
    @MethodSource("claims")
    void judgesAFrameCutAtEveryLength(Claim claim) {
        for (int byteCount = 0; byteCount < claim.frame.length; byteCount++) {
            byte[] cut = Octets.range(claim.frame, 0, byteCount);
            assertThat(catchThrowable(() -> claim.wrong.accept(assertThatFrame(cut))))
                .as("%d bytes", byteCount).isInstanceOf(AssertionError.class);
            Throwable thrown = catchThrowable(() -> claim.right.accept(assertThatFrame(cut)));
            if (thrown != null) assertThat(thrown).as("%d bytes", byteCount).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void noticesEveryFlippedBitUnderAChecksum() {
        for (byte[] frame : new byte[][] {TCP, UDP6, ECHO6, SCTP, LITE}) {
            int networkAt = Dissection.ofFrame(frame).networkAt;
            int transportAt = Dissection.ofFrame(frame).transportAt;
            for (int at = transportAt; at < frame.length; at++) {
                byte[] broken = frame.clone();
                broken[at] ^= 1;
                assertThatFrame(broken).hasWrongTransportChecksum();
            }
            if (Dissection.ofFrame(frame).ipVersion == 6) continue;
            byte[] broken = frame.clone();
            broken[networkAt + 1] ^= 1;
            assertThatThrownBy(() -> assertThatFrame(broken).hasValidChecksums())
                .hasMessageContaining("IPv4 header checksum");
        }
    }

    @Test
    void noticesAVersionThatIsNotTheEtherTypes() {
        byte[] frame = Frame.ethernet(ALICE, BOB).etherType(0x0800).ipv6("fd00::1", "fd00::2").udp(1, 2).bytes();
        assertThatThrownBy(() -> assertThatFrame(frame).isIpv6())
            .hasMessageContaining("IP version 6 under EtherType 0x0800");
    }

    @Test
    void knowsWhereUdpMayLackAChecksum() {
        assertThatPacket(Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).noChecksum().bytes()).hasValidChecksums();
        assertThatPacket(Frame.ipv6("fd00::1", "fd00::2").udp(1, 2).noChecksum().bytes()).hasWrongTransportChecksum();
    }

    @Test
    void findsTheTransportBehindEveryExtensionHeader() {
        byte[] packet = Frame.ipv6("fd00::1", "fd00::2").hopByHop().routerAlert(0)
            .segmentRouting(1, "fd00::3", "fd00::2").fragment(1, 0, false)
            .authentication(1, 2).checkValue(new byte[16]).destinationOptions().option(0x1e, new byte[9])
            .tcp(1000, 2000).payloadOf(5).bytes();
        assertThatPacket(packet).isTcp().from("fd00::1", 1000).to("fd00::2", 2000).withPayloadBytes(5)
            .hasValidChecksums();
    }

    @Test
    void readsWhatIsInsideATunnel() {
        assertThatFrame(outer().udp(1, VxlanLayer.UDP_PORT).vxlan(7).ethernet(BOB, ALICE).vlan(3)
            .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 80).bytes())
            .inVxlan(7).fromMac(BOB).vlan(3).isTcp().to("10.1.0.2", 80).hasValidChecksums();
        assertThatFrame(outer().udp(1, GeneveLayer.UDP_PORT).geneve(8).option(1, 2, new byte[5])
            .ethernet(BOB, ALICE).ipv4("10.1.0.1", "10.1.0.2").tcp(1, 80).bytes())
            .inGeneve(8).fromMac(BOB).isTcp().hasValidChecksums();
        assertThatFrame(outer().udp(1, GtpuLayer.UDP_PORT).gtpu(9).sequence(1).ipv6("fd00::1", "fd00::2").tcp(1, 80)
            .bytes())
            .inGtpu(9).isTcp().to("fd00::2", 80).hasValidChecksums();
        assertThatFrame(outer().gre().withChecksum().key(1).sequence(2).ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).bytes())
            .inGre().isUdp().hasValidChecksums();
        assertThatFrame(outer().ipv6("fd00::1", "fd00::2").udp(1, 2).bytes()).inIp().isUdp().hasValidChecksums();
        assertThatFrame(Frame.ethernet(ALICE, BOB).pppoe(0x11).ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).bytes())
            .inPppoe(0x11).isUdp().hasValidChecksums();
        assertThatFrame(Frame.ethernet(ALICE, BOB).mpls(5).mpls(6).ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).bytes())
            .inMpls(5, 6).isUdp().hasValidChecksums();
    }

    @Test
    void noticesAnotherTunnel() {
        byte[] vxlan = outer().udp(1, VxlanLayer.UDP_PORT).vxlan(7).ethernet(BOB, ALICE).bytes();
        assertThatThrownBy(() -> assertThatFrame(vxlan).inVxlan(8)).hasMessageContaining("VNI 8 expected, got 7");
        assertThatThrownBy(() -> assertThatFrame(vxlan).inGeneve(7)).hasMessageContaining("target port 6081");
        assertThatThrownBy(() -> assertThatFrame(vxlan).inGre()).hasMessageContaining("protocol 47");
        byte[] mpls = Frame.ethernet(ALICE, BOB).mpls(5).mpls(6).ipv4("10.1.0.1", "10.1.0.2").bytes();
        assertThatThrownBy(() -> assertThatFrame(mpls).inMpls(5)).hasMessageContaining("bottom of the MPLS stack");
    }

    private static Layer outer() {
        return Frame.ethernet(ALICE, BOB).ipv4("192.0.2.1", "198.51.100.2");
    }
}
