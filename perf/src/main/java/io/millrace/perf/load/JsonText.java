package io.millrace.perf.load;

import tools.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A load report as one JSON object; `--baseline` reads the rates and latencies back.
final class JsonText {

    static String of(LoadReport report) {
        return new ObjectMapper().writeValueAsString(members(report)) + "\n";
    }

    private static Map<String, Object> members(LoadReport report) {
        Map<String, Object> members = ordered("load", 2, "config", report.config(), "profile", report.profile(),
            "machine", report.machine(), "startedAt", report.startedAt().toString(),
            "threading", "shared: generators, dataplane and receivers on one thread", "seconds", report.seconds());
        members.put("warmUp", ordered("seconds", report.warmUp().seconds(), "until", report.warmUp().until().toString(),
            "isSteady", report.warmUp().isSteady(), "jitMs", report.warmUp().jitMs()));
        members.put("search", report.options().method().name().toLowerCase(Locale.ROOT));
        members.put("precision", report.options().precision());
        members.put("trialSeconds", report.options().trialNs() / 1e9);
        members.put("ringSlots", report.options().ringSlots());
        members.put("unit", report.unit());
        members.put("fullPps", report.fullPps());
        members.put("ndrPps", report.ndrPps());
        members.put("pdrPps", report.pdrPps());
        members.put("pdrLoss", report.options().pdrLoss());
        members.put("trials", report.trials().stream().map(JsonText::trial).toList());
        members.put("latencyNs", report.latency().stream().map(JsonText::latency).toList());
        members.put("hiccupsNs", latency(report.hiccups()));
        members.put("streams", report.soak().streams().stream().map(JsonText::stream).toList());
        members.put("sessions", report.soak().kinds().stream().map(JsonText::sessions).toList());
        report.blocked().ifPresent(blocked -> members.put("reconfiguration", blocked(blocked)));
        members.put("timeLine", timeLine(report));
        members.put("drops", report.drops());
        members.put("jvm", jvm(report));
        return members;
    }

    private static Map<String, Object> trial(TrialResult trial) {
        return ordered("share", trial.share(), "seconds", trial.seconds(), "offeredPps", trial.offeredPps(),
            "receivedPps", trial.receivedPps(), "sent", trial.sent(), "lost", trial.lost(), "sessions",
            trial.sessions(), "sessionsLost", trial.sessionsLost(), "lossRatio", trial.lossRatio());
    }

    static Map<String, Object> latency(LatencyRow row) {
        return ordered("percent", row.percent(), "offeredPps", row.offeredPps(), "count", row.count(), "median",
            row.medianNs(), "p99", row.p99Ns(), "p99.99", row.p9999Ns(), "p99.999", row.p99999Ns(), "max", row.maxNs());
    }

    private static Map<String, Object> stream(StreamRow row) {
        return ordered("stream", row.name(), "sent", row.sent(), "received", row.received(), "lost", row.lost(),
            "duplicated", row.duplicated(), "reordered", row.reordered(), "corrupted", row.corrupted(), "latencyNs",
            latency(row.latency()));
    }

    private static Map<String, Object> sessions(SessionRow row) {
        return ordered("sessions", row.name(), "opened", row.opened(), "completed", row.completed(), "refused",
            row.refused(), "failed", row.failed(), "reset", row.reset(), "repaired", row.repaired(), "connectNs",
            latency(row.connect()), "answerNs", latency(row.answer()));
    }

    private static Map<String, Object> blocked(Blocked blocked) {
        return ordered("script", blocked.script(), "status", blocked.status(), "said", blocked.said(), "offeredPps",
            blocked.offeredPps(), "atSeconds", blocked.atSeconds(), "tookMs", blocked.tookMs(), "lost", blocked.lost(),
            "lostWithout", blocked.lostBefore(), "blockedMs", blocked.blockedMs());
    }

    /// A list for each point: seconds, received, longest hiccup in ns, drops by name.
    private static List<Object> timeLine(LoadReport report) {
        List<String> names = LoadWorld.dropNames();
        List<Object> points = new ArrayList<>();
        for (TrialRunner.TimePoint point : report.timeLine()) {
            Map<String, Object> drops = new LinkedHashMap<>();
            for (int i = 0; i < point.dropped().length; i++) {
                if (point.dropped()[i] > 0) drops.put(names.get(i), point.dropped()[i]);
            }
            points.add(List.of(report.secondsAt(point.timeNs()), point.receivedPps(), point.hiccupNs(), drops));
        }
        return points;
    }

    private static Map<String, Object> jvm(LoadReport report) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (JvmActivity.Kind kind : JvmActivity.Kind.values()) {
            members.put(kind.plural(), ordered("count", report.events(kind).size(), "sinceWarm",
                report.countSinceWarm(kind), "ms", report.milliseconds(kind)));
        }
        members.put("events", report.events().stream().filter(each -> each.kind() != JvmActivity.Kind.COMPILATION)
            .map(each -> List.of(each.kind().label(), report.secondsAt(each.timeNs()), each.durationNs(), each.what()))
            .toList());
        return members;
    }

    static Map<String, Object> ordered(Object... namesAndValues) {
        var members = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    private JsonText() {}
}
