package io.millrace.control.report;

import java.util.function.BooleanSupplier;

/// Who watches a run. Called by the thread that runs it, some ten times a second.
public interface ProgressListener {

    /// @param packetCount packets received so far
    /// @param share       part of the input that has been read, 0 to 1; `NaN` where there is no telling
    /// @param elapsedNs   time since the run began
    void onProgress(long packetCount, double share, long elapsedNs);

    /// True once the run is to end as soon as it can.
    boolean isStopRequested();

    /// The run has ended, well or not.
    void onEnd();

    /// One that shows nothing.
    static ProgressListener silent(BooleanSupplier isStopRequested) {
        return new ProgressListener() {
            @Override
            public void onProgress(long packetCount, double share, long elapsedNs) {}

            @Override
            public boolean isStopRequested() { return isStopRequested.getAsBoolean(); }

            @Override
            public void onEnd() {}
        };
    }
}
