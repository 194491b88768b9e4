package io.millrace.perf.load;

import io.millrace.perf.load.Plot.Mark;
import io.millrace.perf.load.Plot.Point;
import io.millrace.perf.load.Plot.Series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// A load report as one HTML page.
final class HtmlText {

    /// Reasons for drops that get a line of their own on the time line.
    private static final int DROP_LINES_MAX = 6;

    private final LoadReport report;
    private final StringBuilder html = new StringBuilder();

    private HtmlText(LoadReport report) {
        this.report = report;
    }

    static String of(LoadReport report) {
        var text = new HtmlText(report);
        text.summary();
        text.plots();
        text.tables();
        return Page.of(report.config() + ": load test", text.html.toString());
    }

    private void summary() {
        add("<h1>Load test</h1>%n<p>%s under %s<br>%s<br>Generators, dataplane and receivers on one thread.",
            escaped(report.config()), escaped(report.profile()), escaped(report.machine()));
        add("Measured from %s on, after %.1f s of warm-up%s.</p>", report.warmUp().until(), report.warmUp().seconds(),
            report.warmUp().isSteady() ? ", when cost and JIT were steady" : ", though not steady yet");
        add("<p><b>%,.0f %s without loss</b>; %,.0f with at most %.2g %% lost; trials of %.1f s, "
            + "precision %.2g %%.</p>",
            report.ndrPps(), report.unit(), report.pdrPps(), report.options().pdrLoss() * 100,
            report.options().trialNs() / 1e9, report.options().precision() * 100);
        report.blocked().ifPresent(blocked -> {
            add("<p>%s, given at %.2f s of a trial at %,.0f %s, took %.1f ms: %,d lost (%,d without it), "
                + "<b>blocked for %.3f ms</b>.</p>", escaped(blocked.script()), blocked.atSeconds(),
                blocked.offeredPps(), report.unit(), blocked.tookMs(), blocked.lost(), blocked.lostBefore(),
                blocked.blockedMs());
            if (!blocked.said().isBlank()) add("<pre>%s</pre>", escaped(blocked.said()));
        });
    }

    private void plots() {
        html.append(Plot.svg("Loss against rate", report.unit() + " offered", "% lost", report.trials().stream()
            .filter(trial -> trial.length() == 1).sorted(Comparator.comparingDouble(TrialResult::offeredPps))
            .map(trial -> new Point(trial.offeredPps(), trial.lossRatio() * 100)).toList()));
        List<Series> latencies = new ArrayList<>();
        for (LatencyRow row : report.latency()) latencies.add(new Series(row.percent() + " % of it", row.curve()));
        latencies.add(new Series("hiccups", report.hiccups().curve()));
        html.append(Plot.svg("Latency by percentile, at shares of the no-drop rate", "percentile", "us", latencies,
            List.of(), Plot::percentile));
        List<Mark> marks = marks();
        html.append(Plot.svg("Received over the test", "seconds", report.unit(), List.of(new Series("",
            report.timeLine().stream().map(point -> new Point(at(point), point.receivedPps())).toList())), marks,
            Plot::number));
        add("<p>Marks: <span class=\"warm\">warm</span>, <span class=\"collection\">collections</span>, "
            + "<span class=\"safepoint\">safepoints</span>, "
            + "<span class=\"deoptimisation\">deoptimisations</span>.</p>");
        html.append(Plot.svg("Drops by verdict", "seconds", "packets in a tenth of a second", dropLines(), List.of(),
            Plot::number));
        html.append(Plot.svg("Longest hiccup", "seconds", "us", List.of(new Series("", report.timeLine().stream()
            .map(point -> new Point(at(point), point.hiccupNs() / 1e3)).toList())), marks, Plot::number));
    }

    private double at(TrialRunner.TimePoint point) {
        return report.secondsAt(point.timeNs());
    }

    private List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        marks.add(new Mark(report.warmUp().seconds(), "warm"));
        for (JvmActivity.Event event : report.events()) {
            if (event.kind() == JvmActivity.Kind.COMPILATION || event.timeNs() < report.startNs()) continue;
            marks.add(new Mark(report.secondsAt(event.timeNs()), event.kind().label()));
        }
        return marks;
    }

    /// The most frequent reasons.
    private List<Series> dropLines() {
        List<String> names = LoadWorld.dropNames();
        long[] sums = new long[names.size()];
        for (TrialRunner.TimePoint point : report.timeLine()) {
            for (int i = 0; i < point.dropped().length; i++) sums[i] += point.dropped()[i];
        }
        List<Series> lines = new ArrayList<>();
        IntStream.range(0, sums.length).boxed().filter(i -> sums[i] > 0)
            .sorted(Comparator.comparingLong(i -> -sums[i])).limit(DROP_LINES_MAX)
            .forEach(i -> lines.add(new Series(names.get(i), report.timeLine().stream()
                .map(point -> new Point(at(point), point.dropped()[i])).toList())));
        return lines.isEmpty() ? List.of(new Series("none", report.timeLine().stream()
            .map(point -> new Point(at(point), 0)).toList())) : lines;
    }

    private void tables() {
        add("<h2>Latency, us</h2>%n<table><tr><th>offered<th>%s<th>median<th>p99<th>p99.99<th>p99.999<th>max</tr>",
            report.unit());
        for (LatencyRow row : report.latency()) latency(row.percent() + " %", row);
        latency("hiccups", report.hiccups());
        html.append("</table>\n");
        parts(report.soak());
        html.append("<h2>Not forwarded, over all trials</h2>\n<table><tr><th>verdict<th>packets</tr>\n");
        for (Map.Entry<String, Long> drop : report.drops().entrySet()) {
            add("<tr><td>%s<td>%,d</tr>", escaped(drop.getKey()), drop.getValue());
        }
        html.append("</table>\n<h2>Virtual machine</h2>\n<table><tr><th><th>all<th>since warm<th>ms</tr>\n");
        for (JvmActivity.Kind kind : JvmActivity.Kind.values()) {
            add("<tr><td>%s<td>%,d<td>%,d<td>%.1f</tr>", kind.plural(), report.events(kind).size(),
                report.countSinceWarm(kind), report.milliseconds(kind));
        }
        html.append("</table>\n");
    }

    private void parts(TrialResult soak) {
        add("<h2>At 90 %% of the no-drop rate, %.1f s</h2>", soak.seconds());
        if (!soak.streams().isEmpty()) {
            html.append("<table><tr><th>stream<th>sent<th>received<th>lost<th>duplicated<th>reordered<th>corrupted"
                + "<th>p99, us</tr>\n");
            for (StreamRow row : soak.streams()) {
                add("<tr><td>%s<td>%,d<td>%,d<td>%,d<td>%,d<td>%,d<td>%,d<td>%.1f</tr>", escaped(row.name()),
                    row.sent(), row.received(), row.lost(), row.duplicated(), row.reordered(), row.corrupted(),
                    row.latency().p99Ns() / 1e3);
            }
            html.append("</table>\n");
        }
        if (soak.kinds().isEmpty()) return;
        html.append("<table><tr><th>sessions<th>opened<th>completed<th>refused<th>failed<th>reset<th>repaired"
            + "<th>answer, us</tr>\n");
        for (SessionRow row : soak.kinds()) {
            add("<tr><td>%s<td>%,d<td>%,d<td>%,d<td>%,d<td>%,d<td>%,d<td>%.1f</tr>", escaped(row.name()), row.opened(),
                row.completed(), row.refused(), row.failed(), row.reset(), row.repaired(),
                row.answer().medianNs() / 1e3);
        }
        html.append("</table>\n");
    }

    private void latency(String name, LatencyRow row) {
        add("<tr><td>%s<td>%,.0f<td>%.1f<td>%.1f<td>%.1f<td>%.1f<td>%.1f</tr>", name, row.offeredPps(),
            row.medianNs() / 1e3, row.p99Ns() / 1e3, row.p9999Ns() / 1e3, row.p99999Ns() / 1e3, row.maxNs() / 1e3);
    }

    private void add(String format, Object... values) {
        html.append(String.format(Locale.ROOT, format + "%n", values));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
