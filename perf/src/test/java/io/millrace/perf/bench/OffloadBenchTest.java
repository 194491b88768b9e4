package io.millrace.perf.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class OffloadBenchTest {

    private static final OffloadResult RESULT = OffloadBench.run(200, 1_000, 2, 1, 0.02, false);

    @Test
    void theWantedShareIsForwardedByHardware() {
        assertThat(RESULT.shares()).hasSize(4).allSatisfy(each -> {
            assertThat(each.hit()).isCloseTo(each.wanted(), within(0.02));
            assertThat(each.workerNs()).isPositive();
            assertThat(each.deviceNs()).isPositive();
            assertThat(each.controlNs()).isPositive();
        });
    }

    @Test
    void installsAndFirstHitsAreTimed() {
        assertThat(RESULT.installs()).hasSize(3).allSatisfy(each -> {
            assertThat(each.perSecond()).isPositive();
            assertThat(each.controlNs()).isPositive();
        });
        assertThat(RESULT.firstHit().medianUs()).isPositive();
        assertThat(RESULT.firstHit().p99Us()).isGreaterThanOrEqualTo(RESULT.firstHit().medianUs());
    }

    @Test
    void aSwapOfRulesetsDropsNothing() {
        assertThat(RESULT.swap().stillUs()).isPositive();
        assertThat(RESULT.swap().dropped()).isZero();
        assertThat(RESULT.swap().lost()).isNotNegative();
    }

    @Test
    void isWrittenForPeopleAndForPrograms() {
        assertThat(RESULT.text().lines()).hasSize(1 + 4 + 2 + 3 + 1 + 2);
        assertThat(RESULT.members()).containsKeys("bench", "shares", "installs", "firstHit", "rulesetSwap");
    }
}
