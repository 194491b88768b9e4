package io.millrace.perf.bench;

import org.HdrHistogram.Histogram;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// How long turns of device, worker and control take: what packets have to wait for.
final class TurnTimes {

    private static final long LONGEST_NS = 10_000_000_000L;
    private static final double RARE = 99.9;

    private final Histogram device = new Histogram(LONGEST_NS, 3);
    private final Histogram worker = new Histogram(LONGEST_NS, 3);
    private final Histogram control = new Histogram(LONGEST_NS, 3);

    void record(long deviceNs, long workerNs, long controlNs) {
        record(device, deviceNs);
        record(worker, workerNs);
        record(control, controlNs);
    }

    private static void record(Histogram histogram, long ns) {
        histogram.recordValue(Math.clamp(ns, 0, LONGEST_NS));
    }

    String text() {
        return String.format(Locale.ROOT, "device %s, worker %s, control %s", text(device), text(worker),
            text(control));
    }

    private static String text(Histogram histogram) {
        return String.format(Locale.ROOT, "%.1f us (at most %.1f)", us(histogram.getValueAtPercentile(RARE)),
            us(histogram.getMaxValue()));
    }

    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        put(members, "device", device);
        put(members, "worker", worker);
        put(members, "control", control);
        return members;
    }

    private static void put(Map<String, Object> members, String name, Histogram histogram) {
        members.put(name + "Us999", us(histogram.getValueAtPercentile(RARE)));
        members.put(name + "UsMax", us(histogram.getMaxValue()));
    }

    private static double us(long ns) {
        return ns / 1e3;
    }
}
