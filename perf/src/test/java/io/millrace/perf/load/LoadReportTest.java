package io.millrace.perf.load;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoadReportTest {

    @TempDir
    private Path folder;

    private static LoadReport report(double ndrShare) {
        var row = new LatencyRow(50, 1e6, 1000, 2000, 3000, 4000, 5000);
        return new LoadReport("a<b>.yaml", "p.yaml", "2 processors", 12, new LoadReport.WarmUpNote(1.5, true), 0.01, 1,
            2e6, ndrShare, 0.005, ndrShare * 1.1,
            List.of(new TrialResult(1, 2e6, 2_000_000, 500_000, 1), new TrialResult(0.5, 1e6, 1_000_000, 0, 1)),
            List.of(row), row, List.of(new TrialRunner.TimePoint(5, 1e6), new TrialRunner.TimePoint(100_000_005, 9e5)),
            Map.of("NO_ROUTE", 7L), 1, 2, 3);
    }

    @Test
    void aBaselineReadsWhatAReportWrote() throws Exception {
        Path file = folder.resolve("old.json");
        Files.writeString(file, new ObjectMapper().writeValueAsString(report(0.5).members()));
        Baseline baseline = Baseline.read(file);
        assertThat(baseline.ndrPps()).isEqualTo(1e6);
        assertThat(baseline.changes(report(0.5))).noneMatch(Baseline.Change::isWorse);
        assertThat(baseline.changes(report(0.48))).noneMatch(Baseline.Change::isWorse);
        assertThat(baseline.changes(report(0.47))).allMatch(Baseline.Change::isWorse);
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
    void thePageStandsAloneAndItsPlotsAreWellFormed() throws Exception {
        String page = HtmlText.of(report(0.5));
        assertThat(page).contains("a&lt;b&gt;.yaml").doesNotContain("http", "src=", "<script", "@import");
        String[] parts = page.split("<svg");
        assertThat(parts).hasSize(4);
        for (int i = 1; i < parts.length; i++) {
            String svg = "<svg" + parts[i].substring(0, parts[i].indexOf("</svg>")) + "</svg>";
            var root = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg))).getDocumentElement();
            assertThat(root.getElementsByTagName("circle").getLength()).isPositive();
        }
    }
}
