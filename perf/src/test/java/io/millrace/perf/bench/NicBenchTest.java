package io.millrace.perf.bench;

import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

class NicBenchTest {

    @Test
    void measuresBothAgentsForEverySetOfOffloadsAndLosesNothing() throws IOException {
        NicResult result = NicBench.run(1, 0.02, false, 5);
        assertThat(result.cases()).hasSize(7).allSatisfy(each -> {
            assertThat(each.deviceNs()).isPositive();
            assertThat(each.workerNs()).isPositive();
        });
        assertThat(result.changes()).hasSize(3).allSatisfy(each -> assertThat(each.mostUs()).isNotNegative());
        assertThat(result.costs()).hasSize(5);
        assertThat(result.lost()).isZero();
        assertThat(result.text().lines()).hasSize(1 + 7 + 2 + 5 + 2 + 3 + 1);
        assertThat(result.members()).containsKeys("bench", "cases", "costs", "blocked", "lost");
    }
}
