package io.millrace.checksum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/// Both ways to sum, held against adding 16-bit words one by one.
class SumKernelTest {

    private static final int BYTES_MAX = 700;

    private interface Sum {
        long of(MemorySegment memory, long at, int byteCount);
    }

    enum Kernel {
        SCALAR(ScalarSum::sum), VECTOR(VectorSum::sum), EITHER(InternetChecksum::sum);

        private final Sum sum;

        Kernel(Sum sum) {
            this.sum = sum;
        }

        long sum(MemorySegment memory, long at, int byteCount) {
            return sum.of(memory, at, byteCount);
        }
    }

    @Test
    void runsWithVectorsInTests() {
        assertThat(InternetChecksum.hasVectors()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithAddingWordsAtEveryLengthAndAlignment(Kernel kernel) {
        byte[] bytes = random(BYTES_MAX + 8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(BYTES_MAX + 200);
            memory.copyFrom(MemorySegment.ofArray(bytes));
            for (int at = 0; at < 8; at++) {
                for (int byteCount = 0; byteCount <= BYTES_MAX; byteCount++) {
                    assertThat(InternetChecksum.fold(kernel.sum(memory, at, byteCount)))
                        .as("%d bytes at %d", byteCount, at)
                        .isEqualTo(wordSum(bytes, at, byteCount));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sumsUpToTheLastByteOfTheSegment(Kernel kernel) {
        for (int byteCount = 0; byteCount <= 300; byteCount++) {
            byte[] bytes = random(byteCount);
            assertThat(InternetChecksum.fold(kernel.sum(MemorySegment.ofArray(bytes), 0, byteCount)))
                .isEqualTo(wordSum(bytes, 0, byteCount));
        }
    }

    /// All ones carry out of every word, for as long as a packet can be.
    @ParameterizedTest
    @EnumSource
    void losesNoCarryOfTheLongestPacket(Kernel kernel) {
        byte[] bytes = new byte[1 << 20];
        Arrays.fill(bytes, (byte) 0xff);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        assertThat(InternetChecksum.fold(kernel.sum(memory, 0, 1 << 20))).isEqualTo(0xffff);
        assertThat(InternetChecksum.fold(kernel.sum(memory, 1, 65_535))).isEqualTo(wordSum(bytes, 1, 65_535));
    }

    @ParameterizedTest
    @EnumSource
    void givesZeroForZerosAlone(Kernel kernel) {
        byte[] bytes = new byte[257];
        MemorySegment memory = MemorySegment.ofArray(bytes);
        assertThat(kernel.sum(memory, 0, 257)).isZero();
        for (int at = 0; at < 256; at++) {
            bytes[at] = 1;
            assertThat(kernel.sum(memory, 0, 256)).isNotZero();
            bytes[at] = 0;
        }
    }

    private static int wordSum(byte[] bytes, int at, int byteCount) {
        int sum = 0;
        for (int i = 0; i < byteCount; i++) {
            int value = bytes[at + i] & 0xff;
            sum += i % 2 == 0 ? value << 8 : value;
            if (sum > 0xffff) sum -= 0xffff;
        }
        return sum;
    }

    private static byte[] random(int byteCount) {
        byte[] bytes = new byte[byteCount];
        new Random(byteCount).nextBytes(bytes);
        return bytes;
    }
}
