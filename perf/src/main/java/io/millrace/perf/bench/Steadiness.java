package io.millrace.perf.bench;

/// Says when a series of rates has become steady: the last few lie within a few percent of each other.
final class Steadiness {

    private static final int WINDOWS = 5;
    private static final double SPREAD_MAX = 0.03;

    private final double[] last = new double[WINDOWS];
    private int count;

    boolean isSteadyAfter(double rate) {
        last[count++ % WINDOWS] = rate;
        if (count < WINDOWS) return false;
        double min = Double.MAX_VALUE;
        double max = 0;
        for (double each : last) {
            min = Math.min(min, each);
            max = Math.max(max, each);
        }
        return max <= min * (1 + SPREAD_MAX);
    }
}
