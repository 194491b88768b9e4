package io.millrace.perf.load;

import io.millrace.control.config.ConfigFile;
import io.millrace.dataplane.config.ConfigException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/// The parts of a load test in their order: warm-up, search, latencies at shares of the no-drop rate, soak, change of
/// the configuration under load.
///
/// @param progress hears a line after every trial
record LoadRun(String config, String profile, LoadOptions options, Consumer<String> progress) {

    private static final double SHARE_MIN = 0.001;
    private static final long FIRST_NS = 50_000_000;
    private static final double WARM_UP_SHARE = 0.5;
    private static final int[] LATENCY_PERCENTS = {0, 10, 50, 90};
    /// Commands are given after this share of the trial.
    private static final double SCRIPT_AT = 0.25;

    LoadReport run(LoadWorld world, ConfigFile file) {
        TrialRunner runner = world.runner();
        Instant startedAt = Instant.now();
        long startNs = System.nanoTime();
        try (var activity = new JvmActivity()) {
            checkForwards(world, runner);
            WarmUp warmUp = WarmUp.run(runner, WARM_UP_SHARE);
            progress.accept(String.format(Locale.ROOT, "warm-up: %.1f s%s", warmUp.seconds(),
                warmUp.isSteady() ? "" : ", not steady"));
            var search = new RateSearch((share, length) -> trial(runner, share, length), SHARE_MIN,
                options.precision(), options.method());
            double ndr = search.find(0);
            double pdr = Math.max(ndr, search.find(options.pdrLoss()));
            List<LatencyRow> latency = new ArrayList<>();
            TrialResult soak = latencies(runner, ndr, latency);
            Optional<Blocked> blocked = options.script().map(_ -> reconfigure(world, runner, file, ndr));
            return new LoadReport(config, profile, LoadReport.thisMachine(), startedAt, runner.unit(), options,
                (System.nanoTime() - startNs) / 1e9, warmUp, runner.fullPps(), ndr, pdr, search.trials(), latency, soak,
                LatencyRow.of(0, 0, runner.hiccups()), startNs, runner.timeLine(), world.drops(), blocked,
                activity.events());
        }
    }

    /// A test in which nothing ever comes back would only find that out half a minute later.
    private static void checkForwards(LoadWorld world, TrialRunner runner) {
        TrialResult first = runner.run(WARM_UP_SHARE, FIRST_NS);
        boolean isNothing = first.lost() == first.sent()
            && first.streams().stream().allMatch(each -> each.received() == 0)
            && first.kinds().stream().allMatch(each -> each.completed() == 0);
        if (isNothing && first.sent() + first.sessions() > 0) {
            throw new ConfigException("nothing of what was sent came back: the configuration forwards none of this "
                + "profile\n  what became of it: " + world.drops());
        }
    }

    private TrialResult trial(TrialRunner runner, double share, double length) {
        TrialResult result = runner.run(share, (long) (options.trialNs() * length));
        progress.accept(String.format(Locale.ROOT, "%,14.0f %s offered for %.2f s: %.4f %% lost", result.offeredPps(),
            runner.unit(), result.seconds(), result.lossRatio() * 100));
        return result;
    }

    private TrialResult latencies(TrialRunner runner, double ndr, List<LatencyRow> latency) {
        TrialResult last = null;
        for (int percent : LATENCY_PERCENTS) {
            double share = Math.max(SHARE_MIN, ndr * Math.max(percent, 1) / 100);
            last = runner.run(share, percent == 90 ? options.soakNs() : options.trialNs());
            latency.add(LatencyRow.of(percent, last.offeredPps(), runner.latency()));
            progress.accept(String.format(Locale.ROOT, "latency at %d %%: %.4f %% lost", percent,
                last.lossRatio() * 100));
        }
        return last;
    }

    private Blocked reconfigure(LoadWorld world, TrialRunner runner, ConfigFile file, double ndr) {
        double share = Math.max(SHARE_MIN, ndr * options.scriptShare());
        TrialResult before = runner.run(share, options.trialNs());
        ScriptRun script = world.control(options.script().orElseThrow(), file.control());
        long startNs = world.clock().nowNs();
        script.at(startNs + (long) (options.trialNs() * SCRIPT_AT));
        TrialResult result = runner.run(share, options.trialNs());
        Blocked blocked = script.result(options.script().orElseThrow(), result.offeredPps(), startNs,
            lost(result), lost(before), world.clock());
        progress.accept(String.format(Locale.ROOT, "script: %d lost, blocked for %.3f ms", blocked.lost(),
            blocked.blockedMs()));
        return blocked;
    }

    private static long lost(TrialResult result) {
        return result.sent() > 0 ? result.lost() : result.sessionsLost();
    }
}
