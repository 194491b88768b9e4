package io.millrace.checksum.receive;

import io.millrace.checksum.PacketFixture;
import io.millrace.checksum.state.ChecksumRecord;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.testkit.Addresses;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class LegacyReceiveTest {

    private static final int L3 = 14;

    private final Random random = new Random(Seeds.next());
    private final PacketFixture fixture = new PacketFixture();
    private final LegacyReceive legacy = new LegacyReceive(fixture.packets);
    private final ChecksumRecord record = new ChecksumRecord(fixture.packets);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void makesTheSumOfTheWholePacketOfTheDevicesWord() {
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(2_000)];
            random.nextBytes(payload);
            Layer ip = random.nextBoolean() ? ipv4() : ipv6();
            Layer transport = random.nextBoolean() ? ip.tcp(1, 2) : ip.udp(1, 2);
            byte[] padding = new byte[random.nextInt(5)];
            random.nextBytes(padding);
            byte[] frame = Octets.concat(transport.payload(payload).bytes(), padding);
            int packet = fixture.packet(frame, 100, random);
            record.unnecessary(packet, 1);
            assertThat(legacy.convertUnnecessary(packet, L3)).isTrue();
            assertThat(record.state(packet)).isEqualTo(ChecksumState.COMPLETE);
            assertThat(record.start(packet)).isEqualTo(L3);
            assertThat(fixture.meta.checksumSum(packet) % 0xffff)
                .isEqualTo(NaiveChecksum.sum(frame, L3, frame.length - L3) % 0xffff);
            fixture.pool.release(packet);
        }
    }

    @Test
    void makesNothingOfWhatSuchADeviceCannotKnow() {
        assertRefused(ipv4().udp(1, 2).noChecksum());
        assertRefused(ipv4().icmpEchoRequest(1, 2));
        assertRefused(ipv4().sctp(1, 2));
        assertRefused(Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2")
            .moreFragments().tcp(1, 2));
        assertRefused(ipv6().fragment(1, 0, true).tcp(1, 2));
        assertRefused(ipv6().segmentRouting(1, "fd00::b", "fd00::a").tcp(1, 2));
        assertRefused(ipv6().segmentRouting(0, "fd00::b", "fd00::a").tcp(1, 2));
        assertRefused(ipv6().destinationOptions().option(0xc9, Addresses.ipv6("fd00::9")).tcp(1, 2));
        assertRefused(ipv4().udp(1, 2).datagramBytes(99));
    }

    private void assertRefused(Layer layer) {
        byte[] frame = layer.bytes();
        int packet = fixture.packet(frame);
        record.unnecessary(packet, 1);
        assertThat(legacy.convertUnnecessary(packet, L3)).isFalse();
        assertThat(record.state(packet)).isEqualTo(ChecksumState.NONE);
    }

    private static Layer ipv4() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0.1", "10.0.0.2");
    }

    private static Layer ipv6() {
        return Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::2");
    }
}
