package io.millrace.perf.load;

import io.millrace.dataplane.config.ConfigException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The rates of an earlier load test, read from its JSON file.
record Baseline(double ndrPps, double pdrPps, Map<Integer, Double> p99Ns) {

    /// A run below this share of the baseline is worse.
    static final double RATIO_MIN = 0.95;

    /// What one number was and is. Rates decide; latencies are told, for they say little on a machine that is shared.
    ///
    /// @param isRate more is better, and less than [#RATIO_MIN] of the old is worse
    record Change(String name, String unit, double before, double after, boolean isRate) {

        double ratio() {
            return before == 0 ? 1 : after / before;
        }

        boolean isWorse() {
            return isRate && ratio() < RATIO_MIN;
        }

        String text() {
            return String.format(Locale.ROOT, "%-14s %,14.0f -> %,14.0f %-10s %7.3f%s", name, before, after, unit,
                ratio(), isWorse() ? "  worse" : "");
        }
    }

    static Baseline read(Path file) {
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readString(file));
            Map<Integer, Double> latencies = new TreeMap<>();
            for (JsonNode row : root.path("latencyNs")) {
                latencies.put((int) number(file, row, "percent"), number(file, row, "p99"));
            }
            return new Baseline(number(file, root, "ndrPps"), number(file, root, "pdrPps"), latencies);
        } catch (JacksonException e) {
            throw new ConfigException(file + " is not the JSON of a load test: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static double number(Path file, JsonNode root, String name) {
        JsonNode value = root.get(name);
        if (value == null || !value.isNumber()) {
            throw new ConfigException(file + " is not the JSON of a load test: it has no number \"" + name + "\"");
        }
        return value.doubleValue();
    }

    List<Change> changes(LoadReport report) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change("no drop", report.unit(), ndrPps, report.ndrPps(), true));
        changes.add(new Change("partial drop", report.unit(), pdrPps, report.pdrPps(), true));
        for (LatencyRow row : report.latency()) {
            Double before = p99Ns.get(row.percent());
            if (before != null) changes.add(new Change("p99 at " + row.percent() + " %", "ns", before, row.p99Ns(),
                false));
        }
        return changes;
    }
}
