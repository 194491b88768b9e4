package io.millrace.checksum;

import io.millrace.packet.header.IpProtocol;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class TransportChecksumTest {

    enum Transport {
        TCP_IPV4(IpProtocol.TCP, 20), TCP_IPV6(IpProtocol.TCP, 40), UDP_IPV4(IpProtocol.UDP, 20),
        UDP_IPV6(IpProtocol.UDP, 40), ICMP(IpProtocol.ICMP, 20), ICMPV6(IpProtocol.ICMPV6, 40);

        private final int protocol;
        private final int l4;

        Transport(int protocol, int l4) {
            this.protocol = protocol;
            this.l4 = l4;
        }

        byte[] packet(byte[] payload) {
            Layer ip = l4 == 20 ? Frame.ipv4("10.0.0.1", "10.0.0.2") : Frame.ipv6("fd00::1", "fd00::2");
            Layer transport = switch (protocol) {
                case IpProtocol.TCP -> ip.tcp(1000, 2000).ack();
                case IpProtocol.UDP -> ip.udp(1000, 2000);
                case IpProtocol.ICMP -> ip.icmpEchoRequest(1, 2);
                default -> ip.icmpv6EchoRequest(1, 2);
            };
            return transport.payload(payload).bytes();
        }
    }

    @ParameterizedTest
    @EnumSource
    void findsRightWhatIsRightAndWrongWhatLostABit(Transport transport) {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            TransportChecksum checksums = new TransportChecksum(fixture.packets);
            for (int i = 0; i < 100; i++) {
                byte[] bytes = transport.packet(payload(random));
                int l4Bytes = bytes.length - transport.l4;
                int whole = fixture.packet(bytes, 80, random);
                assertThat(checksums.isRight(whole, 0, transport.l4, l4Bytes, transport.protocol)).isTrue();
                int at = transport.l4 + random.nextInt(l4Bytes);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                int flipped = fixture.packet(bytes, 80, random);
                assertThat(checksums.isRight(flipped, 0, transport.l4, l4Bytes, transport.protocol)).isFalse();
                fixture.pool.release(whole);
                fixture.pool.release(flipped);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void fillsInWhatBelongsThereWhateverWasThere(Transport transport) {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            TransportChecksum checksums = new TransportChecksum(fixture.packets);
            for (int i = 0; i < 100; i++) {
                byte[] right = transport.packet(payload(random));
                byte[] disturbed = right.clone();
                int fieldAt = transport.l4 + ChecksumField.offset(transport.protocol);
                disturbed[fieldAt] = (byte) random.nextInt(256);
                disturbed[fieldAt + 1] = (byte) random.nextInt(256);
                int packet = fixture.packet(disturbed, 80, random);
                checksums.fill(packet, 0, transport.l4, right.length - transport.l4, transport.protocol);
                assertThat(fixture.bytes(packet)).isEqualTo(right);
                fixture.pool.release(packet);
            }
        }
    }

    private static byte[] payload(Random random) {
        byte[] payload = new byte[random.nextInt(3_000)];
        random.nextBytes(payload);
        return payload;
    }
}
