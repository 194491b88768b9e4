package io.millrace.dataplane.forward;

import io.millrace.dataplane.PacketBench;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MtuCheckTest {

    private final PacketBench bench = new PacketBench(64);
    private final PacketMeta meta = bench.meta;
    private final MtuCheck mtu = new MtuCheck(bench.packets);

    @Test
    void aPlainPacketFitsUpToTheMtu() {
        int packet = bench.put(new byte[100]);
        assertThat(mtu.fits(packet, 1_500, 1_500)).isTrue();
        assertThat(mtu.fits(packet, 1_501, 1_500)).isFalse();
    }

    /// IPv4 20 + TCP 32 + 1,448 is an MTU of 1,500 to the byte.
    @Test
    void ofTcpTheOptionsCount() {
        int packet = superPacket(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .tcp(1, 2).nop().nop().timestamps(1, 2).payload(new byte[9_000]).bytes(), 34, GsoType.TCPV4, 1_448);
        assertThat(mtu.fits(packet, 9_052, 1_500)).isTrue();
        assertThat(mtu.fits(packet, 9_052, 1_499)).isFalse();
        meta.gsoSize(packet, 1_449);
        assertThat(mtu.fits(packet, 9_052, 1_500)).isFalse();
    }

    @Test
    void ofUdpEachDatagramCountsWithItsHeaders() {
        int packet = superPacket(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::2")
            .udp(1, 2).payload(new byte[9_000]).bytes(), 54, GsoType.UDP_L4, 1_452);
        assertThat(mtu.fits(packet, 9_048, 1_500)).isTrue();
        assertThat(mtu.fits(packet, 9_048, 1_499)).isFalse();
    }

    @Test
    void ofFragmentsTheTransportHeaderIsPayload() {
        int packet = superPacket(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .udp(1, 2).payload(new byte[9_000]).bytes(), 34, GsoType.UDP, 1_480);
        assertThat(mtu.fits(packet, 9_028, 1_500)).isTrue();
        assertThat(mtu.fits(packet, 9_028, 1_499)).isFalse();
    }

    @Test
    void inATunnelAllHeadersCount() {
        int packet = superPacket(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .ipv4("10.1.0.1", "10.1.0.2").tcp(1, 2).payload(new byte[9_000]).bytes(), 34,
            GsoType.TCPV4 | GsoType.IPXIP4, 1_400);
        meta.innerL4(packet, 54);
        assertThat(mtu.fits(packet, 9_060, 1_460)).isTrue();
        assertThat(mtu.fits(packet, 9_060, 1_459)).isFalse();
    }

    @Test
    void segmentsBySlotsMustEachFit() {
        byte[] frame = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .sctp(1, 2).payload(new byte[3_000]).bytes();
        int packet = bench.put(frame, 1_000);
        meta.l4(packet, 34);
        meta.gsoType(packet, GsoType.SCTP);
        meta.gsoSize(packet, GsoType.BY_SLOTS);
        assertThat(mtu.fits(packet, 3_032, 1_032)).isTrue();
        assertThat(mtu.fits(packet, 3_032, 1_031)).isFalse();
    }

    @Test
    void aTransportHeaderCutOffCountsNothing() {
        int packet = superPacket(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .payload(new byte[10]).bytes(), 34, GsoType.TCPV4, 1_480);
        assertThat(mtu.fits(packet, 9_000, 1_500)).isTrue();
    }

    private int superPacket(byte[] frame, int l4, int type, int size) {
        int packet = bench.put(frame, 1_500);
        meta.l4(packet, l4);
        meta.gsoType(packet, type);
        meta.gsoSize(packet, size);
        return packet;
    }
}
