package io.millrace.gso;

import io.millrace.gso.GsoFixture.Layout;
import io.millrace.gso.SuperFrame.Around;
import io.millrace.gso.SuperFrame.Network;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.NaiveSegmenter;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import io.millrace.testkit.kernel.KernelNetwork;
import io.millrace.testkit.kernel.PacketSocket;
import io.millrace.testkit.kernel.TapDevice;
import io.millrace.testkit.kernel.VnetFrame;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What the running kernel makes of a super-packet for a device that can do nothing is what [Segmentation] makes of it,
/// byte for byte. The kernel is handed the super-packet with a virtio-net header; the segments come out of a TAP device.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelSegmentationTest {

    private static final int MTU = 9_000;
    private static final int TIMEOUT_MS = 2_000;
    private static final int QUIET_MS = 20;
    private static final int ROUNDS = Seeds.isFull() ? 150 : 15;
    private static final int TUNNEL_ROUNDS = Seeds.isFull() ? 200 : 20;
    private static final int IPV6_NEXT_HEADER_AT = 14 + 6;

    private KernelNetwork network;
    private TapDevice tap;
    private PacketSocket socket;

    @BeforeAll
    void openTheOracle() {
        network = KernelNetwork.required();
        tap = TapDevice.open(network, "cut0", MTU, TapDevice.FILLS_IN_NOTHING);
        socket = new PacketSocket(network, tap.name());
    }

    @AfterAll
    void closeTheOracle() {
        if (socket != null) socket.close();
        if (tap != null) tap.close();
        if (network != null) network.close();
    }

    @ParameterizedTest
    @EnumSource
    void cutsTcpAsTheKernelDoes(Network ip) {
        everyRound(ip, random -> asVirtioSays(SuperFrame.tcp(Around.NOTHING, ip, random), random));
    }

    @ParameterizedTest
    @EnumSource
    void cutsTcpBehindTagsAsTheKernelDoes(Network ip) {
        everyRound(ip, random -> asVirtioSays(SuperFrame.tcp(tags(random), ip, random), random));
    }

    @ParameterizedTest
    @EnumSource
    void cutsUdpIntoDatagramsAsTheKernelDoes(Network ip) {
        everyRound(ip, random -> asVirtioSays(SuperFrame.datagrams(Around.NOTHING, ip, random), random));
    }

    @ParameterizedTest
    @EnumSource(names = {"IPV4", "IPV4_FRAGMENTABLE", "IPV4_OPTIONS", "IPV6"})
    void cutsUdpIntoFragmentsAsTheKernelDoes(Network ip) {
        everyRound(ip, random -> SuperFrame.fragments(Around.NOTHING, ip, random));
    }

    private static Around tags(Random random) {
        return random.nextBoolean() ? Around.VLAN : Around.QINQ;
    }

    private interface Maker {
        SuperFrame make(Random random);
    }

    private void everyRound(Network ip, Maker maker) {
        long seed = Seeds.next();
        Random random = new Random(seed);
        try (GsoFixture fixture = new GsoFixture()) {
            for (int round = 0; round < ROUNDS; round++) {
                assertSame(fixture, new Segmentation(fixture.pool, seed), maker.make(random), ip, random);
            }
            fixture.assertNothingLeaks();
        }
    }

    /// What a virtio-net header has no words for is left out: fixed ids, AccECN; the checksum is always to be filled in.
    private static SuperFrame asVirtioSays(SuperFrame frame, Random random) {
        int type = frame.gsoType()
            & ~(GsoType.TCP_FIXEDID | GsoType.TCP_FIXEDID_INNER | GsoType.TCP_ACCECN);
        byte[] bytes = frame.bytes();
        if (!frame.isPartial()) seed(bytes, frame);
        return new SuperFrame(bytes, type, frame.gsoSize(), frame.transportAt(), frame.headerBytes(),
            frame.checksumOffset(), true, frame.chunkBytes(), new NaiveSegmenter(frame.gsoSize()));
    }

    /// Any 16 bits do for a seed: the kernel looks at no address.
    private static void seed(byte[] bytes, SuperFrame frame) {
        Octets.u16(bytes, frame.transportAt() + frame.checksumOffset(), 0x1234);
    }

    private void assertSame(GsoFixture fixture, Segmentation segmentation, SuperFrame frame, Network ip,
                            Random random) {
        socket.send(VnetFrame.segmented(frame.bytes(), frame.transportAt(), frame.checksumOffset(), virtioType(frame),
            frame.gsoSize(), frame.headerBytes()));
        List<byte[]> ours = cut(fixture, segmentation, frame, random);
        String what = String.format("%s, type %x, size %d, %d bytes", ip, frame.gsoType(), frame.gsoSize(),
            frame.bytes().length);
        for (int i = 0; i < ours.size(); i++) {
            VnetFrame theirs = tap.next(TIMEOUT_MS);
            assertThat(theirs).as("%s: the kernel sent segment %d", what, i).isNotNull();
            assertThat(theirs.needsChecksum()).isFalse();
            byte[] segment = theirs.frame();
            if (isFragmented(frame) && ip.is6()) {
                assertThat(segment[IPV6_NEXT_HEADER_AT]).isEqualTo((byte) 44);
                Octets.u32(segment, frame.headerBytes() + 4, 0);
                Octets.u32(ours.get(i), frame.headerBytes() + 4, 0);
            }
            assertThat(ours.get(i)).as("%s: segment %d of %d", what, i, ours.size()).isEqualTo(segment);
        }
    }

    private static List<byte[]> cut(GsoFixture fixture, Segmentation segmentation, SuperFrame frame, Random random) {
        Layout layout = Layout.values()[random.nextInt(3)];
        int packet = fixture.packet(frame, layout, random);
        assertThat(segmentation.segment(packet, false, fixture.target)).isEqualTo(Verdict.FORWARD);
        return fixture.frames(segmentation.count());
    }

    private static boolean isFragmented(SuperFrame frame) {
        return (frame.gsoType() & GsoType.UDP) != 0;
    }

    private static int virtioType(SuperFrame frame) {
        int type = frame.gsoType();
        int ecn = (type & GsoType.TCP_ECN) != 0 ? VnetFrame.GSO_ECN : 0;
        if ((type & GsoType.TCPV4) != 0) return VnetFrame.GSO_TCP4 | ecn;
        if ((type & GsoType.TCPV6) != 0) return VnetFrame.GSO_TCP6 | ecn;
        return (type & GsoType.UDP_L4) != 0 ? VnetFrame.GSO_UDP_L4 : VnetFrame.GSO_UDP;
    }

    /// A TCP checksum that comes to 0 stays 0; a UDP one goes as 0xFFFF.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storesASumOfZeroAsTheKernelDoes(boolean isTcp) {
        Random random = new Random(Seeds.next());
        int size = 100;
        var ip = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2");
        byte[] payload = new byte[3 * size];
        byte[] bytes = isTcp ? ip.tcp(1, 2).partialChecksum().payload(payload).bytes()
            : ip.udp(1, 2).partialChecksum().payload(payload).bytes();
        int headerBytes = bytes.length - payload.length;
        SuperFrame frame = new SuperFrame(bytes, isTcp ? GsoType.TCPV4 : GsoType.UDP_L4, size, 34, headerBytes,
            isTcp ? 16 : 6, true, new int[0], new NaiveSegmenter(size));
        try (GsoFixture fixture = new GsoFixture()) {
            Segmentation segmentation = new Segmentation(fixture.pool, 1);
            // With a payload of zeros each checksum says what the first payload word must be for it to become 0.
            List<byte[]> segments = cut(fixture, segmentation, frame, random);
            for (int i = 0; i < segments.size(); i++) {
                int checksum = Octets.u16(segments.get(i), 34 + frame.checksumOffset());
                Octets.u16(bytes, headerBytes + i * size, checksum);
            }
            List<byte[]> zeros = cut(fixture, segmentation, frame, random);
            for (byte[] zero : zeros) {
                assertThat(Octets.u16(zero, 34 + frame.checksumOffset())).isEqualTo(isTcp ? 0 : 0xffff);
            }
            assertSame(fixture, segmentation, frame, Network.IPV4, random);
        }
    }

    /// VXLAN put around TCP and UDP by the kernel's own device, which then cuts: what the first frame has around the
    /// inner packet is what the super-packet had.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutsInsideVxlanAsTheKernelDoes(boolean hasSum) {
        String device = hasSum ? "vxsum" : "vxnone";
        network.command("ip", "address", "replace", "10.9.0.1/24", "dev", tap.name());
        network.command("ip", "neighbour", "replace", "10.9.0.2", "lladdr", "02:00:00:00:00:99", "dev", tap.name());
        network.command("ip", "link", "add", device, "type", "vxlan", "id", hasSum ? "5" : "6", "local", "10.9.0.1", "remote",
            "10.9.0.2", "dstport", "4789", hasSum ? "udpcsum" : "noudpcsum");
        network.command("ip", "link", "set", device, "mtu", "8000", "up");
        long seed = Seeds.next();
        Random random = new Random(seed);
        try (PacketSocket inner = new PacketSocket(network, device); GsoFixture fixture = new GsoFixture()) {
            Segmentation segmentation = new Segmentation(fixture.pool, seed);
            for (int round = 0; round < TUNNEL_ROUNDS; round++) {
                Network ip = Network.values()[random.nextInt(Network.values().length)];
                SuperFrame frame = asVirtioSays(random.nextBoolean() ? SuperFrame.tcp(Around.NOTHING, ip, random)
                    : SuperFrame.datagrams(Around.NOTHING, ip, random), random);
                inner.send(VnetFrame.segmented(frame.bytes(), frame.transportAt(), frame.checksumOffset(),
                    virtioType(frame), frame.gsoSize(), frame.headerBytes()));
                List<byte[]> theirs = new ArrayList<>();
                int payloadBytes = frame.bytes().length - frame.headerBytes();
                for (int i = 0; i * frame.gsoSize() < payloadBytes; i++) {
                    VnetFrame next = tap.next(TIMEOUT_MS);
                    assertThat(next).as("segment %d of %s", i, ip).isNotNull();
                    theirs.add(next.frame());
                }
                List<byte[]> ours = cut(fixture, segmentation, inVxlan(theirs.getFirst(), frame, hasSum), random);
                assertThat(ours).as("%s", ip).containsExactlyElementsOf(theirs);
            }
            fixture.assertNothingLeaks();
        }
    }

    private static SuperFrame inVxlan(byte[] first, SuperFrame inner, boolean hasSum) {
        int outerBytes = 14 + 20 + 8 + 8;
        byte[] bytes = Octets.concat(Octets.range(first, 0, outerBytes), inner.bytes());
        int udpBytes = bytes.length - 34;
        Octets.u16(bytes, 16, 20 + udpBytes);
        Octets.u16(bytes, 38, udpBytes);
        if (hasSum) {
            byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(bytes, 26, 4), Octets.range(bytes, 30, 4),
                NaiveChecksum.UDP, udpBytes);
            Octets.u16(bytes, 40, NaiveChecksum.sum(pseudo, 0, pseudo.length));
        }
        int type = inner.gsoType() | (hasSum ? GsoType.UDP_TUNNEL_CSUM : GsoType.UDP_TUNNEL);
        return new SuperFrame(bytes, type, inner.gsoSize(), outerBytes + inner.transportAt(),
            outerBytes + inner.headerBytes(), inner.checksumOffset(), true, new int[0], inner.oracle());
    }

    /// The kernel refuses, or drops in silence, what has a verdict here.
    @Test
    void refusesWhatTheKernelRefuses() {
        byte[] bytes = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2")
            .tcp(1, 2).partialChecksum().payloadOf(1_000).bytes();
        assertThatThrownBy(() -> socket.send(VnetFrame.segmented(bytes, 34, 16, VnetFrame.GSO_TCP6, 100, 54)))
            .hasMessageContaining("errno 22");
        assertThat(verdict(bytes, GsoType.TCPV6, 100, 34)).isEqualTo(Verdict.GSO_TYPE_MISMATCH);
        socket.send(VnetFrame.segmented(bytes, 38, 16, VnetFrame.GSO_TCP4, 100, 54));
        assertThat(tap.next(QUIET_MS)).isNull();
        assertThat(verdict(bytes, GsoType.TCPV4, 100, 38)).isEqualTo(Verdict.GSO_CHECKSUM_START_WRONG);
        byte[] shortHeader = bytes.clone();
        shortHeader[34 + 12] = 0x40;
        socket.send(VnetFrame.segmented(shortHeader, 34, 16, VnetFrame.GSO_TCP4, 100, 54));
        assertThat(tap.next(QUIET_MS)).isNull();
        assertThat(verdict(shortHeader, GsoType.TCPV4, 100, 34)).isEqualTo(Verdict.GSO_HEADER_MALFORMED);
    }

    private static Verdict verdict(byte[] bytes, int type, int size, int checksumStart) {
        try (GsoFixture fixture = new GsoFixture()) {
            SuperFrame frame = new SuperFrame(bytes, type, size, checksumStart, 54, 16, true, new int[0], null);
            int packet = fixture.packet(frame, Layout.FULL, new Random(0));
            return new Segmentation(fixture.pool, 1).segment(packet, false, fixture.target);
        }
    }

    /// All eight flags, an id that wraps: the measured table of Linux 6.18.44.
    @Test
    void cutsWhatHasEveryFlagAsTheKernelDoes() {
        byte[] bytes = Frame.ethernet("02:00:00:00:00:02", "02:00:00:00:00:01").ipv4("10.0.0.1", "10.0.0.2")
            .identification(65_535).dontFragment().tcp(1, 2).flags(0xff).urgent(5)
            .partialChecksum().payloadOf(250).bytes();
        SuperFrame frame = new SuperFrame(bytes, GsoType.TCPV4 | GsoType.TCP_ECN, 100, 34, 54, 16, true, new int[0],
            new NaiveSegmenter(100));
        try (GsoFixture fixture = new GsoFixture()) {
            Segmentation segmentation = new Segmentation(fixture.pool, 1);
            assertSame(fixture, segmentation, frame, Network.IPV4, new Random(1));
            List<byte[]> cut = cut(fixture, segmentation, frame, new Random(1));
            assertThat(cut).extracting(segment -> Octets.u16(segment, 18)).containsExactly(65_535, 0, 1);
            assertThat(cut).extracting(segment -> Octets.u8(segment, 47)).containsExactly(0xf6, 0x76, 0x7f);
            assertThat(cut).extracting(segment -> Octets.u16(segment, 52)).containsOnly(5);
        }
    }
}
