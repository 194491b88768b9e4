package io.millrace.perf.bench;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class TapResultTest {

    private final TapResult result = new TapResult(List.of(
        new TapResult.Way("Millrace", 9, 2, 0.45, 20_000, 50_000, 90_000),
        new TapResult.Way("loop", 10, 4, 0.5, 18_000, 40_000, 80_000),
        new TapResult.Way("Linux", 18, 1, 0.9, 10_000, 30_000, 70_000)), 5);

    @Test
    void ratiosAreOfMillraceToTheOthers() {
        assertThat(result.members()).containsEntry("tcpGsoRatioToLoop", 0.9).containsEntry("udpRatioToLoop", 0.9)
            .containsEntry("tcpGsoRatioToLinux", 0.5).containsEntry("udpRatioToLinux", 0.5)
            .containsEntry("rounds", 5).containsEntry("promisedRatio", 0.9);
    }

    @Test
    void theTableHasALineForEachWayAndEachRatio() {
        assertThat(result.text().lines()).hasSize(7)
            .anySatisfy(line -> assertThat(line)
                .matches("Millrace +9.00 Gb/s +2.00 Gb/s +0.450 Mpps +20.0 +50.0 +90.0 us"))
            .anySatisfy(line -> assertThat(line).matches("of loop +0.90 +0.50 +0.90"))
            .anySatisfy(line -> assertThat(line).matches("of Linux +0.50 +2.00 +0.50"));
    }
}
