package io.millrace.perf.profile;

import io.millrace.nic.driver.gen.stream.SizeMix;

import java.util.Arrays;
import java.util.Optional;

/// Mixes of packet sizes as published profiles define them, here as bytes of the frame without its check sequence.
public enum ImixTable {

    /// TRex's stateless `imix.py`: 7 : 4 : 1.
    TREX("trex", new int[] {60, 590, 1514}, 28, 16, 4),
    /// TRex's stateless `bench.py`, whose sizes count the check sequence.
    TREX_BENCH("trex-bench", new int[] {64, 586, 1510}, 28, 16, 4),
    TREX_AZURE("trex-azure", new int[] {64, 586, 1510}, 28, 20, 4),
    TREX_WLC("trex-wlc", new int[] {60, 590, 1414}, 7, 4, 1),
    /// TRex's stateful mix, whose sizes count the check sequence.
    TREX_STATEFUL("trex-stateful", new int[] {60, 590, 1514}, 28, 20, 4),
    NETRONOME("netronome", new int[] {64, 570, 1514}, 7, 4, 1);

    private final String label;
    private final int[] frameBytes;
    private final double[] weights;

    ImixTable(String label, int[] frameBytes, double... weights) {
        this.label = label;
        this.frameBytes = frameBytes;
        this.weights = weights;
    }

    public String label() {
        return label;
    }

    public SizeMix sizes() {
        return new SizeMix(frameBytes, weights, false);
    }

    static Optional<ImixTable> named(String label) {
        return Arrays.stream(values()).filter(table -> table.label.equals(label)).findFirst();
    }

    static String[] labels() {
        return Arrays.stream(values()).map(ImixTable::label).toArray(String[]::new);
    }
}
