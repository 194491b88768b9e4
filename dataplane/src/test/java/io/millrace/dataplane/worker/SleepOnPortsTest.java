package io.millrace.dataplane.worker;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Without any descriptor `poll` is a sleep of its whole time, which tells it from spinning.
class SleepOnPortsTest {

    private static final long SLEEP_NS_MIN = 8_000_000;

    private long nowNs = 1;
    private final SleepOnPorts idle = new SleepOnPorts(() -> nowNs, new int[0]);

    @Test
    void spinsForTwoHundredMicrosecondsThenSleeps() {
        assertThat(sleeps(0)).isFalse();
        assertThat(sleeps(199_999)).isFalse();
        assertThat(sleeps(1)).isTrue();
        assertThat(sleeps(10_000_000)).isTrue();
    }

    @Test
    void workKeepsItAwakeForAnotherWhile() {
        idle.idle(0);
        nowNs += 300_000;
        idle.idle(1);
        assertThat(sleeps(0)).isFalse();
        assertThat(sleeps(199_999)).isFalse();
        assertThat(sleeps(1)).isTrue();
    }

    /// Whether a turn without work, so much later, sleeps; the best of three, because a machine may pause a thread.
    private boolean sleeps(long laterNs) {
        nowNs += laterNs;
        long shortestNs = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long beforeNs = System.nanoTime();
            idle.idle(0);
            shortestNs = Math.min(shortestNs, System.nanoTime() - beforeNs);
        }
        return shortestNs >= SLEEP_NS_MIN;
    }
}
