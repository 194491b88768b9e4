package io.millrace.checksum;

import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// The algebra of sums, on random bytes.
class SumPropertiesTest {

    private static final int ROUNDS = 3_000;

    private final Random random = new Random(Seeds.next());

    @Test
    void joinsPartsCutAnywhere() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = bytes(random.nextInt(300));
            long sum = 0;
            for (int done = 0; done < bytes.length; ) {
                int part = 1 + random.nextInt(bytes.length - done);
                sum = InternetChecksum.join(sum, done, sum(bytes, done, part));
                done += part;
            }
            assertThat(InternetChecksum.fold(sum)).isEqualTo(NaiveChecksum.sum(bytes, 0, bytes.length));
        }
    }

    @Test
    void takesAwayWhatItAdded() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = bytes(2 + random.nextInt(200));
            int cut = random.nextInt(bytes.length / 2 + 1) * 2;
            long rest = InternetChecksum.without(sum(bytes, 0, bytes.length), sum(bytes, 0, cut));
            assertThat(same(rest, sum(bytes, cut, bytes.length - cut))).isTrue();
        }
    }

    @Test
    void countsTwiceAtAnOddByteAsAtAnEvenOne() {
        for (int value = 0; value <= 0xffff; value++) {
            assertThat(InternetChecksum.atOddByte(InternetChecksum.atOddByte(value))).isEqualTo(value);
        }
    }

    @Test
    void doesNotMindTheOrderOfWords() {
        for (int i = 0; i < 200; i++) {
            byte[] bytes = bytes(64);
            byte[] turned = new byte[64];
            for (int word = 0; word < 32; word++) {
                turned[62 - 2 * word] = bytes[2 * word];
                turned[63 - 2 * word] = bytes[2 * word + 1];
            }
            assertThat(InternetChecksum.fold(sum(turned, 0, 64))).isEqualTo(InternetChecksum.fold(sum(bytes, 0, 64)));
        }
    }

    @Test
    void changesIncrementallyAsInFull() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] before = bytes(40);
            byte[] after = before.clone();
            int fieldBytes = 2 << random.nextInt(3) + (random.nextBoolean() ? 0 : 1);
            int at = 2 * random.nextInt((40 - fieldBytes) / 2 + 1);
            byte[] field = random.nextInt(8) == 0 ? new byte[fieldBytes] : bytes(fieldBytes);
            System.arraycopy(field, 0, after, at, fieldBytes);
            long delta = delta(before, after, at, fieldBytes);
            int updated = IncrementalUpdate.apply(NaiveChecksum.of(before, 0, 40), delta);
            assertThat(updated).isEqualTo(NaiveChecksum.of(after, 0, 40));
        }
    }

    @Test
    void keepsAWrongChecksumWrongByTheSameAmount() {
        for (int i = 0; i < ROUNDS; i++) {
            int from = random.nextInt(0x10000);
            int to = random.nextInt(0x10000);
            int stored = random.nextInt(0x10000);
            int updated = IncrementalUpdate.replace16(stored, from, to);
            assertThat(same(updated + to, stored + from)).isTrue();
        }
    }

    private static long delta(byte[] before, byte[] after, int at, int fieldBytes) {
        return switch (fieldBytes) {
            case 2 -> IncrementalUpdate.delta16(Octets.u16(before, at), Octets.u16(after, at));
            case 4 -> IncrementalUpdate.delta32((int) Octets.u32(before, at), (int) Octets.u32(after, at));
            case 8 -> IncrementalUpdate.delta32((int) Octets.u32(before, at), (int) Octets.u32(after, at))
                + IncrementalUpdate.delta32((int) Octets.u32(before, at + 4), (int) Octets.u32(after, at + 4));
            case 16 -> IncrementalUpdate.delta128(u64(before, at), u64(before, at + 8), u64(after, at),
                u64(after, at + 8));
            default -> throw new IllegalArgumentException("a field of " + fieldBytes + " bytes");
        };
    }

    private static long u64(byte[] bytes, int at) {
        return Octets.u32(bytes, at) << 32 | Octets.u32(bytes, at + 4);
    }

    /// Equal as ones' complement numbers: 0x0000 and 0xFFFF are one.
    private static boolean same(long left, long right) {
        return InternetChecksum.fold(left) % 0xffff == InternetChecksum.fold(right) % 0xffff;
    }

    private static long sum(byte[] bytes, int at, int byteCount) {
        return InternetChecksum.sum(MemorySegment.ofArray(bytes), at, byteCount);
    }

    private byte[] bytes(int byteCount) {
        byte[] bytes = new byte[byteCount];
        random.nextBytes(bytes);
        return bytes;
    }
}
