package io.millrace.control.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final String ERASE = "\r\u001b[K";

    private final StringWriter shown = new StringWriter();
    private final ProgressLine line = new ProgressLine(new PrintWriter(shown), () -> true);

    @Test
    void showsShareRateAndTime() {
        line.onProgress(12_000_000, 0.4, 1_000_000_000);
        line.onProgress(18_500_000, 0.999, 1_500_000_000);
        assertThat(shown.toString()).isEqualTo(
            ERASE + " 40 %  12.0 Mpacket/s  1.00 s" + ERASE + " 99 %  13.0 Mpacket/s  1.50 s");
    }

    @Test
    void showsNoShareWhereThereIsNone() {
        line.onProgress(1000, Double.NaN, 2_000_000_000);
        assertThat(shown.toString()).isEqualTo(ERASE + "500 packet/s  2.00 s");
    }

    @Test
    void rewritesItselfAtMostFourTimesASecond() {
        for (long ms = 0; ms <= 3000; ms += 10) line.onProgress(ms, ms / 3000.0, ms * 1_000_000);
        assertThat(shown.toString().split(ERASE.replace("[", "\\["), -1)).hasSize(1 + 9);
    }

    @Test
    void leavesNothingBehind() {
        line.onProgress(1, 0.5, 1_000_000_000);
        line.onEnd();
        assertThat(shown.toString()).endsWith(ERASE);
    }

    @Test
    void shortRunShowsNothing() {
        line.onProgress(1, 0.5, 999_999_999);
        line.onEnd();
        assertThat(shown.toString()).isEmpty();
    }

    @Test
    void passesTheWishToStopOn() {
        assertThat(line.isStopRequested()).isTrue();
        assertThat(ProgressListener.silent(() -> false).isStopRequested()).isFalse();
    }
}
