package io.millrace.checksum.transmit;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Frame;
import io.millrace.testkit.FrameAssert;
import io.millrace.testkit.GreLayer;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class LocalChecksumTest {

    private static final int L3 = 14;
    private static final int UDP_FIELD = 6;
    private static final int TCP_FIELD = 16;
    private static final String MAC = "02:00:00:00:00:01";

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final LocalChecksum local = new LocalChecksum(fixture.packets);
    private final ChecksumHelp help = new ChecksumHelp(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void outerUdpIsRightOnceTheInnerIsFilledIn() {
        for (int i = 0; i < 200; i++) {
            boolean isIpv4 = random.nextBoolean();
            int udpAt = L3 + (isIpv4 ? 20 : 40);
            byte[] payload = random(random.nextInt(2_000));
            byte[] right = tunnel(isIpv4).udp(9, 4789).vxlan(1).ethernet(MAC, MAC).ipv4("10.1.0.1", "10.1.0.2")
                .tcp(1, 2).payload(payload).bytes();
            byte[] open = tunnel(isIpv4).udp(9, 4789).checksum(0xdead).vxlan(1).ethernet(MAC, MAC)
                .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).partialChecksum().payload(payload).bytes();
            int innerL4 = udpAt + 8 + 8 + 14 + 20;
            int packet = fixture.packet(open, innerL4 + 20, random);
            record.partial(packet, innerL4, TCP_FIELD);
            local.fillUdp(packet, L3, udpAt, true);
            assertThat(record.start(packet)).as("the inner one is still open").isEqualTo(innerL4);
            help.checksumHelp(packet);
            assertThat(fixture.bytes(packet)).isEqualTo(right);
            fixture.pool.release(packet);
        }
    }

    @Test
    void twoTunnelsCostOneDeviceChecksum() {
        byte[] payload = random(700);
        Layer inside = tunnel(true).udp(9, 4789).vxlan(1).ethernet(MAC, MAC).ipv6("fd00::1", "fd00::2")
            .udp(8, 6081).geneve(2).ethernet(MAC, MAC).ipv4("10.1.0.1", "10.1.0.2");
        byte[] right = inside.tcp(1, 2).payload(payload).bytes();
        byte[] open = inside.tcp(1, 2).partialChecksum().payload(payload).bytes();
        int firstUdp = L3 + 20;
        int secondL3 = firstUdp + 8 + 8 + 14;
        int secondUdp = secondL3 + 40;
        int innerL4 = secondUdp + 8 + 8 + 14 + 20;
        int packet = fixture.packet(open, innerL4 + 20, random);
        record.partial(packet, innerL4, TCP_FIELD);
        local.fillUdp(packet, secondL3, secondUdp, true);
        local.fillUdp(packet, L3, firstUdp, true);
        help.checksumHelp(packet);
        assertThat(fixture.bytes(packet)).isEqualTo(right);
    }

    @Test
    void outerUdpIsLeftToTheDeviceWhereTheInnerIsDone() {
        byte[] right = tunnel(false).udp(9, 4789).vxlan(1).payload(random(100)).bytes();
        byte[] open = right.clone();
        Octets.u16(open, L3 + 40 + UDP_FIELD, 0);
        int packet = fixture.packet(open, 100, random);
        local.fillUdp(packet, L3, L3 + 40, true);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.PARTIAL);
        assertThat(record.start(packet)).isEqualTo(L3 + 40);
        help.checksumHelp(packet);
        assertThat(fixture.bytes(packet)).isEqualTo(right);
    }

    @Test
    void writesZeroWhereNoneIsWanted() {
        byte[] frame = tunnel(true).udp(9, 4789).checksum(0xdead).vxlan(1).payload(random(100)).bytes();
        int packet = fixture.packet(frame);
        local.fillUdp(packet, L3, L3 + 20, false);
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
        FrameAssert.assertThatFrame(fixture.bytes(packet)).isIpv4();
        assertThat(Octets.u16(fixture.bytes(packet), L3 + 20 + UDP_FIELD)).isZero();
    }

    @Test
    void leavesTheSeedInAPacketStillToBeCut() {
        byte[] frame = tunnel(true).udp(9, 4789).checksum(0xdead).vxlan(1).payload(random(3_000)).bytes();
        byte[] seeded = frame.clone();
        byte[] seed = tunnel(true).udp(9, 4789).partialChecksum().vxlan(1).payload(new byte[3_000]).bytes();
        System.arraycopy(seed, L3 + 20 + UDP_FIELD, seeded, L3 + 20 + UDP_FIELD, 2);
        int packet = fixture.packet(frame);
        fixture.meta.gsoSize(packet, 1_000);
        local.fillUdp(packet, L3, L3 + 20, true);
        assertThat(fixture.bytes(packet)).isEqualTo(seeded);
    }

    @Test
    void greChecksumIsRightOnceTheInnerIsFilledIn() {
        for (boolean isInnerOpen : new boolean[] {true, false}) {
            byte[] payload = random(301);
            byte[] right = gre().withChecksum().ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).payload(payload).bytes();
            GreLayer undone = gre().checksum(0xdead);
            var tcp = undone.ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2);
            byte[] open = (isInnerOpen ? tcp.partialChecksum() : tcp).payload(payload).bytes();
            int greAt = L3 + 20;
            int packet = fixture.packet(open, 100, random);
            if (isInnerOpen) record.partial(packet, greAt + 8 + 20, TCP_FIELD);
            local.fillGre(packet, greAt);
            assertThat(record.start(packet)).isEqualTo(isInnerOpen ? greAt + 8 + 20 : greAt);
            help.checksumHelp(packet);
            assertThat(fixture.bytes(packet)).isEqualTo(right);
        }
    }

    private static Layer tunnel(boolean isIpv4) {
        Layer ethernet = Frame.ethernet(MAC, "02:00:00:00:00:02");
        return isIpv4 ? ethernet.ipv4("10.0.0.1", "10.0.0.2") : ethernet.ipv6("fd00::a", "fd00::b");
    }

    private static GreLayer gre() {
        return tunnel(true).gre();
    }

    private byte[] random(int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return bytes;
    }
}
