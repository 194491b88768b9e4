package io.millrace.dataplane.icmp;

import io.millrace.dataplane.account.Origin;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;

class LocalDeliveryTest {

    private final IcmpBench bench = new IcmpBench(IcmpBench.UNLIMITED);

    @AfterEach
    void everythingIsAccountedForAndNothingIsLeft() {
        assertThat(bench.packets.ledger.unaccounted()).isZero();
        assertThat(bench.packets.freeSlots()).isEqualTo(512);
    }

    @Test
    void refusesUdp() {
        byte[] frame = ip().udp(1000, 2000).payloadOf(20).bytes();
        assertThatPacket(answer(frame, Verdict.PORT_CLOSED)).isIcmp(3, 3).from("10.0.0.1").to("10.0.0.2")
            .hasValidChecksums().quotes(packet(frame));
        frame = ip6().udp(1000, 2000).payloadOf(20).bytes();
        assertThatPacket(answer(frame, Verdict.PORT_CLOSED)).isIcmpv6(1, 4).from("fd00::1").to("fd00::2")
            .hasValidChecksums().quotes(packet(frame));
    }

    @Test
    void quotesNoMoreThanTheDatagram() {
        byte[] frame = ip().udp(1, 2).datagramBytes(18).payloadOf(20).bytes();
        byte[] right = ip().totalBytes(48).udp(1, 2).payloadOf(10).bytes();
        System.arraycopy(right, 40, frame, 40, 2);   // the checksum of 18 bytes
        assertThatPacket(answer(frame, Verdict.PORT_CLOSED)).isIcmp(3, 3).quotes(Arrays.copyOf(packet(frame), 38));
    }

    @Test
    void asksUdpForARightChecksumOrOverIpv4ForNone() {
        silent(ip().udp(1, 2).checksum(0x1234).payloadOf(20).bytes(), Verdict.TRANSPORT_CHECKSUM_WRONG);
        silent(ip6().udp(1, 2).checksum(0x1234).payloadOf(20).bytes(), Verdict.TRANSPORT_CHECKSUM_WRONG);
        assertThatPacket(answer(ip().udp(1, 2).noChecksum().bytes(), Verdict.PORT_CLOSED)).isIcmp(3, 3);
        silent(ip6().udp(1, 2).noChecksum().bytes(), Verdict.TRANSPORT_CHECKSUM_WRONG);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 29, 65_535})
    void refusesUdpOfAWrongLength(int udpBytes) {
        silent(ip().udp(1, 2).datagramBytes(udpBytes).payloadOf(20).bytes(), Verdict.TRANSPORT_MALFORMED);
        if (udpBytes == 0) return;   // over IPv6 that is a jumbogram, or as Linux has it, all that is there
        silent(ip6().udp(1, 2).datagramBytes(udpBytes).payloadOf(20).bytes(), Verdict.TRANSPORT_MALFORMED);
    }

    @Test
    void takesAnIpv6DatagramOfLengthZeroWhole() {
        byte[] frame = ip6().udp(1, 2).datagramBytes(0).checksum(0xffff).payloadOf(20).bytes();
        silent(frame, Verdict.TRANSPORT_CHECKSUM_WRONG);
        byte[] right = ip6().udp(1, 2).payloadOf(20).bytes();
        System.arraycopy(right, 60, frame, 60, 2);
        frame[58] = 0;
        frame[59] = 0;
        int sum = (frame[60] & 0xff) << 8 | frame[61] & 0xff;
        sum = sum + 28 > 0xffff ? sum + 28 - 0xffff : sum + 28;   // the length field no longer adds its 28
        frame[60] = (byte) (sum >> 8);
        frame[61] = (byte) sum;
        assertThatPacket(answer(frame, Verdict.PORT_CLOSED)).isIcmpv6(1, 4).quotes(packet(frame));
    }

    @Test
    void refusesTransportHeadersCutAtEveryLength() {
        for (int bytes = 0; bytes < 8; bytes++) {
            silent(ip().protocol(17).payload(new byte[bytes]).bytes(), Verdict.TRANSPORT_MALFORMED);
            silent(ip6().nextHeader(17).payload(new byte[bytes]).bytes(), Verdict.TRANSPORT_MALFORMED);
        }
        for (int bytes = 0; bytes < 20; bytes++) {
            silent(ip().protocol(6).payload(new byte[bytes]).bytes(), Verdict.TRANSPORT_MALFORMED);
            silent(ip6().nextHeader(6).payload(new byte[bytes]).bytes(), Verdict.TRANSPORT_MALFORMED);
        }
        silent(ip().tcp(1, 2).headerBytes(16).payloadOf(40).bytes(), Verdict.TRANSPORT_MALFORMED);
        silent(ip().tcp(1, 2).headerBytes(24).bytes(), Verdict.TRANSPORT_MALFORMED);
    }

    @Test
    void resetsTcpThatAcknowledges() {
        byte[] reset = answer(ip().tos(0x23).tcp(1000, 2000).sequence(5).acknowledgement(77).ack().payloadOf(9).bytes(),
            Verdict.PORT_CLOSED);
        assertThatPacket(reset).isTcp().from("10.0.0.1", 2000).to("10.0.0.2", 1000).withSequence(77)
            .withAcknowledgement(0).withFlags(0x004).withWindow(0).tos(0x20).ttl(64).dontFragment()
            .identification(0).hasValidChecksums();
        assertThat(reset).hasSize(40);
        reset = answer(ip6().trafficClass(0x23).tcp(1000, 2000).sequence(5).acknowledgement(77).ack().bytes(),
            Verdict.PORT_CLOSED);
        assertThatPacket(reset).isTcp().from("fd00::1", 2000).to("fd00::2", 1000).withSequence(77)
            .withAcknowledgement(0).withFlags(0x004).tos(0x20).ttl(64).hasValidChecksums();
        assertThat(bench.packets.ledger.createdBy(Origin.TCP_RESET)).isEqualTo(2);
    }

    @Test
    void resetsTcpThatDoesNotByAcknowledgingAllOfIt() {
        byte[] reset = answer(ip().tcp(1000, 2000).sequence(0xffff_fffeL).syn().fin().mss(1460).payloadOf(9).bytes(),
            Verdict.PORT_CLOSED);
        assertThatPacket(reset).withSequence(0).withAcknowledgement(9).withFlags(0x014).hasValidChecksums();
        byte[] frame = ip6().destinationOptions().tcp(1000, 2000).sequence(10).psh().payloadOf(9).bytes();
        reset = answer(frame, Verdict.PORT_CLOSED);
        assertThatPacket(reset).withSequence(0).withAcknowledgement(19).withFlags(0x014).hasValidChecksums();
    }

    @Test
    void neverResetsAReset() {
        silent(ip().tcp(1, 2).rst().bytes(), Verdict.PORT_CLOSED);
        silent(ip6().tcp(1, 2).rst().ack().bytes(), Verdict.PORT_CLOSED);
    }

    @Test
    void resetsNothingWithAWrongChecksum() {
        silent(ip().tcp(1, 2).syn().checksum(1).bytes(), Verdict.TRANSPORT_CHECKSUM_WRONG);
        silent(ip6().tcp(1, 2).syn().checksum(1).bytes(), Verdict.TRANSPORT_CHECKSUM_WRONG);
    }

    @Test
    void trustsAChecksumThatIsStillToBeFilledIn() {
        int packet = bench.put(ip().udp(1, 2).partialChecksum().payloadOf(20).bytes());
        bench.packets.meta.checksumState(packet, ChecksumState.PARTIAL);
        assertThat(bench.deliver(packet, false)).hasSize(1);
    }

    @Test
    void refusesUnknownProtocols() {
        byte[] frame = ip().protocol(200).payloadOf(8).bytes();
        assertThatPacket(answer(frame, Verdict.PROTOCOL_UNKNOWN)).isIcmp(3, 2).quotes(packet(frame))
            .hasValidChecksums();
        frame = ip6().nextHeader(200).payloadOf(8).bytes();
        assertThatPacket(answer(frame, Verdict.PROTOCOL_UNKNOWN)).isIcmpv6(4, 1).withMtu(6).quotes(packet(frame))
            .hasValidChecksums();
    }

    @Test
    void pointsToTheNextHeaderThatIsUnknown() {
        assertPointer(ip6().destinationOptions().nextHeader(200).payloadOf(8), Verdict.PROTOCOL_UNKNOWN, 1, 40);
        assertPointer(ip6().hopByHop().routerAlert(0).destinationOptions().nextHeader(0).payloadOf(8),
            Verdict.PROTOCOL_UNKNOWN, 1, 48);
        assertPointer(ip6().nextHeader(51).payloadOf(24), Verdict.PROTOCOL_UNKNOWN, 1, 6);
    }

    @Test
    void heedsDestinationOptions() {
        assertPointer(ip6().destinationOptions().option(0x9e, new byte[4]).udp(1, 2), Verdict.IPV6_MALFORMED, 2, 42);
        assertPointer(ip6().destinationOptions().option(0xde, new byte[4]).udp(1, 2), Verdict.IPV6_MALFORMED, 2, 42);
        silent(ip6().destinationOptions().option(0x5e, new byte[4]).udp(1, 2).bytes(), Verdict.IPV6_MALFORMED);
        assertThat(bench.deliver(ip6().destinationOptions().option(0x1e, new byte[4]).udp(1, 2).bytes())).hasSize(1);
        assertPointer(ip6().destinationOptions().option(5, new byte[2]).option(0xc2, new byte[4]).udp(1, 2),
            Verdict.IPV6_MALFORMED, 2, 46);   // what is known in a hop-by-hop header is not here
    }

    @Test
    void heedsRoutingHeaders() {
        byte[] address = new byte[20];
        assertPointer(ip6().routing(0, 1, address).udp(1, 2), Verdict.IPV6_MALFORMED, 0, 42);
        assertPointer(ip6().routing(9, 1, address).udp(1, 2), Verdict.IPV6_MALFORMED, 0, 42);
        silent(ip6().routing(4, 0, address).udp(1, 2).bytes(), Verdict.IPV6_MALFORMED);
        silent(ip6().routing(3, 1, address).udp(1, 2).bytes(), Verdict.IPV6_MALFORMED);
        assertThatPacket(answer(ip6().routing(0, 0, address).udp(1, 2).bytes(), Verdict.PORT_CLOSED)).isIcmpv6(1, 4);
    }

    @Test
    void refusesExtensionHeadersCutAtEveryLength() {
        for (int nextHeader : new int[] {43, 60}) {
            for (int bytes = 0; bytes < 8; bytes++) {
                silent(ip6().nextHeader(nextHeader).payload(new byte[bytes]).bytes(), Verdict.IPV6_MALFORMED);
            }
            byte[] tooLong = {17, 1, 0, 0, 0, 0, 0, 0};
            silent(ip6().nextHeader(nextHeader).payload(tooLong).bytes(), Verdict.IPV6_MALFORMED);
        }
        for (int bytes = 0; bytes < 8; bytes++) {
            assertPointer(ip6().nextHeader(44).payload(new byte[bytes]), Verdict.IPV6_MALFORMED, 0, 40);
        }
    }

    @Test
    void consumesWhatEndsWithoutAnything() {
        delivered(ip6().nextHeader(59).bytes());
        delivered(ip6().nextHeader(59).payloadOf(20).bytes());
    }

    @Test
    void saysThatFragmentsWantReassembly() {
        silent(ip().moreFragments().udp(1, 2).payloadOf(8).bytes(), Verdict.REASSEMBLY_MISSING);
        silent(ip().fragmentOffsetBytes(8).protocol(17).payloadOf(8).bytes(), Verdict.REASSEMBLY_MISSING);
        silent(ip6().fragment(1, 0, true).udp(1, 2).payloadOf(8).bytes(), Verdict.REASSEMBLY_MISSING);
        silent(ip6().fragment(1, 8, false).payloadOf(8).bytes(), Verdict.REASSEMBLY_MISSING);
        assertThat(bench.deliver(ip6().fragment(1, 0, false).udp(1, 2).bytes())).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 11, 12, 14, 15, 16, 17, 18, 42, 43})
    void consumesOtherIcmp(int type) {
        delivered(ip().icmp(type, 0).payloadOf(28).bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 129, 130, 143, 200})
    void consumesOtherIcmpv6(int type) {
        delivered(ip6().icmpv6(type, 0).payloadOf(48).bytes());
    }

    @Test
    void refusesIcmpThatIsWrong() {
        silent(ip().icmp(8, 0).checksum(1).bytes(), Verdict.ICMP_CHECKSUM_WRONG);
        silent(ip6().icmpv6(128, 0).checksum(1).bytes(), Verdict.ICMP_CHECKSUM_WRONG);
        silent(ip().icmp(19, 0).bytes(), Verdict.ICMP_MALFORMED);
        silent(ip().protocol(1).payload((byte) 8, (byte) 0, (byte) 0xf7, (byte) 0xff).bytes(), Verdict.ICMP_MALFORMED);
        silent(ip().protocol(1).bytes(), Verdict.ICMP_CHECKSUM_WRONG);
        silent(ip6().nextHeader(58).bytes(), Verdict.ICMP_CHECKSUM_WRONG);
    }

    @Test
    void consumesGroupManagement() {
        delivered(ip().protocol(2).payloadOf(8).bytes());
    }

    @Test
    void answersNothingToGroups() {
        for (Layer layer : List.of(to("224.0.0.1").udp(1, 2), to("255.255.255.255").udp(1, 2),
                to("224.0.0.1").tcp(1, 2).syn(), to("224.0.0.1").protocol(200), to6("ff02::1").udp(1, 2),
                to6("ff02::1").tcp(1, 2).syn(), to6("ff02::1").nextHeader(200), to("224.0.0.1").icmp(3, 0))) {
            assertThat(bench.deliver(layer.bytes())).isEmpty();
        }
        assertThat(bench.deliver(bench.put(to("10.0.0.255").udp(1, 2).bytes()), true)).isEmpty();
        assertThat(bench.deliver(bench.put(to("10.0.0.255").tcp(1, 2).syn().bytes()), true)).isEmpty();
        assertThat(bench.deliver(bench.put(to("10.0.0.255").protocol(200).bytes()), true)).isEmpty();
    }

    @Test
    void answersNothingToBroadcastFrames() {
        for (Layer layer : List.of(ip().udp(1, 2), ip().tcp(1, 2).syn(), ip().protocol(200), ip6().udp(1, 2),
                ip6().tcp(1, 2).syn(), ip6().nextHeader(200), ip6().routing(0, 1, new byte[20]).udp(1, 2))) {
            int packet = bench.put(layer.bytes());
            bench.packets.meta.linkClass(packet, LinkClass.BROADCAST);
            assertThat(bench.deliver(packet, false)).isEmpty();
        }
    }

    private void assertPointer(Layer layer, Verdict verdict, int code, int pointer) {
        assertThatPacket(answer(layer.bytes(), verdict)).isIcmpv6(4, code).withMtu(pointer).hasValidChecksums();
    }

    private byte[] answer(byte[] frame, Verdict verdict) {
        long before = bench.packets.ledger.count(verdict);
        List<byte[]> sent = bench.deliver(frame);
        assertThat(bench.packets.ledger.count(verdict)).isEqualTo(before + 1);
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }

    private void silent(byte[] frame, Verdict verdict) {
        long before = bench.packets.ledger.count(verdict);
        assertThat(bench.deliver(frame)).isEmpty();
        assertThat(bench.packets.ledger.count(verdict)).isEqualTo(before + 1);
    }

    private void delivered(byte[] frame) {
        long before = bench.packets.ledger.count(Verdict.LOCAL_IN);
        assertThat(bench.deliver(frame)).isEmpty();
        assertThat(bench.packets.ledger.count(Verdict.LOCAL_IN)).isEqualTo(before + 1);
    }

    private static Ipv4Layer ip() {
        return to("10.0.0.1");
    }

    private static Ipv6Layer ip6() {
        return to6("fd00::1");
    }

    private static Ipv4Layer to(String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv4("10.0.0.2", target);
    }

    private static Ipv6Layer to6(String target) {
        return Frame.ethernet(IcmpBench.INSIDE_HOST, IcmpBench.INSIDE_PORT).ipv6("fd00::2", target);
    }

    private static byte[] packet(byte[] frame) {
        return Arrays.copyOfRange(frame, 14, frame.length);
    }
}
