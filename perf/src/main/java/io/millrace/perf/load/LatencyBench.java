package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.dataplane.config.DataplaneConfig;
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
/// beside the machine's hiccups in the same run.
///
/// With `--threading shared` generator, router and receiver take turns on one processor, and a thread that does nothing
/// but look at the clock measures hiccups on another. With `dedicated` the router has a processor of its own; hiccups
/// are the gaps of its thread, and of the generator's, while they have nothing to do. Whoever stands still for a
/// millisecond delays a thousand packets by that and is one gap among millions; so hiccups are also told as packets at
/// the rate would have met them.
///
/// Expected: a median of one turn, below a microsecond, with rings between some microseconds; a tail that is the
/// machine's own.
@Command(name = "latency", description = {"Route 64-byte UDP packets at a fixed rate and measure their latency, and "
    + "the machine's hiccups meanwhile."})
public final class LatencyBench implements Callable<Integer> {

    /// What the worst packets may be later than the machine's own worst gaps.
    private static final long AIM_NS = 50_000;
    private static final int RING_SLOTS = 4096;
    private static final double RATE_MAX = 1e8;
    private static final String SHARED = "shared";
    private static final String DEDICATED = "dedicated";

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

    @Option(names = "--threading", paramLabel = "WAY", defaultValue = "shared",
        description = "shared: all on one processor; dedicated: the router has one of its own "
            + "(default: ${DEFAULT-VALUE}).")
    private String threading;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean isJson;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots there.")
    private Optional<Path> html = Optional.empty();

    /// @param hiccups   gap by gap; `asMet` is how long packets at the rate would have waited for gaps to end
    /// @param threading where the work and the hiccups were
    record Result(LatencyRow latency, LatencyRow hiccups, LatencyRow asMet, TrialResult trial, WarmUp warmUp,
                  String threading, List<TrialRunner.TimePoint> timeLine) {

        static Result of(TrialRunner runner, TrialResult trial, Histogram gaps, WarmUp warmUp, String threading) {
            return new Result(LatencyRow.of(100, trial.offeredPps(), runner.latency()), LatencyRow.of(0, 0, gaps),
                LatencyRow.of(0, 0, asMet(gaps, trial.offeredPps())), trial, warmUp, threading, runner.timeLine());
        }

        /// Of a gap that is longer than the distance of two packets, each packet in it waits for the rest.
        private static Histogram asMet(Histogram gaps, double pps) {
            return gaps.copyCorrectedForCoordinatedOmission(Math.max(1, Math.round(1e9 / pps)));
        }

        boolean isAimMet() {
            return latency.p99999Ns() <= hiccups.p99999Ns() + AIM_NS;
        }
    }

    @Override
    public Integer call() {
        if (rate < 1 || rate > RATE_MAX) throw new ConfigException("--rate is " + rate + "\n  allowed: 1 to 100000000");
        if (seconds < 1) throw new ConfigException("--seconds must be 1 or more, got " + seconds);
        if (!List.of(SHARED, DEDICATED).contains(threading)) {
            throw new ConfigException("--threading is \"" + threading + "\"\n  allowed: shared, dedicated");
        }
        Result result = measure(rate, seconds * 1_000_000_000L, threading.equals(DEDICATED));
        PrintWriter out = spec.commandLine().getOut();
        out.print(isJson ? json(result) : text(result));
        out.flush();
        html.ifPresent(file -> write(file, page(result)));
        return 0;
    }

    static Result measure(long rate, long durationNs, boolean isDedicated) {
        TrafficProfile profile = ProfileFile.parse("latency", String.format(Locale.ROOT, PROFILE, rate));
        BitSet allowed = Affinity.getAffinity();
        int own = allowed.isEmpty() ? 0 : allowed.length() - 1;
        int other = allowed.isEmpty() ? 0 : allowed.nextSetBit(0);
        if (isDedicated && own == other) {
            throw new ConfigException("--threading dedicated needs two processors, and there is one");
        }
        Affinity.setAffinity(own);
        try (Arena arena = Arena.ofShared()) {
            DataplaneConfig config = ConfigFile.parse("latency", CONFIG).config();
            return isDedicated ? dedicated(arena, config, profile, durationNs, own, other)
                : shared(arena, config, profile, durationNs, own, other);
        } finally {
            if (!allowed.isEmpty()) Affinity.setAffinity(allowed);
        }
    }

    private static Result shared(Arena arena, DataplaneConfig config, TrafficProfile profile, long durationNs, int own,
                                 int other) {
        try (var world = new LoadWorld(arena, config, profile, RING_SLOTS)) {
            TrialRunner runner = world.runner();
            WarmUp warmUp = WarmUp.run(runner, 1);
            var meter = own == other ? null : new HiccupMeter(other);
            TrialResult trial = runner.run(1, durationNs);
            Histogram gaps = meter == null ? runner.hiccups() : meter.end();
            return Result.of(runner, trial, gaps, warmUp, "shared: generator, router and receiver on processor " + own
                + ", hiccups " + (meter == null ? "between their turns" : "on processor " + other));
        }
    }

    private static Result dedicated(Arena arena, DataplaneConfig config, TrafficProfile profile, long durationNs,
                                    int own, int other) {
        try (var router = new DedicatedRouter(arena, config, profile, RING_SLOTS, other)) {
            TrialRunner runner = router.runner();
            WarmUp warmUp = WarmUp.run(runner, 1);
            router.forgetHiccups();
            runner.hiccups().reset();
            TrialResult trial = runner.run(1, durationNs);
            Histogram gaps = router.end();
            gaps.add(runner.hiccups());
            return Result.of(runner, trial, gaps, warmUp, "dedicated: generator and receiver on processor " + own
                + ", router on processor " + other + ", hiccups of both");
        }
    }

    private static String text(Result result) {
        var text = new StringBuilder(String.format(Locale.ROOT, "%s; %s%n%-12s %14s %10s %10s %10s %10s %10s%n",
            LoadReport.thisMachine(), result.threading, "latency, us", "packets/s", "median", "p99", "p99.99",
            "p99.999", "max"));
        PlainText.latency(text, "router", result.latency);
        PlainText.latency(text, "hiccups", result.hiccups);
        PlainText.latency(text, "as met", result.asMet);
        return text.append(String.format(Locale.ROOT, "lost %,d of %,d; p99.999 %s the hiccups' and 50 us%n",
            result.trial.lost(), result.trial.sent(), result.isAimMet() ? "is within" : "is above")).toString();
    }

    private static String json(Result result) {
        Map<String, Object> members = JsonText.ordered("bench", "latency", "machine", LoadReport.thisMachine(),
            "threading", result.threading, "latencyNs", JsonText.latency(result.latency), "hiccupsNs",
            JsonText.latency(result.hiccups), "hiccupsAsMetNs", JsonText.latency(result.asMet), "sent", result.trial.sent(),
            "lost", result.trial.lost(), "isAimMet", result.isAimMet());
        return new ObjectMapper().writeValueAsString(members) + "\n";
    }

    private static String page(Result result) {
        var body = new StringBuilder("<h1>Latency of the router</h1>\n<p>" + HtmlText.escaped(LoadReport.thisMachine())
            + "<br>" + HtmlText.escaped(result.threading) + "</p>\n<pre>" + HtmlText.escaped(text(result))
            + "</pre>\n");
        body.append(Plot.svg("Latency by percentile", "percentile", "us", List.of(
            new Plot.Series("router", result.latency.curve()), new Plot.Series("hiccups", result.hiccups.curve()),
            new Plot.Series("hiccups as met", result.asMet.curve())),
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
