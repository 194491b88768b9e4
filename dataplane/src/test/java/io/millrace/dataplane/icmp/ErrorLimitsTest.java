package io.millrace.dataplane.icmp;

import io.millrace.packet.header.IcmpType;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// What a Linux 6.18 router was seen to send, asked again and again at the intervals given.
class ErrorLimitsTest {

    private static final int TARGET = 0x0a000002;
    private static final long MS = 1_000_000L;

    private long nowNs = 1_000_000_000_000L;
    private final ErrorLimits limits = limits(IcmpSettings.LINUX);

    @Test
    void sendsSixAtOnceThenOneASecond() {
        assertThat(ask(60, 100, this::allows))
            .isEqualTo("111111000010000000001000000000100000000010000000001000000000");
    }

    @Test
    void sendsTwoRouteErrorsAtOnceAndThenNoneToOneWhoKeepsAsking() {
        assertThat(ask(60, 100, this::allowsRouteError)).isEqualTo("11" + "0".repeat(58));
        nowNs += 2_000 * MS;
        assertThat(ask(2, 0, this::allowsRouteError)).isEqualTo("10");
    }

    @Test
    void sendsFiveRouteErrorsAtOnceThenOneASecondWithoutTheOtherLimit() {
        ErrorLimits unlimited = limits(IcmpBench.limits(0x1818, 0));
        BooleanSupplier error = () -> unlimited.allowsRouteError4(TARGET, nowNs) && unlimited.allows4(TARGET, nowNs);
        assertThat(ask(60, 100, error)).isEqualTo("111110000010000000001000000000100000000010000000001000000000");
    }

    @Test
    void emptiesTheBucketOfRouteErrorsWhereTheRateIsZero() {
        ErrorLimits unlimited = limits(IcmpBench.limits(0x1818, 0));
        assertThat(ask(100, 4, () -> unlimited.allows4(TARGET, nowNs))).doesNotContain("0");
        assertThat(unlimited.allowsRouteError4(TARGET, nowNs)).isFalse();
        assertThat(ask(100, 4, () -> unlimited.allows6(1, 2, nowNs))).doesNotContain("0");
        assertThat(unlimited.allowsRedirect6(1, 2, nowNs)).isFalse();
    }

    @Test
    void sharesOneBucketBetweenBothKinds() {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 15; i++) {
            seen.append(ask(1, 100, this::allows)).append(ask(1, 100, this::allowsRouteError));
        }
        assertThat(seen.toString()).isEqualTo("1111" + "0".repeat(26));
    }

    @Test
    void sendsIcmpv6TenTimesAsOften() {
        assertThat(ask(30, 20, () -> limits.allows6(1, 2, nowNs))).startsWith("111111")
            .satisfies(seen -> assertThat(seen.chars().filter(c -> c == '1').count()).isBetween(11L, 12L));
    }

    @Test
    void doublesTheWaitBetweenRedirectsAndGivesUpAfterNine() {
        StringBuilder at = new StringBuilder();
        for (int ms = 0; ms < 20_000; ms++) {
            if (limits.allowsRedirect4(TARGET, nowNs + ms * MS)) at.append(ms).append(' ');
        }
        assertThat(at.toString()).isEqualTo("0 41 122 283 604 1245 2526 5087 10208 ");
        // Asked for too early, it is put off once more.
        assertThat(limits.allowsRedirect4(TARGET, nowNs + 30_688 * MS)).isFalse();
        assertThat(limits.allowsRedirect4(TARGET, nowNs + (30_688 + 20_481) * MS)).isTrue();
    }

    @Test
    void keepsTargetsApart() {
        for (int target = 0; target < 1000; target++) {
            assertThat(limits.allows4(target, nowNs)).isTrue();
        }
        ask(10, 0, this::allows);
        assertThat(limits.allows4(TARGET, nowNs)).isFalse();
        assertThat(limits.allows4(TARGET + 1_000_000, nowNs)).isTrue();
    }

    @Test
    void sendsFiftyAtOnceOverallThenAThousandASecond() {
        ErrorLimits fair = new ErrorLimits(Arena.ofAuto(), 64, IcmpSettings.LINUX, alwaysOne());
        assertThat(overall(fair, 1000)).isEqualTo(50);
        nowNs += 19 * MS;
        assertThat(overall(fair, 1000)).as("nothing is added before 20 ms").isZero();
        nowNs += 1 * MS;
        assertThat(overall(fair, 1000)).isEqualTo(20);
        nowNs += 10_000 * MS;
        assertThat(overall(fair, 1000)).as("no more is saved").isEqualTo(50);
    }

    @Test
    void takesFromTheCommonAccountWhatIsDrawn() {
        assertThat(overall(limits, 1000)).isBetween(35, 75);   // 50 messages' worth at 0, 1 or 2 each
    }

    @Test
    void countsNothingAgainstAnEmptyAccountOfZeroMessages() {
        IcmpSettings none = new IcmpSettings(1000, 0x1818, 0, 50, false, true, 64, 100,
            IcmpSettings.LINUX.ratemaskV6(), false, false, 64);
        assertThat(overall(limits(none), 10)).isZero();
    }

    @Test
    void limitsTheTypesOfTheMaskButNeverFragmentationNeeded() {
        assertThat(limits.limits4(3, 0)).isTrue();
        assertThat(limits.limits4(3, IcmpType.FRAGMENTATION_NEEDED)).isFalse();
        assertThat(limits.limits4(11, 0)).isTrue();
        assertThat(limits.limits4(12, 0)).isTrue();
        assertThat(limits.limits4(5, 1)).isFalse();
        assertThat(limits.limits4(0, 0)).isFalse();
        assertThat(limits.limits4(35, 0)).isFalse();   // 35 is 3 modulo 32
        assertThat(limits.limits6(1)).isTrue();
        assertThat(limits.limits6(2)).isFalse();
        assertThat(limits.limits6(3)).isTrue();
        assertThat(limits.limits6(129)).isFalse();
    }

    @Test
    void livesWithTheLargestSettings() {
        ErrorLimits slow = limits(new IcmpSettings(Integer.MAX_VALUE, -1, Integer.MAX_VALUE, Integer.MAX_VALUE, false,
            true, 64, Integer.MAX_VALUE, IcmpSettings.LINUX.ratemaskV6(), false, false, 64));
        assertThat(slow.allowsOverall(nowNs)).isTrue();
        assertThat(slow.allows4(TARGET, nowNs)).isFalse();
        assertThat(slow.allows4(TARGET, nowNs + 2 * (long) Integer.MAX_VALUE * MS)).isTrue();
    }

    private boolean allows() {
        return limits.allows4(TARGET, nowNs);
    }

    private boolean allowsRouteError() {
        return limits.allowsRouteError4(TARGET, nowNs) && limits.allows4(TARGET, nowNs);
    }

    private String ask(int times, int everyMs, BooleanSupplier question) {
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < times; i++) {
            answers.append(question.getAsBoolean() ? '1' : '0');
            nowNs += everyMs * MS;
        }
        return answers.toString();
    }

    private int overall(ErrorLimits asked, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            if (!asked.allowsOverall(nowNs)) continue;
            asked.consume();
            allowed++;
        }
        return allowed;
    }

    private static ErrorLimits limits(IcmpSettings settings) {
        return new ErrorLimits(Arena.ofAuto(), 4096, settings, new Random(7));
    }

    private static RandomGenerator alwaysOne() {
        return () -> 1L << 63;   // the middle of any range
    }
}
