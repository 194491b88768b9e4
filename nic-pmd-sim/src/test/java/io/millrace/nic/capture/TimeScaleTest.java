package io.millrace.nic.capture;

import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TimeScaleTest {

    private static final BigInteger NS_PER_SECOND = BigInteger.valueOf(1_000_000_000L);
    private static final BigInteger TIME_NS_MAX = BigInteger.valueOf(Long.MAX_VALUE - 1);
    private static final BigInteger TIME_NS_MIN = BigInteger.valueOf(Long.MIN_VALUE);

    @Test
    void countsDecimalUnits() {
        assertThat(new TimeScale(0, 0).toNs(3)).isEqualTo(3_000_000_000L);
        assertThat(new TimeScale(TimeScale.MICROSECONDS, 0).toNs(1_581_113_657_633_853L))
            .isEqualTo(1_581_113_657_633_853_000L);
        assertThat(new TimeScale(TimeScale.NANOSECONDS, 0).toNs(1_581_113_657_633_853_001L))
            .isEqualTo(1_581_113_657_633_853_001L);
        assertThat(new TimeScale(12, 0).toNs(1_999L)).isEqualTo(1);
    }

    @Test
    void countsBinaryUnits() {
        assertThat(new TimeScale(0x80 | 10, 0).toNs(1_024)).isEqualTo(1_000_000_000L);
        assertThat(new TimeScale(0x80 | 32, 0).toNs(1L << 32 | 1L << 31)).isEqualTo(1_500_000_000L);
        assertThat(new TimeScale(0x80 | 64, 0).toNs(1L << 63)).isEqualTo(500_000_000L);
        assertThat(new TimeScale(0xff, 0).toNs(-1)).isZero();
    }

    @Test
    void addsTheOffset() {
        assertThat(new TimeScale(TimeScale.MICROSECONDS, 1_000).toNs(5)).isEqualTo(1_000_000_005_000L);
        assertThat(new TimeScale(TimeScale.MICROSECONDS, -1).toNs(5)).isEqualTo(-999_995_000L);
    }

    /// Against whole numbers of any size: every unit, ticks and offsets of every magnitude.
    @Test
    void isExactAndSaturates() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 200_000; i++) {
            int resolution = random.nextInt(256);
            long ticks = random.nextLong() >>> random.nextInt(64);
            long offsetSeconds = random.nextBoolean() ? 0 : random.nextLong() >> random.nextInt(64);
            assertThat(new TimeScale(resolution, offsetSeconds).toNs(ticks))
                .as("resolution %s, ticks %s, offset %s", resolution, Long.toUnsignedString(ticks), offsetSeconds)
                .isEqualTo(exactNs(resolution, ticks, offsetSeconds));
        }
    }

    private static long exactNs(int resolution, long ticks, long offsetSeconds) {
        BigInteger unitsPerSecond = (resolution & 0x80) == 0
            ? BigInteger.TEN.pow(resolution)
            : BigInteger.TWO.pow(resolution & 0x7f);
        BigInteger ns = new BigInteger(Long.toUnsignedString(ticks)).multiply(NS_PER_SECOND).divide(unitsPerSecond)
            .add(BigInteger.valueOf(offsetSeconds).multiply(NS_PER_SECOND));
        return ns.max(TIME_NS_MIN).min(TIME_NS_MAX).longValueExact();
    }

    @Test
    void givesBackTheTicksOfATime() {
        var random = new Random(Seeds.next());
        for (int i = 0; i < 100_000; i++) {
            var scale = new TimeScale(random.nextInt(10), random.nextLong() >> 31 + random.nextInt(33));
            long ticks = random.nextLong(1L << 30);
            assertThat(scale.ticks(scale.toNs(ticks))).as("%s of %s + %s s", ticks, scale.resolution(),
                scale.offsetSeconds()).isEqualTo(ticks);
        }
    }

    @Test
    void hasNoTicksBeforeItsBeginning() {
        assertThat(new TimeScale(TimeScale.MICROSECONDS, 0).ticks(-1)).isEqualTo(-1);
        assertThat(new TimeScale(TimeScale.MICROSECONDS, 10).ticks(9_999_999_999L)).isEqualTo(-1);
        assertThat(new TimeScale(TimeScale.MICROSECONDS, 10).ticks(10_000_001_000L)).isEqualTo(1);
        assertThat(new TimeScale(TimeScale.MICROSECONDS, Long.MIN_VALUE).ticks(0)).isEqualTo(-1);
        var early = new TimeScale(TimeScale.NANOSECONDS, -9_000_000_000L);
        assertThat(early.ticks(9_000_000_000_000_000_000L)).as("more than a long counts").isEqualTo(-1);
    }

    @Test
    void knowsWhetherMicrosecondsKeepItsTimes() {
        assertThat(new TimeScale(6, 0).isWholeMicroseconds()).isTrue();
        assertThat(new TimeScale(3, 0).isWholeMicroseconds()).isTrue();
        assertThat(new TimeScale(0x80 | 6, 0).isWholeMicroseconds()).isTrue();
        assertThat(new TimeScale(0x80 | 7, 0).isWholeMicroseconds()).isFalse();
        assertThat(new TimeScale(9, 0).isWholeMicroseconds()).isFalse();
    }

    @Test
    void rejectsAResolutionOfMoreThanAByte() {
        assertThatThrownBy(() -> new TimeScale(256, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
