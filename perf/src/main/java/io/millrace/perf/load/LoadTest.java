package io.millrace.perf.load;

import io.millrace.perf.load.LoadReport.WarmUpNote;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The parts of a load test in their order: warm-up, search, latencies at shares of the no-drop rate, soak.
///
/// @param progress hears a line after every trial
record LoadTest(String config, String profile, long trialNs, double precision, double pdrLoss, long soakNs,
                Consumer<String> progress) {

    private static final double SHARE_MIN = 0.001;
    private static final double WARM_UP_SHARE = 0.5;
    private static final int[] LATENCY_PERCENTS = {0, 10, 50, 90};

    LoadReport run(LoadWorld world) {
        TrialRunner runner = world.runner();
        long startNs = System.nanoTime();
        long gcCount = gcCount();
        long gcMs = gcMs();
        WarmUp warmUp = WarmUp.run(runner, WARM_UP_SHARE);
        progress.accept(String.format(Locale.ROOT, "warm-up: %.1f s%s", warmUp.seconds(),
            warmUp.isSteady() ? "" : ", not steady"));
        var search = new RateSearch(share -> trial(runner, share), SHARE_MIN, precision);
        double ndr = search.find(0);
        double pdr = Math.max(ndr, search.find(pdrLoss));
        List<LatencyRow> latency = new ArrayList<>();
        for (int percent : LATENCY_PERCENTS) {
            double share = Math.max(SHARE_MIN, ndr * Math.max(percent, 1) / 100);
            TrialResult result = runner.run(share, percent == 90 ? soakNs : trialNs);
            latency.add(LatencyRow.of(percent, result.offeredPps(), runner.latency()));
            progress.accept(String.format(Locale.ROOT, "latency at %d %%: %.4f %% lost", percent,
                result.lossRatio() * 100));
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        return new LoadReport(config, profile, machine(), seconds, new WarmUpNote(warmUp.seconds(), warmUp.isSteady()),
            precision, trialNs / 1e9, runner.fullPps(), ndr, pdrLoss, pdr, search.trials(), latency,
            LatencyRow.of(0, 0, runner.hiccups()), runner.timeLine(), world.drops(), gcCount() - gcCount, gcMs() - gcMs,
            ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }

    private TrialResult trial(TrialRunner runner, double share) {
        TrialResult result = runner.run(share, trialNs);
        progress.accept(String.format(Locale.ROOT, "%,14.0f packets/s offered: %.4f %% lost", result.offeredPps(),
            result.lossRatio() * 100));
        return result;
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch") + ", Java "
            + Runtime.version();
    }

    private static long gcCount() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    private static long gcMs() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    }
}
