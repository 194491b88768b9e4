package io.millrace.checksum.cover;

import io.millrace.checksum.PacketFixture;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.testkit.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class NetworkHeaderTest {

    private final PacketFixture fixture = new PacketFixture();
    private final NetworkHeader ip = new NetworkHeader(fixture.packets);
    private int packet = PacketMemory.NONE;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void readsAPlainIpv4Header() {
        assertThat(read(Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payloadOf(5).bytes()))
            .isEqualTo(NetworkHeader.Found.TRANSPORT);
        assertThat(ip.family()).isEqualTo(4);
        assertThat(ip.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(ip.l4()).isEqualTo(20);
        assertThat(ip.l4Bytes()).isEqualTo(13);
        assertThat(ip.hasOptions()).isFalse();
        assertThat(ip.hasExtensions()).isFalse();
        assertThat(ip.isWhole()).isTrue();
        assertPseudoHeader("10.0.0.1", "10.0.0.2");
    }

    @Test
    void stepsOverEveryIpv6Extension() {
        read(Frame.ipv6("fd00::1", "fd00::2").hopByHop().routerAlert(0).destinationOptions().fragment(1, 0, false)
            .authentication(5, 6).tcp(1, 2).ack().bytes());
        assertThat(ip.protocol()).isEqualTo(IpProtocol.TCP);
        assertThat(ip.l4Bytes()).isEqualTo(20);
        assertThat(ip.hasExtensions()).isTrue();
        assertThat(ip.hasRouting()).isFalse();
        assertThat(ip.isFragment()).as("atomic").isFalse();
        assertPseudoHeader("fd00::1", "fd00::2");
    }

    @Test
    void stepsOverAnAuthenticationHeaderOfIpv4() {
        read(Frame.ipv4("10.0.0.1", "10.0.0.2").authentication(5, 6).udp(1, 2).bytes());
        assertThat(ip.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(ip.l4Bytes()).isEqualTo(8);
    }

    @Test
    void stopsAtALaterFragment() {
        read(Frame.ipv6("fd00::1", "fd00::2").fragment(1, 64, true).tcp(1, 2).bytes());
        assertThat(ip.isFragment()).isTrue();
        assertThat(ip.isLaterFragment()).isTrue();
        read(Frame.ipv4("10.0.0.1", "10.0.0.2").fragmentOffsetBytes(64).tcp(1, 2).bytes());
        assertThat(ip.isLaterFragment()).isTrue();
        read(Frame.ipv4("10.0.0.1", "10.0.0.2").moreFragments().tcp(1, 2).bytes());
        assertThat(ip.isFragment()).isTrue();
        assertThat(ip.isLaterFragment()).isFalse();
    }

    @Test
    void takesTheLastSegmentOfSegmentRoutingAsTarget() {
        read(Frame.ipv6("fd00::1", "fd00::a").segmentRouting(2, "fd00::c", "fd00::b", "fd00::a").tcp(1, 2).bytes());
        assertThat(ip.hasRouting()).isTrue();
        assertPseudoHeader("fd00::1", "fd00::c");
    }

    @Test
    void takesTheHeadersTargetOnceNoSegmentIsLeft() {
        read(Frame.ipv6("fd00::1", "fd00::c").segmentRouting(0, "fd00::c", "fd00::b", "fd00::a").tcp(1, 2).bytes());
        assertThat(ip.hasRouting()).isTrue();
        assertPseudoHeader("fd00::1", "fd00::c");
    }

    /// RFC 8754 section 4.1.1: the first segment need not be in the list, and more are left than it holds.
    @Test
    void takesTheFirstEntryOfAReducedSegmentList() {
        read(Frame.ipv6("fd00::1", "fd00::a").segmentRouting(1, "fd00::b").tcp(1, 2).bytes());
        assertPseudoHeader("fd00::1", "fd00::b");
    }

    @Test
    void takesTheLastAddressOfTypes0And2() {
        byte[] addresses = Octets.concat(new byte[4], Addresses.ipv6("fd00::b"), Addresses.ipv6("fd00::c"));
        read(Frame.ipv6("fd00::1", "fd00::a").routing(0, 2, addresses).tcp(1, 2).bytes());
        assertPseudoHeader("fd00::1", "fd00::c");
        byte[] home = Octets.concat(new byte[4], Addresses.ipv6("fd00::d"));
        read(Frame.ipv6("fd00::1", "fd00::a").routing(2, 1, home).tcp(1, 2).bytes());
        assertPseudoHeader("fd00::1", "fd00::d");
    }

    /// RFC 6554: two addresses, of which the first lacks 8 leading bytes and the last 14; four bytes of padding.
    @Test
    void restoresTheLastAddressOfACompressedRoute() {
        byte[] data = new Octets().u8(8 << 4 | 14).u8(6 << 4).u16(0)
            .bytes(Arrays.copyOfRange(Addresses.ipv6("fd00::b"), 8, 16))
            .bytes(Arrays.copyOfRange(Addresses.ipv6("fd00::beef"), 14, 16)).zeros(6).toBytes();
        read(Frame.ipv6("fd00::1", "fd00:1:2:3:4:5:6:7").routing(3, 2, data).tcp(1, 2).bytes());
        assertPseudoHeader("fd00::1", "fd00:1:2:3:4:5:6:beef");
    }

    @Test
    void takesTheHomeAddressAsSource() {
        read(Frame.ipv6("fd00::99", "fd00::2").destinationOptions().options((byte) 1, (byte) 0)
            .option(0xc9, Addresses.ipv6("fd00::1")).tcp(1, 2).bytes());
        assertThat(ip.hasHomeAddress()).isTrue();
        assertPseudoHeader("fd00::1", "fd00::2");
    }

    @Test
    void takesTheLastHopOfAnIpv4SourceRoute() {
        byte[] route = new Octets().u8(1).u8(131).u8(11).u8(4)
            .bytes(Addresses.ipv4("192.0.2.1")).bytes(Addresses.ipv4("192.0.2.9")).toBytes();
        read(Frame.ipv4("10.0.0.1", "10.0.0.2").options(route).tcp(1, 2).bytes());
        assertThat(ip.hasRouting()).isTrue();
        assertPseudoHeader("10.0.0.1", "192.0.2.9");
        route[3] = 12;   // every hop was visited
        read(Frame.ipv4("10.0.0.1", "10.0.0.2").options(route).tcp(1, 2).bytes());
        assertPseudoHeader("10.0.0.1", "10.0.0.2");
    }

    @Test
    void endsWhereTheLengthFieldSaysAndNotWithThePadding() {
        byte[] packet = Frame.ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
        read(Arrays.copyOf(packet, packet.length + 6));
        assertThat(ip.end()).isEqualTo(packet.length);
        byte[] withoutLength = Frame.ipv4("10.0.0.1", "10.0.0.2").totalBytes(0).tcp(1, 2).payloadOf(9).bytes();
        read(withoutLength);
        assertThat(ip.end()).isEqualTo(withoutLength.length);
    }

    @Test
    void refusesWhatContradictsItself() {
        assertThat(read(Frame.ipv4("10.0.0.1", "10.0.0.2").version(5).bytes()))
            .isEqualTo(NetworkHeader.Found.MALFORMED);
        assertThat(read(Frame.ipv4("10.0.0.1", "10.0.0.2").headerBytes(16).bytes()))
            .isEqualTo(NetworkHeader.Found.MALFORMED);
        assertThat(read(Frame.ipv4("10.0.0.1", "10.0.0.2").totalBytes(19).bytes()))
            .isEqualTo(NetworkHeader.Found.MALFORMED);
    }

    @Test
    void saysCutAtEveryLengthAtWhichHeadersAre() {
        Layer ip6 = Frame.ipv6("fd00::1", "fd00::2").hopByHop().segmentRouting(1, "fd00::c", "fd00::b")
            .destinationOptions().option(0xc9, Addresses.ipv6("fd00::1")).fragment(1, 0, false).authentication(1, 2);
        byte[] packet = ip6.tcp(1, 2).bytes();
        int headerBytes = packet.length - 20;
        for (int presentBytes = 0; presentBytes < packet.length; presentBytes++) {
            NetworkHeader.Found found = read(Arrays.copyOf(packet, presentBytes));
            assertThat(found).as("%d bytes", presentBytes)
                .isEqualTo(presentBytes < headerBytes ? NetworkHeader.Found.CUT : NetworkHeader.Found.TRANSPORT);
        }
    }

    @Test
    void readsNothingBehindThePacketWhateverItsBytes() {
        Random random = new Random(Seeds.next());
        byte[] packet = Frame.ipv6("fd00::1", "fd00::2").hopByHop().segmentRouting(1, "fd00::c", "fd00::b")
            .destinationOptions().option(0xc9, Addresses.ipv6("fd00::1")).tcp(1, 2).bytes();
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = Arrays.copyOf(packet, random.nextInt(packet.length + 1));
            for (int change = random.nextInt(8); change >= 0 && mutated.length > 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            if (read(mutated) != NetworkHeader.Found.TRANSPORT) continue;
            assertThat(ip.l4()).isBetween(20, mutated.length);
        }
    }

    private NetworkHeader.Found read(byte[] bytes) {
        if (packet != PacketMemory.NONE) fixture.pool.release(packet);
        packet = fixture.packet(bytes);
        return ip.read(packet, 0, bytes.length);
    }

    private void assertPseudoHeader(String source, String target) {
        boolean isIpv6 = source.contains(":");
        byte[] pseudo = NaiveChecksum.pseudoHeader(isIpv6 ? Addresses.ipv6(source) : Addresses.ipv4(source),
            isIpv6 ? Addresses.ipv6(target) : Addresses.ipv4(target), 6, 1234);
        assertThat(ip.pseudoSum(6, 1234) % 0xffff).isEqualTo(NaiveChecksum.sum(pseudo, 0, pseudo.length) % 0xffff);
    }
}
