package io.millrace.perf.load;

import java.util.Locale;

/// A load report for people at a terminal.
final class PlainText {

    static String of(LoadReport report) {
        var text = new StringBuilder();
        line(text, "measured from %s on, after %.1f s of warm-up%s", report.warmUp().until(),
            report.warmUp().seconds(), report.warmUp().isSteady() ? "" : " (gave up waiting for a steady state)");
        line(text, "no drop      %,14.0f %s", report.ndrPps(), report.unit());
        line(text, "at most %.2g %% %,13.0f %s", report.options().pdrLoss() * 100, report.pdrPps(), report.unit());
        line(text, "%n%-12s %14s %10s %10s %10s %10s %10s", "latency, us", report.unit(), "median", "p99", "p99.99",
            "p99.999", "max");
        for (LatencyRow row : report.latency()) latency(text, row.percent() + " %", row);
        latency(text, "hiccups", report.hiccups());
        parts(text, report.soak());
        report.blocked().ifPresent(blocked -> {
            line(text, "%n%s at %.2f s: status %d, %.1f ms", blocked.script(), blocked.atSeconds(), blocked.status(),
                blocked.tookMs());
            line(text, "lost %,d (without it %,d) at %,.0f %s: blocked for %.3f ms", blocked.lost(),
                blocked.lostBefore(), blocked.offeredPps(), report.unit(), blocked.blockedMs());
        });
        line(text, "%nnot forwarded, over all trials");
        report.drops().forEach((name, count) -> line(text, "%-28s %,14d", name, count));
        line(text, "");
        for (JvmActivity.Kind kind : JvmActivity.Kind.values()) {
            line(text, "%-16s %,9d, of which %,d since warm, %.1f ms", kind.plural(), report.events(kind).size(),
                report.countSinceWarm(kind), report.milliseconds(kind));
        }
        line(text, "%.0f s in all", report.seconds());
        return text.toString();
    }

    private static void parts(StringBuilder text, TrialResult soak) {
        if (!soak.streams().isEmpty()) {
            line(text, "%n%-16s %13s %13s %10s %8s %8s %8s %9s", "stream", "sent", "received", "lost", "dupl.",
                "reord.", "corr.", "p99, us");
        }
        for (StreamRow row : soak.streams()) {
            line(text, "%-16s %,13d %,13d %,10d %,8d %,8d %,8d %9.1f", row.name(), row.sent(), row.received(),
                row.lost(), row.duplicated(), row.reordered(), row.corrupted(), row.latency().p99Ns() / 1e3);
        }
        if (!soak.kinds().isEmpty()) {
            line(text, "%n%-16s %11s %11s %9s %9s %9s %9s %11s", "sessions", "opened", "completed", "refused", "failed",
                "reset", "repaired", "answer, us");
        }
        for (SessionRow row : soak.kinds()) {
            line(text, "%-16s %,11d %,11d %,9d %,9d %,9d %,9d %11.1f", row.name(), row.opened(), row.completed(),
                row.refused(), row.failed(), row.reset(), row.repaired(), row.answer().medianNs() / 1e3);
        }
    }

    static void latency(StringBuilder text, String name, LatencyRow row) {
        line(text, "%-12s %,14.0f %10.1f %10.1f %10.1f %10.1f %10.1f", name, row.offeredPps(), row.medianNs() / 1e3,
            row.p99Ns() / 1e3, row.p9999Ns() / 1e3, row.p99999Ns() / 1e3, row.maxNs() / 1e3);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format + "%n", values));
    }

    private PlainText() {}
}
