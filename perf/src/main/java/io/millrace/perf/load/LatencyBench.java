package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.nic.driver.gen.TrafficProfile;
import io.millrace.perf.profile.ProfileFile;
import net.openhft.affinity.Affinity;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `millrace bench latency`: what a router adds to packets at a fixed rate, from the time each was meant to be sent,
/// beside the hiccups of a thread that does nothing but look at the clock on another processor in the same run.
///
/// Expected: a median of one turn, about a microsecond; a tail that is the machine's own.
@Command(name = "latency", description = {"Route 64-byte UDP packets at a fixed rate on one thread and measure their "
    + "latency, and the machine's hiccups on another processor meanwhile."})
public final class LatencyBench implements Callable<Integer> {

    /// What the worst packets may be later than the machine's own worst gaps.
    private static final long AIM_NS = 50_000;
    private static final int RING_SLOTS = 4096;
    private static final double RATE_MAX = 1e8;

    private static final String CONFIG = """
        forwarding: router
        ports:
          lan: { wire: "null", mac: 02:00:00:00:00:01, addresses: [192.168.1.1/24] }
          wan: { wire: "null", mac: 02:00:00:00:00:02, addresses: [203.0.113.1/24] }
        routes:
          - { to: 0.0.0.0/0, via: 203.0.113.254 }
        neighbours:
          - { address: 203.0.113.254, mac: "02:00:00:00:00:fe", port: wan }
        """;
    private static final String PROFILE = """
        streams:
          flows:
            layers:
              - ethernet: { target: 02:00:00:00:00:01, source: 02:00:00:00:00:99 }
              - ipv4: { source: { from: 10.0.0.0, to: 10.0.255.255, per: flow }, target: 198.51.100.2 }
              - udp: { source-port: 4000, target-port: 53 }
            flows: 4000
            sizes: 60
            rate: %dpps
            stamp: true
        """;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rate", paramLabel = "PPS", defaultValue = "1000000",
        description = "Packets a second (default: ${DEFAULT-VALUE}).")
    private long rate;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10",
        description = "How long it is measured (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots there.")
    private Optional<Path> html = Optional.empty();

    /// @param threading where the work and the hiccups were
    record Result(LatencyRow latency, LatencyRow hiccups, TrialResult trial, WarmUp warmUp, String threading,
                  List<TrialRunner.TimePoint> timeLine) {

        boolean isAimMet() {
            return latency.p99999Ns() <= hiccups.p99999Ns() + AIM_NS;
        }
    }

    @Override
    public Integer call() {
        if (rate < 1 || rate > RATE_MAX) throw new ConfigException("--rate is " + rate + "\n  allowed: 1 to 100000000");
        if (seconds < 1) throw new ConfigException("--seconds must be 1 or more, got " + seconds);
        Result result = measure(rate, seconds * 1_000_000_000L);
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson ? json(result) : text(result));
        out.flush();
        html.ifPresent(file -> write(file, page(result)));
        return 0;
    }

    static Result measure(long rate, long durationNs) {
        TrafficProfile profile = ProfileFile.parse("latency", String.format(Locale.ROOT, PROFILE, rate));
        BitSet allowed = Affinity.getAffinity();
        int own = allowed.isEmpty() ? 0 : allowed.length() - 1;
        int other = allowed.isEmpty() ? 0 : allowed.nextSetBit(0);
        Affinity.setAffinity(own);
        try (Arena arena = Arena.ofShared();
             var world = new LoadWorld(arena, ConfigFile.parse("latency", CONFIG).config(), profile, RING_SLOTS)) {
            TrialRunner runner = world.runner();
            WarmUp warmUp = WarmUp.run(runner, 1);
            var meter = own == other ? null : new HiccupMeter(other);
            TrialResult trial = runner.run(1, durationNs);
            Histogram hiccups = meter == null ? runner.hiccups() : meter.end();
            String threading = "shared: generator, router and receiver on processor " + own + ", hiccups "
                + (meter == null ? "between their turns" : "on processor " + other);
            return new Result(LatencyRow.of(100, trial.offeredPps(), runner.latency()), LatencyRow.of(0, 0, hiccups),
                trial, warmUp, threading, runner.timeLine());
        } finally {
            if (!allowed.isEmpty()) Affinity.setAffinity(allowed);
        }
    }

    private static String text(Result result) {
        var text = new StringBuilder(String.format(Locale.ROOT, "%s; %s%n%-12s %14s %10s %10s %10s %10s %10s%n",
            LoadReport.thisMachine(), result.threading, "latency, us", "packets/s", "median", "p99", "p99.99",
            "p99.999", "max"));
        PlainText.latency(text, "router", result.latency);
        PlainText.latency(text, "hiccups", result.hiccups);
        return text.append(String.format(Locale.ROOT, "lost %,d of %,d; p99.999 %s the hiccups' and 50 us%n",
            result.trial.lost(), result.trial.sent(), result.isAimMet() ? "is within" : "is above")).toString();
    }

    private static String json(Result result) {
        Map<String, Object> members = JsonText.ordered("bench", "latency", "machine", LoadReport.thisMachine(),
            "threading", result.threading, "latencyNs", JsonText.latency(result.latency), "hiccupsNs",
            JsonText.latency(result.hiccups), "sent", result.trial.sent(), "lost", result.trial.lost(), "isAimMet",
            result.isAimMet());
        return new ObjectMapper().writeValueAsString(members) + "\n";
    }

    private static String page(Result result) {
        var body = new StringBuilder("<h1>Latency of the router</h1>\n<p>" + HtmlText.escaped(LoadReport.thisMachine())
            + "<br>" + HtmlText.escaped(result.threading) + "</p>\n<pre>" + HtmlText.escaped(text(result))
            + "</pre>\n");
        body.append(Plot.svg("Latency by percentile", "percentile", "us", List.of(
            new Plot.Series("router", result.latency.curve()), new Plot.Series("hiccups", result.hiccups.curve())),
            List.of(), Plot::percentile));
        long startNs = result.timeLine.isEmpty() ? 0 : result.timeLine.getFirst().timeNs();
        body.append(Plot.svg("Received, with the warm-up", "seconds", "packets/s", result.timeLine.stream()
            .map(point -> new Plot.Point((point.timeNs() - startNs) / 1e9, point.receivedPps())).toList()));
        return Page.of("latency", body.toString());
    }

    private static void write(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) Files.createDirectories(folder);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
