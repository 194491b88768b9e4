package io.millrace.checksum.transmit;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LegacyTransmitTest {

    private static final String MAC = "02:00:00:00:00:01";
    private static final int L3 = 14;
    private static final int TCP = 16;
    private static final int UDP = 6;

    private final PacketFixture fixture = new PacketFixture();
    private final LegacyTransmit legacy = new LegacyTransmit(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void leavesPlainTcpAndUdpToAClassicDevice() {
        assertThat(isAble(DeviceChecksums.CLASSIC, ipv4().tcp(1, 2), L3 + 20, TCP)).isTrue();
        assertThat(isAble(DeviceChecksums.CLASSIC, ipv4().udp(1, 2), L3 + 20, UDP)).isTrue();
        assertThat(isAble(DeviceChecksums.CLASSIC, ipv6().tcp(1, 2), L3 + 40, TCP)).isTrue();
        Layer tagged = ethernet().vlan(7).ipv6("fd00::1", "fd00::2").udp(1, 2);
        assertThat(isAble(DeviceChecksums.CLASSIC, tagged, L3 + 44, UDP)).isTrue();
    }

    @Test
    void leavesAnythingToADeviceThatSumsAnywhere() {
        assertThat(isAble(DeviceChecksums.ANYTHING, srv6(), L3 + 80, TCP)).isTrue();
        assertThat(isAble(DeviceChecksums.ANYTHING, ethernet().payloadOf(60), 17, 5)).isTrue();
        int packet = fixture.packet(ipv4().sctp(1, 2).bytes());
        record.partialCrc32c(packet, L3 + 20, 8);
        assertThat(legacy.canChecksum(packet, DeviceChecksums.ANYTHING)).isTrue();
        assertThat(legacy.canChecksum(packet, DeviceChecksums.CLASSIC)).isFalse();
    }

    @Test
    void leavesNothingToADeviceThatCanNothing() {
        assertThat(isAble(DeviceChecksums.NOTHING, ipv4().tcp(1, 2), L3 + 20, TCP)).isFalse();
        int done = fixture.packet(ipv4().tcp(1, 2).bytes());
        assertThat(legacy.canChecksum(done, DeviceChecksums.NOTHING)).as("nothing to do").isTrue();
    }

    @Test
    void refusesWhatAClassicDeviceWouldGetWrong() {
        assertRefused(ipv6().hopByHop().routerAlert(0).tcp(1, 2), L3 + 48, TCP);
        assertRefused(ipv6().fragment(1, 0, false).tcp(1, 2), L3 + 48, TCP);
        assertRefused(ipv4().moreFragments().tcp(1, 2), L3 + 20, TCP);
        assertRefused(ipv4().icmpEchoRequest(1, 2), L3 + 20, 2);
        assertRefused(ipv4().tcp(1, 2).payloadOf(9), L3 + 20, UDP);
        assertRefused(ipv4().tcp(1, 2).payloadOf(9), L3 + 24, TCP);
        assertRefused(ipv4().udp(1, 4789).vxlan(1).ethernet(MAC, MAC)
            .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2), L3 + 20 + 8 + 8 + 14 + 20, TCP);
        assertRefused(ipv4().ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2), L3 + 40, TCP);
        assertRefused(ipv4().authentication(1, 2).tcp(1, 2), L3 + 20 + 24, TCP);
        assertRefused(ethernet().arpRequest(MAC, "10.0.0.1", "10.0.0.2").payloadOf(60), 40, TCP);
        byte[] route = new Octets().u8(131).u8(7).u8(4).bytes(Addresses.ipv4("192.0.2.1")).u8(0).toBytes();
        assertRefused(ipv4().options(route).tcp(1, 2), L3 + 28, TCP);
    }

    @Test
    void asksForEachCapabilityByItsName() {
        Layer options = ipv4().options(1, 1, 1, 0).tcp(1, 2);
        var withoutOptions = new DeviceChecksums(false, true, true, false, false, false, true, false);
        assertThat(isAble(withoutOptions, options, L3 + 24, TCP)).isFalse();
        assertThat(isAble(DeviceChecksums.CLASSIC, options, L3 + 24, TCP)).isTrue();
        Layer extension = ipv6().hopByHop().routerAlert(0).tcp(1, 2);
        var walksExtensions = new DeviceChecksums(false, true, true, true, true, false, true, false);
        assertThat(isAble(walksExtensions, extension, L3 + 48, TCP)).isTrue();
        assertThat(isAble(walksExtensions, srv6(), L3 + 80, TCP)).as("never behind a routing header").isFalse();
        var withoutVlan = new DeviceChecksums(false, true, true, true, false, false, false, false);
        Layer tagged = ethernet().vlan(7).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2);
        assertThat(isAble(withoutVlan, tagged, L3 + 24, TCP)).isFalse();
        var onlyIpv6 = new DeviceChecksums(false, false, true, true, false, false, true, false);
        assertThat(isAble(onlyIpv6, ipv4().tcp(1, 2), L3 + 20, TCP)).isFalse();
    }

    @Test
    void findsTheInnerTransportForADeviceThatCan() {
        byte[] frame = ipv4().udp(1, 4789).vxlan(1).ethernet(MAC, MAC)
            .ipv6("fd00::1", "fd00::2").udp(1, 2).partialChecksum().payloadOf(7).bytes();
        int innerL3 = L3 + 20 + 8 + 8 + 14;
        var tunnels = new DeviceChecksums(false, true, true, true, false, true, true, false);
        int packet = fixture.packet(frame);
        record.partial(packet, innerL3 + 40, UDP);
        assertThat(legacy.canChecksum(packet, tunnels)).as("nobody parsed the packet").isFalse();
        fixture.meta.innerL3(packet, innerL3);
        assertThat(legacy.canChecksum(packet, tunnels)).isTrue();
        assertThat(legacy.canChecksum(packet, DeviceChecksums.CLASSIC)).isFalse();
    }

    /// The case of segment routing over IPv6: a device that finds the addresses by itself takes the next segment for
    /// the target and sends a wrong checksum. It is never asked; the packet leaves right.
    @Test
    void neverSendsAWrongChecksumBehindASegmentRoute() {
        Random random = new Random(Seeds.next());
        for (int segmentsLeft = 0; segmentsLeft <= 2; segmentsLeft++) {
            byte[] payload = new byte[random.nextInt(500)];
            random.nextBytes(payload);
            String next = segmentsLeft == 0 ? "fd00::c" : segmentsLeft == 1 ? "fd00::b" : "fd00::a";
            Layer route =
                ethernet().ipv6("fd00::1", next).segmentRouting(segmentsLeft, "fd00::c", "fd00::b", "fd00::a");
            int l4 = L3 + 40 + 8 + 48;
            byte[] partial = route.tcp(1, 2).partialChecksum().payload(payload).bytes();
            byte[] right = route.tcp(1, 2).payload(payload).bytes();
            int packet = fixture.packet(partial, l4 + 20, random);
            record.partial(packet, l4, TCP);
            assertThat(legacy.helpUnlessAble(packet, DeviceChecksums.CLASSIC)).isEqualTo(ChecksumHelp.Outcome.DONE);
            boolean isLeftToDevice = record.state(packet) == ChecksumState.PARTIAL;
            byte[] sent = isLeftToDevice ? bySpecificDevice(partial, l4) : fixture.bytes(packet);
            assertThat(sent).as("%d segments left", segmentsLeft).isEqualTo(right);
            if (segmentsLeft > 0) assertThat(bySpecificDevice(partial, l4)).as("what was avoided").isNotEqualTo(right);
            fixture.pool.release(packet);
        }
    }

    @Test
    void refusesADeviceThatIsBothKinds() {
        assertThatThrownBy(() -> new DeviceChecksums(true, true, false, false, false, false, false, false))
            .hasMessageContaining("anyAtOffset");
    }

    /// What a device does that takes the target from the IPv6 header.
    private static byte[] bySpecificDevice(byte[] partial, int l4) {
        byte[] sent = partial.clone();
        byte[] segment = Octets.range(sent, l4, sent.length - l4);
        Octets.u16(sent, l4 + TCP, NaiveChecksum.transport(NaiveChecksum.TCP, Octets.range(sent, L3 + 8, 16),
            Octets.range(sent, L3 + 24, 16), segment));
        return sent;
    }

    private void assertRefused(Layer layer, int start, int offset) {
        assertThat(isAble(DeviceChecksums.CLASSIC, layer, start, offset)).isFalse();
    }

    private boolean isAble(DeviceChecksums device, Layer layer, int start, int offset) {
        int packet = fixture.packet(layer.bytes());
        assertThat(record.partial(packet, start, offset)).isTrue();
        boolean isAble = legacy.canChecksum(packet, device);
        fixture.pool.release(packet);
        return isAble;
    }

    private static Layer ethernet() {
        return Frame.ethernet(MAC, "02:00:00:00:00:02");
    }

    private static Ipv4Layer ipv4() {
        return ethernet().ipv4("10.0.0.1", "10.0.0.2");
    }

    private static Layer ipv6() {
        return ethernet().ipv6("fd00::1", "fd00::2");
    }

    private static Layer srv6() {
        return ethernet().ipv6("fd00::1", "fd00::a").segmentRouting(1, "fd00::c", "fd00::a").tcp(1, 2);
    }
}
