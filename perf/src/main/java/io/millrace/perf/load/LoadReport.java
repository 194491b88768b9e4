package io.millrace.perf.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a load test found.
///
/// @param ndrShare  of the profile's rates: the most without loss; `pdrShare` with at most `pdrLoss`
/// @param fullPps   the profile's own rates
/// @param drops     packets by verdict over the whole test, and those that found the port's ring full
/// @param gcMs      that collections took during the test
public record LoadReport(String config, String profile, String machine, double seconds, WarmUpNote warmUp,
                         double precision, double trialSeconds, double fullPps, double ndrShare, double pdrLoss,
                         double pdrShare, List<TrialResult> trials, List<LatencyRow> latency, LatencyRow hiccups,
                         List<TrialRunner.TimePoint> timeLine, Map<String, Long> drops, long gcCount, long gcMs,
                         long jitMs) {

    /// When measuring began.
    public record WarmUpNote(double seconds, boolean isSteady) {}

    public LoadReport {
        trials = List.copyOf(trials);
        latency = List.copyOf(latency);
        timeLine = List.copyOf(timeLine);
        drops = new LinkedHashMap<>(drops);
    }

    public double ndrPps() { return ndrShare * fullPps; }
    public double pdrPps() { return pdrShare * fullPps; }

    /// The members of the JSON file; `--baseline` reads `ndrPps`, `pdrPps` and the latencies back.
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        members.put("load", 1);
        members.put("config", config);
        members.put("profile", profile);
        members.put("machine", machine);
        members.put("threading", "shared: generators, dataplane and receivers on one thread");
        members.put("seconds", seconds);
        members.put("warmUpSeconds", warmUp.seconds);
        members.put("warmUpSteady", warmUp.isSteady);
        members.put("precision", precision);
        members.put("trialSeconds", trialSeconds);
        members.put("fullPps", fullPps);
        members.put("ndrPps", ndrPps());
        members.put("pdrPps", pdrPps());
        members.put("pdrLoss", pdrLoss);
        var all = new ArrayList<Map<String, Object>>();
        for (TrialResult trial : trials) {
            all.add(ordered("offeredPps", trial.offeredPps(), "receivedPps", trial.receivedPps(), "sent", trial.sent(),
                "lost", trial.lost(), "lossRatio", trial.lossRatio()));
        }
        members.put("trials", all);
        members.put("latencyNs", latency.stream().map(LoadReport::members).toList());
        members.put("hiccupsNs", members(hiccups));
        long startNs = timeLine.isEmpty() ? 0 : timeLine.getFirst().timeNs();
        members.put("timeLine", timeLine.stream()
            .map(point -> List.of((point.timeNs() - startNs) / 1e9, point.receivedPps())).toList());
        members.put("drops", drops);
        members.put("gcCount", gcCount);
        members.put("gcMs", gcMs);
        members.put("jitMs", jitMs);
        return members;
    }

    private static Map<String, Object> members(LatencyRow row) {
        return ordered("percent", row.percent(), "offeredPps", row.offeredPps(), "median", row.medianNs(), "p99",
            row.p99Ns(), "p99.99", row.p9999Ns(), "p99.999", row.p99999Ns(), "max", row.maxNs());
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        var members = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    /// A page for people at a terminal.
    String text() {
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "warm-up %.1f s%s%n", warmUp.seconds,
            warmUp.isSteady ? "" : " (gave up waiting for a steady state)"));
        text.append(String.format(Locale.ROOT, "no drop      %,14.0f packets/s%n", ndrPps()));
        text.append(String.format(Locale.ROOT, "at most %.2g %% %,13.0f packets/s%n", pdrLoss * 100, pdrPps()));
        text.append(String.format("%n%-12s %14s %10s %10s %10s %10s %10s%n", "latency, us", "packets/s", "median",
            "p99", "p99.99", "p99.999", "max"));
        for (LatencyRow row : latency) append(text, row.percent() + " %", row);
        append(text, "hiccups", hiccups);
        text.append(String.format("%nnot forwarded, over all trials%n"));
        drops.forEach((name, count) -> text.append(String.format(Locale.ROOT, "%-28s %,14d%n", name, count)));
        return text.append(String.format(Locale.ROOT, "%ncollections %d (%d ms), JIT %d ms, %.0f s in all%n", gcCount,
            gcMs, jitMs, seconds)).toString();
    }

    private static void append(StringBuilder text, String name, LatencyRow row) {
        text.append(String.format(Locale.ROOT, "%-12s %,14.0f %10.1f %10.1f %10.1f %10.1f %10.1f%n", name,
            row.offeredPps(), row.medianNs() / 1e3, row.p99Ns() / 1e3, row.p9999Ns() / 1e3, row.p99999Ns() / 1e3,
            row.maxNs() / 1e3));
    }
}
