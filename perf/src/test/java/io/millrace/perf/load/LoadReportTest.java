package io.millrace.perf.load;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.parsers.DocumentBuilderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoadReportTest {

    /// Plots of a page: loss, latency, received, drops, hiccups.
    static final int PLOTS = 5;

    @TempDir
    private Path folder;

    static LoadReport report(double ndrShare) {
        var row = new LatencyRow(50, 1e6, 1000, 2000, 3000, 4000, 5000, 1_000_000,
            List.of(new Plot.Point(0, 1), new Plot.Point(2, 2), new Plot.Point(5, 4)));
        var options = new LoadOptions(1_000_000_000, 0.01, 0.005, 1_000_000_000, RateSearch.Method.MLR, 4096,
            Optional.empty(), 0.5);
        var stream = new StreamRow("s<1>", 1000, 990, 10, 1, 2, 3, row);
        var soak = new TrialResult(0.9, 1, 9e5, 1000, 10, 0, 0, 1, List.of(stream), List.of());
        long[] drops = new long[LoadWorld.dropNames().size()];
        drops[drops.length - 1] = 7;
        return new LoadReport("a<b>.yaml", "p.yaml", "2 processors", Instant.EPOCH, "packets/s", options, 12,
            new WarmUp(1.5, Instant.EPOCH, true, 3), 2e6, ndrShare, ndrShare * 1.1,
            List.of(TrialResult.ofPackets(1, 2e6, 2_000_000, 500_000, 1),
                TrialResult.ofPackets(0.5, 1e6, 1_000_000, 0, 1)), List.of(row), soak, row, 5,
            List.of(new TrialRunner.TimePoint(100_000_005, 1e6, drops, 900),
                new TrialRunner.TimePoint(2_200_000_005L, 9e5, drops, 700)), Map.of("NO_ROUTE", 7L),
            Optional.of(new Blocked("s.txt", 0, "said <this>", 1e6, 0.25, 3, 500, 0)),
            List.of(new JvmActivity.Event(JvmActivity.Kind.SAFEPOINT, 1_000_000_005, 2_000_000, "ICBufferFull"),
                new JvmActivity.Event(JvmActivity.Kind.DEOPTIMISATION, 2_000_000_005, 0, "unstable_if")));
    }

    @Test
    void aBaselineReadsWhatAReportWrote() throws Exception {
        Path file = folder.resolve("old.json");
        Files.writeString(file, JsonText.of(report(0.5)));
        Baseline baseline = Baseline.read(file);
        assertThat(baseline.ndrPps()).isEqualTo(1e6);
        assertThat(baseline.changes(report(0.5))).hasSize(3).noneMatch(Baseline.Change::isWorse);
        assertThat(baseline.changes(report(0.48))).noneMatch(Baseline.Change::isWorse);
        assertThat(baseline.changes(report(0.47))).filteredOn(Baseline.Change::isWorse).hasSize(2);
        assertThat(baseline.changes(report(0.25)).getFirst().text())
            .contains("1,000,000 ->", "500,000", "0.500", "worse");
    }

    @Test
    void refusesABaselineThatIsNone() throws Exception {
        Path file = folder.resolve("old.json");
        Files.writeString(file, "{\"a\": 1}");
        assertThatThrownBy(() -> Baseline.read(file)).hasMessageContaining("no number \"ndrPps\"");
        Files.writeString(file, "no json");
        assertThatThrownBy(() -> Baseline.read(file)).hasMessageContaining("is not the JSON of a load test");
    }

    @Test
    void countsWhatTheMachineDidSinceWarm() {
        LoadReport report = report(0.5);
        assertThat(report.countSinceWarm(JvmActivity.Kind.SAFEPOINT)).isZero();        // at 1 s of 1.5
        assertThat(report.countSinceWarm(JvmActivity.Kind.DEOPTIMISATION)).isOne();    // at 2 s
        assertThat(report.milliseconds(JvmActivity.Kind.SAFEPOINT)).isEqualTo(2);
        assertThat(report.blocked().orElseThrow().blockedMs()).isEqualTo(0.5);
        assertThat(PlainText.of(report)).contains("blocked for 0.500 ms", "s<1>", "deoptimisations");
    }

    @Test
    void thePageStandsAloneAndItsPlotsAreWellFormed() throws Exception {
        String page = HtmlText.of(report(0.5));
        assertThat(page).contains("a&lt;b&gt;.yaml", "s&lt;1&gt;", "said &lt;this&gt;")
            .doesNotContain("http", "src=", "<script", "@import");
        String[] parts = page.split("<svg");
        assertThat(parts).hasSize(PLOTS + 1);
        for (int i = 1; i < parts.length; i++) {
            String svg = "<svg" + parts[i].substring(0, parts[i].indexOf("</svg>")) + "</svg>";
            var root = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg))).getDocumentElement();
            assertThat(root.getElementsByTagName("circle").getLength()).isPositive();
        }
    }
}
