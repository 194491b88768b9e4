package io.millrace.checksum;

import io.millrace.testkit.NaiveChecksum;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class Crc32cTest {

    @Test
    void givesThePublishedCheckValue() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(crc(digits, 0, digits.length)).isEqualTo(0xe3069283);
    }

    @Test
    void putsTheLowestByteFirstOnTheWire() {
        assertThat(Crc32c.toWire(0xe3069283)).isEqualTo(0x839206e3);
    }

    @Test
    void agreesWithShiftingBitByBitAtEveryLengthAndAlignment() {
        byte[] bytes = new byte[400];
        new Random(Seeds.next()).nextBytes(bytes);
        for (int at = 0; at < 8; at++) {
            for (int byteCount = 0; byteCount < 300; byteCount++) {
                assertThat(crc(bytes, at, byteCount)).isEqualTo(NaiveChecksum.crc32c(bytes, at, byteCount));
            }
        }
    }

    @Test
    void goesOnWhereItStopped() {
        byte[] bytes = new byte[100];
        new Random(Seeds.next()).nextBytes(bytes);
        MemorySegment memory = MemorySegment.ofArray(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            int register = Crc32c.update(Crc32c.INITIAL, memory, 0, cut);
            register = Crc32c.update(register, memory, cut, bytes.length - cut);
            assertThat(Crc32c.finish(register)).isEqualTo(NaiveChecksum.crc32c(bytes, 0, bytes.length));
        }
    }

    @Test
    void countsZerosWithoutReadingThem() {
        assertThat(Crc32c.finish(Crc32c.updateZeros(Crc32c.INITIAL, 37)))
            .isEqualTo(NaiveChecksum.crc32c(new byte[37], 0, 37));
    }

    private static int crc(byte[] bytes, int at, int byteCount) {
        return Crc32c.finish(Crc32c.update(Crc32c.INITIAL, MemorySegment.ofArray(bytes), at, byteCount));
    }
}
