package io.millrace.perf.bench;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ModeChangeRunTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyChangeIsDoneAndTimed(boolean isApart) {
        ModeChangeRun run = ModeChangeRun.of(isApart, 100, 20, 2, 0.02, false);
        assertThat(run.changes()).isEqualTo(4);
        assertThat(run.mpps()).isPositive();
        assertThat(run.drainUs()[0]).isPositive().isLessThanOrEqualTo(run.drainUs()[1]);
        assertThat(run.blockedUs()[0]).isNotNegative().isLessThanOrEqualTo(run.blockedUs()[1]);
        assertThat(run.text().lines()).hasSize(5);
        assertThat(run.members()).containsKeys("changes", "drainUs", "blockedUs", "turns", "lost", "lostWithoutChanges");
    }
}
