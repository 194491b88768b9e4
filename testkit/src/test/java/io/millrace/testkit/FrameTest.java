package io.millrace.testkit;

import org.junit.jupiter.api.Test;

import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static io.millrace.testkit.FrameAssert.assertThatPacket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameTest {

    private static final String ALICE = "02:00:00:00:00:01";
    private static final String BOB = "02:00:00:00:00:02";

    /// Every byte written by hand. Header: ~(4500 + 001e + 4011 + 0a00 + 0001 + 0a00 + 0002) = 66cd. UDP: ~(pseudo
    /// header 141e + 03e8 + 07d0 + 000a + 0102) = df1d.
    @Test
    void writesTheBytesOfAKnownFrame() {
        byte[] frame = Frame.ethernet(ALICE, BOB).vlan(10).ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000)
            .payload((byte) 1, (byte) 2).bytes();
        assertThat(Hex.format(frame)).isEqualTo(Hex.format(Hex.parse("""
            02 00 00 00 00 02  02 00 00 00 00 01  81 00  00 0a  08 00
            45 00 00 1e  00 00 00 00  40 11 66 cd  0a 00 00 01  0a 00 00 02
            03 e8 07 d0  00 0a df 1d  01 02
            """)));
    }

    @Test
    void leavesWhatIsSetOnPurpose() {
        byte[] frame = Frame.ethernet(ALICE, BOB).etherType(0x1234)
            .ipv4("10.0.0.1", "10.0.0.2").version(7).headerBytes(24).totalBytes(9).protocol(99).checksum(0xdead)
            .udp(1, 2).datagramBytes(3).checksum(0xbeef).bytes();
        assertThat(Octets.u16(frame, 12)).isEqualTo(0x1234);
        assertThat(Octets.u8(frame, 14)).isEqualTo(0x76);
        assertThat(Octets.u16(frame, 16)).isEqualTo(9);
        assertThat(Octets.u8(frame, 23)).isEqualTo(99);
        assertThat(Octets.u16(frame, 24)).isEqualTo(0xdead);
        assertThat(Octets.u16(frame, 38)).isEqualTo(3);
        assertThat(Octets.u16(frame, 40)).isEqualTo(0xbeef);
    }

    @Test
    void continuesOnePrefixInTwoWays() {
        Ipv4Layer prefix = Frame.ethernet(ALICE, BOB).ipv4("10.0.0.1", "10.0.0.2");
        byte[] tcp = prefix.tcp(1, 2).bytes();
        byte[] udp = prefix.udp(3, 4).bytes();
        assertThatFrame(tcp).isTcp().from("10.0.0.1", 1).hasValidChecksums();
        assertThatFrame(udp).isUdp().from("10.0.0.1", 3).hasValidChecksums();
    }

    @Test
    void leavesTheSumOfThePseudoHeaderForACard() {
        byte[] packet = Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1000, 2000).partialChecksum().payloadOf(2).bytes();
        // 0a00 + 0001 + 0a00 + 0002 + 0011 + 000a
        assertThat(Octets.u16(packet, 26)).isEqualTo(0x141e);
        assertThatPacket(packet).hasWrongTransportChecksum();
    }

    @Test
    void writesAUdpChecksumThatComesOutZeroAsAllOnes() {
        Ipv4Layer ip = Frame.ipv4("10.0.0.1", "10.0.0.2");
        // The checksum of the same datagram with a zero payload, given as payload, makes the sum all ones.
        int checksum = Octets.u16(ip.udp(1, 2).payload((byte) 0, (byte) 0).bytes(), 26);
        byte[] packet = ip.udp(1, 2).payload((byte) (checksum >>> 8), (byte) checksum).bytes();
        assertThat(Octets.u16(packet, 26)).isEqualTo(0xffff);
        assertThatPacket(packet).isUdp().hasValidChecksums();
    }

    @Test
    void padsAFrameToTheLengthOfTheWireButNotThePacket() {
        byte[] frame = Frame.ethernet(ALICE, BOB).frameBytesMin(60).ipv4("10.0.0.1", "10.0.0.2").udp(1, 2)
            .payloadOf(3).bytes();
        assertThatFrame(frame).frameBytes(60).withPayloadBytes(3).hasValidChecksums();
    }

    @Test
    void takesThePacketOutOfAFrame() {
        byte[] packet = Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payloadOf(3).bytes();
        byte[] frame = Frame.ethernet(ALICE, BOB).frameBytesMin(60).vlan(1)
            .ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payloadOf(3).bytes();
        assertThat(Frame.packetIn(frame)).isEqualTo(packet);
        assertThatThrownBy(() -> Frame.packetIn(new byte[60])).hasMessageContaining("IP packet wanted");
    }

    @Test
    void acceptsALayerOfTheTestsOwn() {
        record Mark(Layer outer) implements Layer {

            @Override
            public byte[] encode(Layer inner, byte[] payload) {
                return Octets.concat(new byte[] {0x55}, payload);
            }

            @Override
            public int ipProtocol() {
                return 200;
            }
        }
        byte[] packet = Frame.ipv4("10.0.0.1", "10.0.0.2").then(Mark::new).payload((byte) 0x66).bytes();
        assertThatPacket(packet).isProtocol(200).withPayload((byte) 0x55, (byte) 0x66);
    }

    @Test
    void refusesWhatDoesNotFitItsField() {
        Ipv4Layer ip = Frame.ipv4("10.0.0.1", "10.0.0.2");
        assertThatThrownBy(() -> ip.udp(70_000, 1).bytes()).hasMessageContaining("70000");
        assertThatThrownBy(() -> ip.payloadOf(65_516).bytes())
            .hasMessage("IPv4 total bytes must be 0 to 65535, got 65536");
        assertThatThrownBy(() -> ip.tcp(1, 2).options(new byte[41]).bytes()).hasMessageContaining("TCP header bytes");
        assertThatThrownBy(() -> Frame.ethernet(ALICE, BOB).vlan(4096)).hasMessageContaining("VLAN id");
        assertThatThrownBy(() -> Frame.ethernet("02:00:00:00:00", BOB)).hasMessageContaining("02:00:00:00:00");
        assertThatThrownBy(() -> Frame.ipv4("10.0.0.1", "fe80::1")).hasMessageContaining("fe80::1");
    }

    @Test
    void refusesATransportChecksumWithoutAddresses() {
        Layer layer = Frame.ethernet(ALICE, BOB).udp(1, 2);
        assertThatThrownBy(layer::bytes).hasMessageContaining("UdpLayer").hasMessageContaining("IP header");
    }
}
