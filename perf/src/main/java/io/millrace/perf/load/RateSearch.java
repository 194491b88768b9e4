package io.millrace.perf.load;

import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.List;

/// Finds the highest share of a profile's rates whose trial loses at most a given ratio. Several ratios share their
/// trials: every trial bounds every ratio. A rate that passes counts only below every rate that failed: losses that
/// come and go make the result lower, never higher.
public final class RateSearch {

    public enum Method {
        /// After MLRsearch: short pilots find about where to look, each begins where the one before ended, and trials
        /// of full length decide. The second trial of all offers what the first carried; bounds close in by their
        /// geometric mean.
        MLR(0.1, 0.3, 1),
        /// Full trials, half-way between the bounds.
        BINARY(1);

        private final double[] lengths;

        Method(double... lengths) {
            this.lengths = lengths;
        }
    }

    /// Offers a share of the rates, 1 the most, for a share of a full trial's duration.
    public interface Trial {
        TrialResult run(double share, double length);
    }

    private static final int TRIALS_MAX = 64;
    /// Pilots are content with bounds so many times as far apart as asked.
    private static final double PILOT_PRECISION = 4;

    private final Trial trial;
    private final double shareMin;
    private final double precision;
    private final Method method;
    private final List<TrialResult> trials = new ArrayList<>();

    /// @param shareMin  the least that is offered
    /// @param precision how far the bounds may lie apart, relative to the lower
    public RateSearch(Trial trial, double shareMin, double precision, Method method) {
        Check.that(shareMin > 0 && shareMin < 1, "the least share must be between 0 and 1");
        Check.that(precision > 0 && precision < 1, "the precision must be between 0 and 1");
        this.trial = trial;
        this.shareMin = shareMin;
        this.precision = precision;
        this.method = method;
    }

    /// The highest share known to lose at most `lossRatio`; 0 if even the least loses more.
    public double find(double lossRatio) {
        double found = 1;
        for (double length : method.lengths) {
            double wanted = length == 1 ? precision : Math.min(0.5, precision * PILOT_PRECISION);
            found = narrow(lossRatio, length, wanted, found);
        }
        return found;
    }

    private double narrow(double lossRatio, double length, double wanted, double guess) {
        if (ofLength(length).isEmpty()) begin(length, guess);
        double step = 1 + wanted;
        for (int count = 0; count < TRIALS_MAX; count++) {
            double upper = upper(lossRatio, length);
            double lower = lower(lossRatio, length, upper);
            if (upper > 1 && lower == 1) return 1;
            if (lower == 0 && upper <= shareMin) return 0;
            if (lower > 0 && upper <= lower * (1 + wanted)) return lower;
            if (upper > 1) {
                run(Math.min(1, Math.max(lower, shareMin) * step), length);
                step *= step;
            } else if (lower == 0) {
                run(Math.max(shareMin, method == Method.BINARY ? upper / 2 : upper / Math.max(step, 1.3)), length);
                step *= step;
            } else {
                run(method == Method.BINARY ? (lower + upper) / 2 : Math.sqrt(lower * upper), length);
            }
        }
        return lower(lossRatio, length, upper(lossRatio, length));
    }

    private void begin(double length, double guess) {
        TrialResult first = run(Math.max(shareMin, guess), length);
        double carried = first.share() * (1 - first.lossRatio());
        boolean isFirst = trials.size() == 1;
        if (isFirst && method == Method.MLR && first.lossRatio() > 0 && carried > shareMin) run(carried, length);
    }

    private TrialResult run(double share, double length) {
        TrialResult result = trial.run(share, length).ofLength(length);
        trials.add(result);
        return result;
    }

    private List<TrialResult> ofLength(double length) {
        return trials.stream().filter(each -> each.length() == length).toList();
    }

    /// The lowest share that lost more; above 1 if none did.
    private double upper(double lossRatio, double length) {
        return ofLength(length).stream().filter(each -> each.lossRatio() > lossRatio).mapToDouble(TrialResult::share)
            .min().orElse(Double.MAX_VALUE);
    }

    private double lower(double lossRatio, double length, double upper) {
        return ofLength(length).stream().filter(each -> each.lossRatio() <= lossRatio && each.share() < upper)
            .mapToDouble(TrialResult::share).max().orElse(0);
    }

    /// All trials so far, in their order.
    public List<TrialResult> trials() {
        return List.copyOf(trials);
    }
}
