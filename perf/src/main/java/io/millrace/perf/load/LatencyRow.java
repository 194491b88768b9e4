package io.millrace.perf.load;

import org.HdrHistogram.Histogram;

/// Latencies of one trial, nanoseconds.
///
/// @param percent of the no-drop rate that was offered; 0 stands for one percent, the least that measures anything
public record LatencyRow(int percent, double offeredPps, long medianNs, long p99Ns, long p9999Ns, long p99999Ns,
                         long maxNs) {

    static LatencyRow of(int percent, double offeredPps, Histogram histogram) {
        return new LatencyRow(percent, offeredPps, histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(99), histogram.getValueAtPercentile(99.99),
            histogram.getValueAtPercentile(99.999), histogram.getMaxValue());
    }
}
