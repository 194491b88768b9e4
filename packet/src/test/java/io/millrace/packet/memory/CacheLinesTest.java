package io.millrace.packet.memory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CacheLinesTest {

    private static final Class<IndexOutOfBoundsException> OUTSIDE = IndexOutOfBoundsException.class;

    private final MemorySegment source = Arena.ofAuto().allocate(256);
    private final MemorySegment target = Arena.ofAuto().allocate(256);

    @Test
    void copiesALineAndNothingBeside() {
        for (int i = 0; i < 256; i++) {
            Wire.u8(source, i, i ^ 0x5a);
        }
        for (int sourceAt : new int[] {0, 1, 64, 191, 192}) {
            for (int targetAt : new int[] {0, 7, 128, 192}) {
                target.fill((byte) 0x11);
                CacheLines.copyOne(source, sourceAt, target, targetAt);
                byte[] expected = new byte[256];
                Arrays.fill(expected, (byte) 0x11);
                for (int i = 0; i < 64; i++) {
                    expected[targetAt + i] = (byte) (sourceAt + i ^ 0x5a);
                }
                assertThat(target.toArray(ValueLayout.JAVA_BYTE)).as("%s to %s", sourceAt, targetAt)
                    .isEqualTo(expected);
            }
        }
    }

    @Test
    void readsAndWritesInsideTheSegmentsOnly() {
        assertThatThrownBy(() -> CacheLines.copyOne(source, 193, target, 0)).isInstanceOf(OUTSIDE);
        assertThatThrownBy(() -> CacheLines.copyOne(source, 0, target, 193)).isInstanceOf(OUTSIDE);
        assertThatThrownBy(() -> CacheLines.copyOne(source, -1, target, 0)).isInstanceOf(OUTSIDE);
    }

    @Test
    void countsTheLinesThatBytesTouch() {
        assertThat(CacheLines.count(0)).isZero();
        assertThat(CacheLines.count(1)).isEqualTo(1);
        assertThat(CacheLines.count(64)).isEqualTo(1);
        assertThat(CacheLines.count(65)).isEqualTo(2);
    }
}
