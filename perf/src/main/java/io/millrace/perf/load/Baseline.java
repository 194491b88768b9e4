package io.millrace.perf.load;

import io.millrace.dataplane.config.ConfigException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The rates of an earlier load test, read from its JSON file.
record Baseline(double ndrPps, double pdrPps) {

    /// A run below this share of the baseline is worse.
    static final double RATIO_MIN = 0.95;

    /// What one rate was and is.
    record Change(String name, double oldPps, double newPps) {

        double ratio() {
            return oldPps == 0 ? 1 : newPps / oldPps;
        }

        boolean isWorse() {
            return ratio() < RATIO_MIN;
        }

        String text() {
            return String.format(Locale.ROOT, "%-12s %,14.0f -> %,14.0f packets/s  %.3f%s", name, oldPps, newPps,
                ratio(), isWorse() ? "  worse" : "");
        }
    }

    static Baseline read(Path file) {
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readString(file));
            return new Baseline(number(file, root, "ndrPps"), number(file, root, "pdrPps"));
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
        return List.of(new Change("no drop", ndrPps, report.ndrPps()),
            new Change("partial drop", pdrPps, report.pdrPps()));
    }
}
