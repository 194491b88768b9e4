package io.millrace.perf.load;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;

/// Latencies of one trial, nanoseconds.
///
/// @param percent of the no-drop rate that was offered; 0 stands for one percent, the least that measures anything
/// @param curve   latencies by their share of nines: a point at n is the percentile 100 − 100 / 10^n
public record LatencyRow(int percent, double offeredPps, long medianNs, long p99Ns, long p9999Ns, long p99999Ns,
                         long maxNs, long count, List<Plot.Point> curve) {

    static final long NS_MAX = 60_000_000_000L;
    private static final double NINES_STEP = 0.25;

    public LatencyRow {
        curve = List.copyOf(curve);
    }

    static LatencyRow of(int percent, double offeredPps, Histogram histogram) {
        List<Plot.Point> curve = new ArrayList<>();
        long count = histogram.getTotalCount();
        // No further than there are values to tell.
        for (double nines = 0; Math.pow(10, nines) <= count; nines += NINES_STEP) {
            curve.add(new Plot.Point(nines,
                histogram.getValueAtPercentile(100 - 100 / Math.pow(10, nines)) / 1e3));
        }
        return new LatencyRow(percent, offeredPps, histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(99), histogram.getValueAtPercentile(99.99),
            histogram.getValueAtPercentile(99.999), histogram.getMaxValue(), count, curve);
    }
}
