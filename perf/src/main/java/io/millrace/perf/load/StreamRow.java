package io.millrace.perf.load;

import io.millrace.nic.driver.gen.receive.StreamReceipt;
import org.HdrHistogram.Histogram;

/// What became of one stream's packets in a trial, over all ports.
///
/// @param lost  never came back, whole or not
public record StreamRow(String name, long sent, long received, long lost, long duplicated, long reordered,
                        long corrupted, LatencyRow latency) {

    /// Receipts of several ports added up.
    static final class Sum {

        private final Histogram histogram = new Histogram(1, LatencyRow.NS_MAX, 3);
        private long received;
        private long arrived;
        private long duplicated;
        private long reordered;
        private long corrupted;

        void add(StreamReceipt receipt) {
            histogram.add(receipt.latency());
            received += receipt.receivedCount();
            arrived += receipt.arrivedCount();
            duplicated += receipt.duplicateCount();
            reordered += receipt.reorderedCount();
            corrupted += receipt.corruptedCount();
        }

        StreamRow row(String name, long sent, double offeredPps) {
            return new StreamRow(name, sent, received, Math.max(0, sent - arrived), duplicated, reordered, corrupted,
                LatencyRow.of(0, offeredPps, histogram));
        }
    }
}
