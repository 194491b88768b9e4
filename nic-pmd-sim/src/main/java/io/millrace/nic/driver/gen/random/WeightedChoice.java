package io.millrace.nic.driver.gen.random;

import io.millrace.packet.memory.Check;

/// Draws an index from 0 with a probability in proportion to its weight, in constant time by Walker's alias method
/// (Vose, 1991): every index fills at most one column, and what is left of the column belongs to one other index.
public final class WeightedChoice {

    public static final int CHOICES_MAX = 1 << 22;

    private final long[] shares;   // of 2^32: how much of the column belongs to its own index
    private final int[] aliases;

    public WeightedChoice(double[] weights) {
        int count = weights.length;
        Check.that(count >= 1 && count <= CHOICES_MAX, "choices must be 1 to " + CHOICES_MAX, count);
        this.shares = new long[count];
        this.aliases = new int[count];
        double sum = 0;
        for (double weight : weights) {
            Check.that(weight >= 0, "weights must not be negative");
            sum += weight;
        }
        Check.that(sum > 0, "one weight at least must be positive");
        build(weights, count / sum);
    }

    /// The Zipf distribution: the index `k` has the weight 1 / (k + 1)^`exponent`.
    public static WeightedChoice zipf(int count, double exponent) {
        Check.that(count >= 1 && count <= CHOICES_MAX, "choices must be 1 to " + CHOICES_MAX, count);
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = Math.pow(i + 1, -exponent);
        }
        return new WeightedChoice(weights);
    }

    private void build(double[] weights, double scale) {
        int count = weights.length;
        double[] heights = new double[count];
        int[] order = new int[count];   // columns too low from the front, too high from the back
        int lowCount = 0;
        int highAt = count;
        for (int i = 0; i < count; i++) {
            heights[i] = weights[i] * scale;
            aliases[i] = i;
            if (heights[i] < 1) order[lowCount++] = i;
            else order[--highAt] = i;
        }
        while (lowCount > 0 && highAt < count) {
            int low = order[--lowCount];
            int high = order[highAt];
            shares[low] = SeededRandom.share(heights[low]);
            aliases[low] = high;
            heights[high] -= 1 - heights[low];
            if (heights[high] < 1) {
                highAt++;
                order[lowCount++] = high;
            }
        }
        while (highAt < count) shares[order[highAt++]] = 1L << 32;
        while (lowCount > 0) shares[order[--lowCount]] = 1L << 32;   // rounding left them a hair too low
    }

    public int count() {
        return shares.length;
    }

    public int draw(SeededRandom random) {
        int column = (int) random.below(shares.length);
        return random.isHit(shares[column]) ? column : aliases[column];
    }
}
