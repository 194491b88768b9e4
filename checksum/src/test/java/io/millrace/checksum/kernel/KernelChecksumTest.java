package io.millrace.checksum.kernel;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.checksum.transmit.ChecksumHelp;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
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

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// What `skb_checksum_help` of the running kernel makes of a PARTIAL packet is what [ChecksumHelp] makes of it, byte
/// for byte. The kernel is handed the frame with a virtio-net header that asks for the checksum; the TAP device can
/// fill in nothing, so the kernel must.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KernelChecksumTest {

    private static final int MTU = 9_000;
    private static final int FRAMES_PER_SHAPE = 60;
    private static final int TIMEOUT_MS = 2_000;
    private static final String SOURCE_MAC = "02:00:00:00:00:02";
    private static final String TARGET_MAC = "02:00:00:00:00:01";
    private static final int ETHERNET_BYTES = 14;
    /// The kernel takes no start in front of where a transport header can begin.
    private static final int START_MIN = ETHERNET_BYTES + 20;

    private KernelNetwork network;
    private TapDevice tap;
    private PacketSocket socket;

    @BeforeAll
    void openTheOracle() {
        network = KernelNetwork.required();
        tap = TapDevice.open(network, "sums0", MTU, TapDevice.FILLS_IN_NOTHING);
        socket = new PacketSocket(network, tap.name());
    }

    @AfterAll
    void closeTheOracle() {
        if (socket != null) socket.close();
        if (tap != null) tap.close();
        if (network != null) network.close();
    }

    /// Headers up to the transport whose checksum is asked for; where it starts; where in it the field lies.
    enum Shape {
        IPV4_TCP(20, 16), IPV4_UDP(20, 6), IPV6_TCP(40, 16), IPV6_UDP(40, 6), IPV6_ICMPV6(40, 2),
        IPV4_VXLAN_IPV4_TCP(20 + 8 + 8 + ETHERNET_BYTES + 20, 16),
        IPV6_VXLAN_IPV6_UDP(40 + 8 + 8 + ETHERNET_BYTES + 40, 6),
        IPV4_IPV4_TCP(20 + 20, 16), IPV4_IPV6_UDP(20 + 40, 6), IPV6_IPV4_TCP(40 + 20, 16);

        private final int start;
        private final int offset;

        Shape(int ipBytes, int offset) {
            this.start = ETHERNET_BYTES + ipBytes;
            this.offset = offset;
        }

        byte[] frame(byte[] payload) {
            var ethernet = Frame.ethernet(SOURCE_MAC, TARGET_MAC);
            return switch (this) {
                case IPV4_TCP -> tcp(ipv4(ethernet), payload);
                case IPV4_UDP -> udp(ipv4(ethernet), payload);
                case IPV6_TCP -> tcp(ipv6(ethernet), payload);
                case IPV6_UDP -> udp(ipv6(ethernet), payload);
                case IPV6_ICMPV6 -> icmpv6(payload);
                case IPV4_VXLAN_IPV4_TCP -> tcp(ipv4(vxlan(ipv4(ethernet))), payload);
                case IPV6_VXLAN_IPV6_UDP -> udp(ipv6(vxlan(ipv6(ethernet))), payload);
                case IPV4_IPV4_TCP -> tcp(ipv4(ipv4(ethernet)), payload);
                case IPV4_IPV6_UDP -> udp(ipv6(ipv4(ethernet)), payload);
                case IPV6_IPV4_TCP -> tcp(ipv4(ipv6(ethernet)), payload);
            };
        }

        private static Layer ipv4(Layer outer) { return outer.ipv4("10.0.0.1", "10.0.0.2"); }
        private static Layer ipv6(Layer outer) { return outer.ipv6("fd00::1", "fd00::2"); }

        private static Layer vxlan(Layer outer) {
            return outer.udp(40_000, 4789).noChecksum().vxlan(7).ethernet(SOURCE_MAC, TARGET_MAC);
        }

        private static byte[] tcp(Layer outer, byte[] payload) {
            return outer.tcp(1000, 2000).sequence(7).ack().partialChecksum().payload(payload).bytes();
        }

        private static byte[] udp(Layer outer, byte[] payload) {
            return outer.udp(1000, 2000).partialChecksum().payload(payload).bytes();
        }

        private static byte[] icmpv6(byte[] payload) {
            byte[] frame = Frame.ethernet(SOURCE_MAC, TARGET_MAC).ipv6("fd00::1", "fd00::2").icmpv6(128, 0)
                .payload(payload).bytes();
            byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(frame, 22, 16), Octets.range(frame, 38, 16), 58,
                frame.length - 54);
            Octets.u16(frame, 56, NaiveChecksum.sum(pseudo, 0, pseudo.length));
            return frame;
        }
    }

    @ParameterizedTest
    @EnumSource
    void completesAsTheKernelDoes(Shape shape) {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            for (int i = 0; i < FRAMES_PER_SHAPE; i++) {
                byte[] payload = new byte[i < 20 ? i : random.nextInt(MTU - shape.start - 60)];
                random.nextBytes(payload);
                assertSame(fixture, random, shape.frame(payload), shape.start, shape.offset);
            }
        }
    }

    /// A sum that comes to 0 goes as 0xFFFF whatever the protocol: the payload's last word makes it so.
    @ParameterizedTest
    @EnumSource
    void sendsZeroAsAllOnesAsTheKernelDoes(Shape shape) {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            byte[] payload = new byte[100];
            random.nextBytes(payload);
            byte[] frame = shape.frame(payload);
            int lastWordAt = frame.length - 2;
            Octets.u16(frame, lastWordAt, 0);
            int sum = NaiveChecksum.sum(frame, shape.start, frame.length - shape.start);
            Octets.u16(frame, lastWordAt, 0xffff - sum);
            byte[] completed = assertSame(fixture, random, frame, shape.start, shape.offset);
            assertThat(Octets.u16(completed, shape.start + shape.offset)).isEqualTo(0xffff);
        }
    }

    @Test
    void fillsInAtAnyStartAndOffsetAsTheKernelDoes() {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            for (int i = 0; i < 300; i++) {
                byte[] frame = new byte[60 + random.nextInt(2_000)];
                random.nextBytes(frame);
                Octets.u16(frame, 12, 0x88b5);   // an EtherType for experiments: nobody looks inside
                int start = START_MIN + random.nextInt(frame.length - START_MIN - 2);
                int offset = random.nextInt(Math.min(frame.length - start - 1, 1_000));
                if (start + offset + 2 > 1_500) continue;   // must fit a slot here, and the kernel's linear part there
                assertSame(fixture, random, frame, start, offset);
            }
        }
    }

    private byte[] assertSame(PacketFixture fixture, Random random, byte[] frame, int start, int offset) {
        socket.send(VnetFrame.partial(frame, start, offset));
        VnetFrame theirs = tap.next(TIMEOUT_MS);
        assertThat(theirs).as("the kernel sent the frame").isNotNull();
        assertThat(theirs.needsChecksum()).isFalse();
        int packet = fixture.packet(frame, start + offset + 2, random);
        ChecksumRecord record = new ChecksumRecord(fixture.packets);
        assertThat(record.partial(packet, start, offset)).isTrue();
        assertThat(new ChecksumHelp(fixture.packets).checksumHelp(packet)).isEqualTo(ChecksumHelp.Outcome.DONE);
        byte[] ours = fixture.bytes(packet);
        fixture.pool.release(packet);
        assertThat(ours).as("start %d, offset %d, %d bytes", start, offset, frame.length).isEqualTo(theirs.frame());
        return ours;
    }
}
