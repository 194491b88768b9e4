package io.millrace.gro;

import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.GsoType;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import static org.assertj.core.api.Assertions.assertThat;

/// Connections inside tags and tunnels: what was measured of GRE and IP in IP on a running Linux 6.18, and what its
/// sources say of VLAN, VXLAN and Geneve.
class TunnelMergingTest {

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int SEGMENTS = 3;
    private static final int PAYLOAD_BYTES = 100;

    private final MergingFixture queue = new MergingFixture();

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void mergesInsideTags() {
        assertThat(merged(i -> Segments.ethernet().vlan(10).priority(3)).gsoType()).isEqualTo(GsoType.TCPV4);
        assertThat(merged(i -> Segments.ethernet().serviceVlan(5).vlan(10)).gsoType()).isEqualTo(GsoType.TCPV4);
        assertThat(queue.poll(train(i -> Segments.ethernet().vlan(10 + i)))).hasSize(SEGMENTS);
        assertThat(queue.poll(train(i -> Segments.ethernet().vlan(10).priority(i)))).hasSize(SEGMENTS);
    }

    @Test
    void mergesInsideIpv4() {
        Merged merged = merged(i -> outer(50 + i));
        assertThat(merged.gsoType()).isEqualTo(GsoType.IPXIP4 | GsoType.TCPV4);
        assertThat(merged.checksumStart()).isEqualTo(ETHERNET_BYTES + 2 * IPV4_BYTES);
        assertThat(NaiveChecksum.isIpv4Valid(merged.bytes(), ETHERNET_BYTES)).isTrue();
        assertThat(NaiveChecksum.isIpv4Valid(merged.bytes(), ETHERNET_BYTES + IPV4_BYTES)).isTrue();
        assertThat(Octets.u16(merged.bytes(), ETHERNET_BYTES + 2)).isEqualTo(merged.bytes().length - ETHERNET_BYTES);
    }

    @Test
    void mergesInsideIpv6() {
        Merged merged = merged(i -> Segments.ethernet().ipv6("fd00::8", "fd00::9"));
        assertThat(merged.gsoType()).isEqualTo(GsoType.IPXIP6 | GsoType.TCPV4);
        assertThat(Octets.u16(merged.bytes(), ETHERNET_BYTES + 4)).isEqualTo(merged.bytes().length - 54);
    }

    @Test
    void idsOfTheOuterHeaderCountOrStay() {
        assertThat(merged(i -> outer(9)).gsoType()).isEqualTo(GsoType.IPXIP4 | GsoType.TCPV4 | GsoType.TCP_FIXEDID);
        assertThat(queue.poll(train(i -> outer(9 + 40 * i)))).hasSize(SEGMENTS);
        assertThat(queue.poll(train(i -> Segments.ethernet().ipv4("10.1.0.1", "10.1.0.2").ttl(9 + i)
            .identification(i)))).hasSize(SEGMENTS);
    }

    @Test
    void idsOfTheInnerHeaderAreNotedApart() {
        List<byte[]> frames = new Segments().in(layer -> outer(9)).ids(true, 3, 3, 3).frames();
        Merged merged = queue.poll(frames).getFirst();
        assertThat(merged.gsoType()).isEqualTo(
            GsoType.IPXIP4 | GsoType.TCPV4 | GsoType.TCP_FIXEDID | GsoType.TCP_FIXEDID_INNER);
    }

    @Test
    void mergesInsideGre() {
        assertThat(merged(i -> outer(i).gre()).gsoType()).isEqualTo(GsoType.GRE | GsoType.TCPV4);
        assertThat(merged(i -> outer(i).gre().key(7)).gsoType()).isEqualTo(GsoType.GRE | GsoType.TCPV4);
        assertThat(queue.poll(train(i -> outer(i).gre().key(7 + i)))).hasSize(SEGMENTS);
        assertThat(queue.poll(train(i -> outer(i).gre().sequence(7)))).hasSize(SEGMENTS);
    }

    @Test
    void aChecksumOfGreIsToBeComputedAnew() {
        assertThat(merged(i -> outer(i).gre().withChecksum()).gsoType()).isEqualTo(GsoType.GRE_CSUM | GsoType.TCPV4);
        assertThat(queue.poll(train(i -> outer(i).gre().checksum(1)))).hasSize(SEGMENTS);
    }

    @Test
    void mergesInsideVxlan() {
        Merged merged = merged(i -> vxlan(outer(i), 7, false));
        assertThat(merged.gsoType()).isEqualTo(GsoType.UDP_TUNNEL | GsoType.TCPV4);
        assertThat(Octets.u16(merged.bytes(), ETHERNET_BYTES + IPV4_BYTES + 4)).as("outer UDP length")
            .isEqualTo(merged.bytes().length - ETHERNET_BYTES - IPV4_BYTES);
        assertThat(queue.poll(train(i -> vxlan(outer(i), 7 + i, false)))).as("VNI").hasSize(SEGMENTS);
    }

    @Test
    void anOuterUdpChecksumBecomesASeed() {
        Merged merged = merged(i -> vxlan(outer(i), 7, true));
        byte[] bytes = merged.bytes();
        int udpBytes = bytes.length - ETHERNET_BYTES - IPV4_BYTES;
        assertThat(merged.gsoType()).isEqualTo(GsoType.UDP_TUNNEL_CSUM | GsoType.TCPV4);
        byte[] pseudo = NaiveChecksum.pseudoHeader(Octets.range(bytes, ETHERNET_BYTES + 12, 4),
            Octets.range(bytes, ETHERNET_BYTES + 16, 4), NaiveChecksum.UDP, udpBytes);
        assertThat(Octets.u16(bytes, ETHERNET_BYTES + IPV4_BYTES + 6))
            .isEqualTo(NaiveChecksum.sum(pseudo, 0, pseudo.length));
    }

    @Test
    void aMissingAndAPresentOuterChecksumDoNotMix() {
        assertThat(queue.poll(train(i -> vxlan(outer(i), 7, i != 1)))).hasSize(SEGMENTS);
    }

    @Test
    void mergesInsideGeneve() {
        assertThat(merged(i -> geneve(i, 1)).gsoType()).isEqualTo(GsoType.UDP_TUNNEL | GsoType.TCPV4);
        assertThat(queue.poll(train(i -> geneve(i, i)))).as("option").hasSize(SEGMENTS);
        assertThat(queue.poll(train(i -> outer(i).udp(4000, 6081).noChecksum().geneve(5).control()
            .ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b")))).as("control bit").hasSize(SEGMENTS);
    }

    @Test
    void oneLevelOfTunnelIsMerged() {
        assertThat(queue.poll(train(i -> vxlan(outer(i), 7, false).ipv4("10.2.0.1", "10.2.0.2").dontFragment())))
            .hasSize(SEGMENTS);
        assertThat(queue.poll(train(i -> outer(i).gre().ipv4("10.2.0.1", "10.2.0.2").gre()))).hasSize(SEGMENTS);
    }

    @Test
    void aVerifiedOuterChecksumAnswersForTheInner() {
        List<byte[]> frames = train(i -> vxlan(outer(i), 7, true));
        List<Merged> out = queue.poll(frames, packet -> queue.meta.checksumState(packet, ChecksumState.UNNECESSARY));
        assertThat(out).hasToString("[300B[0, 1, 2]]");
    }

    private Merged merged(Function<Integer, Layer> around) {
        List<Merged> out = queue.poll(train(around));
        assertThat(out).hasSize(1);
        assertThat(out.getFirst().segments()).isEqualTo(SEGMENTS);
        assertThat(out.getFirst().gsoSize()).isEqualTo(PAYLOAD_BYTES);
        return out.getFirst();
    }

    private static List<byte[]> train(Function<Integer, Layer> around) {
        Segments segments = new Segments();
        for (int i = 0; i < SEGMENTS; i++) {
            int index = i;
            segments.in(layer -> around.apply(index)).data(PAYLOAD_BYTES);
        }
        return new ArrayList<>(segments.frames());
    }

    private static Layer outer(int id) {
        return Segments.ethernet().ipv4("10.1.0.1", "10.1.0.2").ttl(9).dontFragment().identification(id);
    }

    private static Layer vxlan(Layer outer, int vni, boolean hasChecksum) {
        var udp = outer.udp(4000, 4789);
        return (hasChecksum ? udp : udp.noChecksum()).vxlan(vni)
            .ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b");
    }

    private static Layer geneve(int id, int option) {
        return outer(id).udp(4000, 6081).noChecksum().geneve(5).option(0x102, 1, (byte) option, (byte) 0, (byte) 0, (byte) 0)
            .ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b");
    }
}
