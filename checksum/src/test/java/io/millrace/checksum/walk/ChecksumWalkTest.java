package io.millrace.checksum.walk;

import io.millrace.checksum.PacketFixture;
import io.millrace.testkit.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class ChecksumWalkTest {

    private static final String MAC = "02:00:00:00:00:01";
    private static final int ETHERNET = 1;

    private final PacketFixture fixture = new PacketFixture();
    private final ChecksumWalk walk = new ChecksumWalk(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void findsTheChecksumsOfAPlainPacket() {
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payloadOf(9)))
            .containsExactly("ip good", "tcp good");
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").checksum(1).udp(1, 2).checksum(2)))
            .containsExactly("ip bad", "udp bad");
        assertThat(walk(ethernet().ipv6("fd00::1", "fd00::2").udp(1, 2).checksum(0))).containsExactly("udp illegal");
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).noChecksum()))
            .containsExactly("ip good", "udp absent");
    }

    @Test
    void entersEveryTunnelOutermostFirst() {
        Layer packet = ethernet().vlan(3).vlan(4).mpls(5).ipv4("10.0.0.1", "10.0.0.2")
            .udp(1, 4789).vxlan(6).ethernet(MAC, MAC).ipv6("fd00::1", "fd00::2")
            .gre().withChecksum().key(7).ipv4("10.1.0.1", "10.1.0.2").checksum(9)
            .udp(1, 6081).noChecksum().geneve(8).ethernet(MAC, MAC).ipv4("10.2.0.1", "10.2.0.2")
            .ipv6("fd01::1", "fd01::2").hopByHop().routerAlert(0).udp(2152, 2152).gtpu(9)
            .ipv4("10.3.0.1", "10.3.0.2").sctp(1, 2).checksum(1);
        assertThat(walk(packet)).containsExactly("ip good", "udp good", "gre good", "ip bad", "udp absent", "ip good",
            "udp good", "ip good", "sctp bad");
    }

    @Test
    void entersTunnelsThatHaveNoChecksums() {
        byte[] inner = Frame.ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).bytes();
        byte[] innerFrame = ethernet().ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).bytes();
        Layer ip = ethernet().ipv4("10.0.0.1", "10.0.0.2");
        byte[] pptp = Octets.concat(new byte[] {0, 0x21}, inner);
        byte[] gpe = new Octets().u8(0x0c).zeros(2).u8(1).zeros(4).bytes(inner).toBytes();
        byte[] label = new Octets().u32(5L << 12 | 0x1ff).bytes(inner).toBytes();
        byte[] teredo = new Octets().u16(1).u8(0).u8(0).zeros(9).u16(0).zeros(6)
            .bytes(Frame.ipv6("fd00::1", "fd00::2").tcp(1, 2).bytes()).toBytes();
        List<String> oneInner = List.of("ip good", "ip good", "tcp good");
        assertThat(walk(ip.gre().flags(1).key(1).sequence(1).protocol(0x880b).payload(pptp))).isEqualTo(oneInner);
        assertThat(walk(ip.gre().sequence(1).protocol(0x88be).payload(Octets.concat(new byte[8], innerFrame))))
            .as("ERSPAN II").isEqualTo(oneInner);
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").protocol(143)
            .payload(Octets.concat(new byte[] {0x30, 0}, innerFrame)))).as("Ethernet in IP").isEqualTo(oneInner);
        assertThat(walk(ethernet().pppoe(1).ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2)))
            .containsExactly("ip good", "tcp good");
        assertThat(walk(ip.udp(1, 4790).payload(gpe))).containsExactly("ip good", "udp good", "ip good", "tcp good");
        assertThat(walk(ip.udp(1, 6635).payload(label))).containsExactly("ip good", "udp good", "ip good", "tcp good");
        assertThat(walk(ip.udp(1, 3544).payload(teredo))).containsExactly("ip good", "udp good", "tcp good");
    }

    @Test
    void doesNotEnterWhatOnlyLooksLikeATunnel() {
        byte[] inner = ethernet().ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).bytes();
        byte[] withoutVni = Octets.concat(new byte[8], inner);
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 4789).payload(withoutVni)))
            .containsExactly("ip good", "udp good");
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").gre().flags(0x4000).ipv4("1.1.1.1", "2.2.2.2")))
            .as("GRE with routing").containsExactly("ip good");
    }

    @Test
    void leavesThePacketQuotedByAnErrorAlone() {
        byte[] quoted = Frame.ipv4("10.1.0.1", "10.1.0.2").checksum(1).udp(1, 2).checksum(3).bytes();
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").icmp(3, 1).quote(quoted)))
            .containsExactly("ip good", "icmp good");
    }

    @Test
    void saysOfAFragmentThatItCannotTell() {
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").moreFragments().udp(1, 2).payloadOf(8)))
            .containsExactly("ip good", "udp unverified: fragment");
        assertThat(walk(ethernet().ipv4("10.0.0.1", "10.0.0.2").fragmentOffsetBytes(8).udp(1, 4789).vxlan(1)
            .ethernet(MAC, MAC).ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2))).as("what looks like a header is none")
            .containsExactly("ip good");
        assertThat(walk(ethernet().ipv6("fd00::1", "fd00::2").fragment(1, 0, true).ipv4("10.0.0.1", "10.0.0.2")
            .tcp(1, 2))).as("inside a fragment").containsExactly("ip good", "tcp unverified: fragment");
    }

    @Test
    void startsWhereTheLinkTypeSays() {
        byte[] ip = Frame.ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
        byte[] ip6 = Frame.ipv6("fd00::1", "fd00::2").tcp(1, 2).bytes();
        for (int raw : new int[] {12, 14, 101, 228}) {
            assertThat(walk(ip, raw)).containsExactly("ip good", "tcp good");
        }
        assertThat(walk(ip6, 229)).containsExactly("tcp good");
        assertThat(walk(Octets.concat(new byte[] {2, 0, 0, 0}, ip), 0)).as("little-endian").hasSize(2);
        assertThat(walk(Octets.concat(new byte[] {0, 0, 0, 2}, ip), 108)).as("big-endian").hasSize(2);
        assertThat(walk(Octets.concat(new byte[] {0, 0, 0, 24}, ip6), 0)).hasSize(1);
        assertThat(walk(new Octets().zeros(14).u16(0x800).bytes(ip).toBytes(), 113)).hasSize(2);
        assertThat(walk(new Octets().u16(0x86dd).zeros(18).bytes(ip6).toBytes(), 276)).hasSize(1);
        assertThat(walk(ip, 105)).as("802.11").isEmpty();
    }

    @Test
    void saysCutOfWhatTheCaptureCut() {
        byte[] frame = ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payloadOf(100).bytes();
        int packet = fixture.packet(Arrays.copyOf(frame, 60));
        fixture.meta.originalBytes(packet, frame.length);
        assertThat(walk(packet)).containsExactly("ip good", "udp unverified: cut short");
        int inHeader = fixture.packet(Arrays.copyOf(frame, 20));
        fixture.meta.originalBytes(inHeader, frame.length);
        assertThat(walk(inHeader)).containsExactly("ip unverified: cut short");
    }

    @Test
    void comesToAnEndWithEveryPrefixOfEveryPacket() {
        Layer packet = ethernet().vlan(3).mpls(5).ipv6("fd00::1", "fd00::2").hopByHop().segmentRouting(1, "fd00::3")
            .destinationOptions().option(0xc9, Addresses.ipv6("fd00::9")).udp(1, 4789).vxlan(6).ethernet(MAC, MAC)
            .pppoe(1).ipv4("10.0.0.1", "10.0.0.2").gre().withChecksum().ipv4("10.1.0.1", "10.1.0.2")
            .udp(2152, 2152).gtpu(9).ipv4("10.3.0.1", "10.3.0.2").tcp(1, 2);
        byte[] bytes = packet.bytes();
        Random random = new Random(Seeds.next());
        for (int presentBytes = 0; presentBytes <= bytes.length; presentBytes++) {
            walk(Arrays.copyOf(bytes, presentBytes), ETHERNET);
        }
        for (int i = 0; i < 30_000; i++) {
            byte[] mutated = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            for (int change = random.nextInt(10); change >= 0 && mutated.length > 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            assertThat(walk(mutated, ETHERNET).size()).isLessThan(200);
        }
    }

    @Test
    void givesUpOnEndlessNesting() {
        byte[] packet = new byte[0];
        for (int i = 0; i < 80; i++) {
            byte[] header = Frame.ipv4("10.0.0.1", "10.0.0.2").protocol(4).totalBytes(20 + packet.length).bytes();
            packet = Octets.concat(header, packet);
        }
        assertThat(walk(packet, 101)).hasSize(64);
    }

    private static Layer ethernet() {
        return Frame.ethernet(MAC, "02:00:00:00:00:02");
    }

    private List<String> walk(Layer packet) {
        return walk(packet.bytes(), ETHERNET);
    }

    private List<String> walk(byte[] bytes, int linkType) {
        int packet = fixture.packet(bytes);
        fixture.meta.linkType(packet, linkType);
        List<String> found = walk(packet);
        fixture.pool.release(packet);
        return found;
    }

    private List<String> walk(int packet) {
        List<String> found = new ArrayList<>();
        walk.walk(packet, (kind, status) -> found.add(kind.label() + " " + status.word()
            + (status.reason().isEmpty() ? "" : ": " + status.reason())));
        return found;
    }
}
