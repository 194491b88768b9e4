package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.driver.gen.layer.LayerStack;
import io.millrace.packet.memory.Check;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The lengths of a stream's frames, without frame check sequence.
///
/// @param weights   how often each comes, relative to the others
/// @param isInTurn  true if they come one after the other instead of at random; then weights do not count
public record SizeMix(int[] frameBytes, double[] weights, boolean isInTurn) {

    public SizeMix {
        Check.that(frameBytes.length >= 1, "sizes need one length at least");
        Check.that(frameBytes.length == weights.length, "each size has a weight", weights.length);
        for (int each : frameBytes) {
            Check.that(each >= 14 && each <= LayerStack.FRAME_BYTES_MAX,
                "sizes must be 14 to " + LayerStack.FRAME_BYTES_MAX, each);
        }
        frameBytes = frameBytes.clone();
        weights = weights.clone();
    }

    public static SizeMix fixed(int frameBytes) {
        return inTurn(frameBytes);
    }

    public static SizeMix inTurn(int... frameBytes) {
        double[] weights = new double[frameBytes.length];
        Arrays.fill(weights, 1);
        return new SizeMix(frameBytes, weights, true);
    }

    public static SizeMix uniform(int min, int max) {
        Check.that(min <= max, "the smallest size must not be above the largest", min);
        int[] all = IntStream.rangeClosed(min, max).toArray();
        double[] weights = new double[all.length];
        Arrays.fill(weights, 1);
        return new SizeMix(all, weights, false);
    }

    public int count() {
        return frameBytes.length;
    }

    public int bytesMin() {
        return Arrays.stream(frameBytes).min().orElseThrow();
    }

    public int bytesMax() {
        return Arrays.stream(frameBytes).max().orElseThrow();
    }

    public double bytesMean() {
        double sum = 0;
        double weightSum = 0;
        for (int i = 0; i < frameBytes.length; i++) {
            sum += frameBytes[i] * weights[i];
            weightSum += weights[i];
        }
        return sum / weightSum;
    }
}
