package io.millrace.nic.driver.gen.stream;

import io.millrace.nic.driver.gen.random.SeededRandom;
import io.millrace.nic.driver.gen.random.WeightedChoice;

/// Gives the values of one field that varies per packet, and those of one that varies per flow.
public final class ValueSource {

    private enum Way { STEPS, UNIFORM, LISTED, ZIPF }

    private final FieldValues values;
    private final Way way;
    private final long first;
    private final long last;
    private final long step;
    private final long count;
    private final long[] list;
    private final WeightedChoice weights;
    private final SeededRandom random;
    private final long seed;
    private long position;

    public ValueSource(FieldValues values, long seed) {
        this.values = values;
        this.seed = seed;
        this.random = new SeededRandom(seed);
        this.count = values.count();
        this.first = values.value(0);
        this.last = values.value(count - 1);
        this.step = values instanceof FieldValues.Steps steps ? steps.step() : 1;
        this.list = values instanceof FieldValues.Listed listed ? listed.values() : new long[0];
        this.weights = values instanceof FieldValues.Zipf zipf
            ? WeightedChoice.zipf(Math.toIntExact(count), zipf.exponent()) : null;
        this.way = switch (values) {
            case FieldValues.Steps _ -> Way.STEPS;
            case FieldValues.Uniform _ -> Way.UNIFORM;
            case FieldValues.Listed _ -> Way.LISTED;
            case FieldValues.Zipf _ -> Way.ZIPF;
        };
        this.position = way == Way.STEPS ? first : 0;
    }

    /// The next packet's value.
    public long next() {
        return switch (way) {
            case STEPS -> {
                long value = position;
                position = value == last ? first : value + step;
                yield value;
            }
            case UNIFORM -> first + random.below(count);
            case LISTED -> {
                long value = list[(int) position];
                position = position + 1 == list.length ? 0 : position + 1;
                yield value;
            }
            case ZIPF -> first + weights.draw(random);
        };
    }

    /// The value of a flow, always the same. Not for the data path.
    long ofFlow(long flow) {
        return switch (way) {
            case STEPS, LISTED -> values.value(flow % count);
            case UNIFORM -> first + Math.multiplyHigh(SeededRandom.at(seed, flow) >>> 1, count << 1);
            case ZIPF -> first + weights.draw(new SeededRandom(SeededRandom.at(seed, flow)));
        };
    }
}
