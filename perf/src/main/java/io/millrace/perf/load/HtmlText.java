package io.millrace.perf.load;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/// A load report as one HTML page that needs nothing from anywhere: styles and plots stand in it.
final class HtmlText {

    private static final String STYLE = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em; color: #222 }
        table { border-collapse: collapse } th, td { padding: .2em .8em; text-align: right }
        th, td { border-bottom: 1px solid #ddd }
        th:first-child, td:first-child { text-align: left } figure { margin: 1.5em 0 } figcaption { font-weight: 600 }
        svg { width: 100%; font-size: 11px } .grid { stroke: #ddd }
        .line { fill: none; stroke: #06c; stroke-width: 1.5 }
        circle { fill: #06c }
        """;

    static String of(LoadReport report) {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
        html.append(escaped(report.config())).append(": load test</title>\n<style>\n").append(STYLE)
            .append("</style></head><body>\n<h1>Load test</h1>\n<p>").append(escaped(report.config()))
            .append(" under ").append(escaped(report.profile())).append("<br>").append(escaped(report.machine()))
            .append("<br>Generators, dataplane and receivers on one thread. ");
        html.append(String.format(Locale.ROOT, "Measured after %.1f s of warm-up%s.</p>%n", report.warmUp().seconds(),
            report.warmUp().isSteady() ? ", when cost and JIT were steady" : ", though not steady yet"));
        html.append(String.format(Locale.ROOT, "<p><b>%,.0f packets/s without loss</b>; %,.0f with at most %.2g %% "
            + "lost; trials of %.1f s, precision %.2g %%.</p>%n", report.ndrPps(), report.pdrPps(),
            report.pdrLoss() * 100, report.trialSeconds(), report.precision() * 100));
        html.append(Plot.svg("Loss against rate", "packets/s offered", "% lost", report.trials().stream()
            .sorted(Comparator.comparingDouble(TrialResult::offeredPps))
            .map(trial -> new Plot.Point(trial.offeredPps(), trial.lossRatio() * 100)).toList()));
        html.append(Plot.svg("Latency, 99th percentile, against rate", "% of the no-drop rate", "us",
            report.latency().stream().map(row -> new Plot.Point(row.percent(), row.p99Ns() / 1e3)).toList()));
        long startNs = report.timeLine().isEmpty() ? 0 : report.timeLine().getFirst().timeNs();
        html.append(Plot.svg("Received", "seconds", "packets/s", report.timeLine().stream()
            .map(point -> new Plot.Point((point.timeNs() - startNs) / 1e9, point.receivedPps())).toList()));
        appendTables(html, report);
        return html.append("</body></html>\n").toString();
    }

    private static void appendTables(StringBuilder html, LoadReport report) {
        html.append("<h2>Latency, us</h2>\n<table><tr><th>offered<th>packets/s<th>median<th>p99<th>p99.99<th>p99.999"
            + "<th>max</tr>\n");
        for (LatencyRow row : report.latency()) append(html, row.percent() + " %", row);
        append(html, "hiccups of the machine", report.hiccups());
        html.append("</table>\n<h2>Not forwarded, over all trials</h2>\n<table><tr><th>verdict<th>packets</tr>\n");
        for (Map.Entry<String, Long> drop : report.drops().entrySet()) {
            html.append(String.format(Locale.ROOT, "<tr><td>%s<td>%,d</tr>%n", escaped(drop.getKey()),
                drop.getValue()));
        }
        html.append(String.format(Locale.ROOT, "</table>%n<p>Collections: %d, %d ms. JIT: %d ms.</p>%n",
            report.gcCount(), report.gcMs(), report.jitMs()));
    }

    private static void append(StringBuilder html, String name, LatencyRow row) {
        html.append(String.format(Locale.ROOT, "<tr><td>%s<td>%,.0f<td>%.1f<td>%.1f<td>%.1f<td>%.1f<td>%.1f</tr>%n",
            name, row.offeredPps(), row.medianNs() / 1e3, row.p99Ns() / 1e3, row.p9999Ns() / 1e3, row.p99999Ns() / 1e3,
            row.maxNs() / 1e3));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private HtmlText() {}
}
