package io.millrace.perf.bench;

import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

class NicBenchTest {

    @Test
    void measuresBothAgentsForEverySetOfOffloadsAndLosesNothing() throws IOException {
        NicResult result = NicBench.run(1, 0.02, false);
        assertThat(result.cases()).hasSize(6).allSatisfy(each -> {
            assertThat(each.deviceNs()).isPositive();
            assertThat(each.workerNs()).isPositive();
        });
        assertThat(result.changes()).hasSize(2).allSatisfy(each -> assertThat(each.mostUs()).isNotNegative());
        assertThat(result.lost()).isZero();
        assertThat(result.text().lines()).hasSize(1 + 6 + 2 + 2 + 1);
        assertThat(result.members()).containsKeys("bench", "cases", "blocked", "lost");
    }
}
