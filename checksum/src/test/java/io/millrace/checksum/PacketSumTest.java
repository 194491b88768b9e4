package io.millrace.checksum;

import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class PacketSumTest {

    @Test
    void sumsAnyRangeOfAnyChain() {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            PacketSum sums = new PacketSum(fixture.packets);
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = random(random, random.nextInt(random.nextBoolean() ? 100 : 10_000));
                int packet = fixture.packet(bytes, random.nextInt(60), random);
                int from = random.nextInt(bytes.length + 1);
                int byteCount = random.nextInt(bytes.length - from + 1);
                assertThat(InternetChecksum.fold(sums.sum(packet, from, byteCount)))
                    .as("%d bytes from %d of %d", byteCount, from, bytes.length)
                    .isEqualTo(NaiveChecksum.sum(bytes, from, byteCount));
                fixture.pool.release(packet);
            }
        }
    }

    @Test
    void leavesTheFieldOut() {
        Random random = new Random(Seeds.next());
        try (PacketFixture fixture = new PacketFixture()) {
            PacketSum sums = new PacketSum(fixture.packets);
            for (int i = 0; i < 500; i++) {
                byte[] bytes = random(random, 40 + random.nextInt(3_000));
                int from = random.nextInt(10);
                int fieldAt = from + 2 * random.nextInt(10);
                int packet = fixture.packet(bytes, random.nextInt(60), random);
                int sum = InternetChecksum.fold(sums.sumAround(packet, from, bytes.length - from, fieldAt));
                int crc = sums.crc32cAround(packet, from, bytes.length - from, fieldAt);
                byte[] zeroed = bytes.clone();
                Octets.u16(zeroed, fieldAt, 0);
                assertThat(sum).isEqualTo(NaiveChecksum.sum(zeroed, from, bytes.length - from));
                Octets.u16(zeroed, fieldAt + 2, 0);
                assertThat(crc).isEqualTo(NaiveChecksum.crc32c(zeroed, from, bytes.length - from));
                fixture.pool.release(packet);
            }
        }
    }

    private static byte[] random(Random random, int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return bytes;
    }
}
