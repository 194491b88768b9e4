package io.millrace.perf.load;

import io.millrace.packet.memory.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/// Finds the highest share of a profile's rates whose trial loses at most a given ratio. Several ratios share their
/// trials, as in MLRsearch: the second trial offers what the first one carried, and every
/// trial bounds every ratio.
///
/// Bounds close in by their geometric mean until the upper is within the precision of the lower. A rate that passes
/// counts only below every rate that failed: losses that come and go make the result lower, never higher.
public final class RateSearch {

    private static final int TRIALS_MAX = 64;

    private final DoubleFunction<TrialResult> trial;
    private final double shareMin;
    private final double precision;
    private final List<TrialResult> trials = new ArrayList<>();

    /// @param trial     offers a share of the rates, 1 the most
    /// @param shareMin  the least that is offered
    /// @param precision how far the bounds may lie apart, relative to the lower
    public RateSearch(DoubleFunction<TrialResult> trial, double shareMin, double precision) {
        Check.that(shareMin > 0 && shareMin < 1, "the least share must be between 0 and 1");
        Check.that(precision > 0 && precision < 1, "the precision must be between 0 and 1");
        this.trial = trial;
        this.shareMin = shareMin;
        this.precision = precision;
    }

    /// The highest share known to lose at most `lossRatio`; 0 if even the least loses more.
    public double find(double lossRatio) {
        if (trials.isEmpty()) {
            TrialResult most = run(1);
            double carried = most.share() * (1 - most.lossRatio());
            if (most.lossRatio() > 0 && carried > shareMin) run(carried);
        }
        while (trials.size() < TRIALS_MAX) {
            double upper = upper(lossRatio);
            double lower = lower(lossRatio, upper);
            if (upper > 1) return 1;
            if (lower == 0) {
                if (upper <= shareMin) return 0;
                run(Math.max(shareMin, upper / 4));
                continue;
            }
            if (upper <= lower * (1 + precision)) return lower;
            run(Math.sqrt(lower * upper));
        }
        return lower(lossRatio, upper(lossRatio));
    }

    private TrialResult run(double share) {
        TrialResult result = trial.apply(share);
        trials.add(result);
        return result;
    }

    /// The lowest share that lost more; above 1 if none did.
    private double upper(double lossRatio) {
        return trials.stream().filter(each -> each.lossRatio() > lossRatio).mapToDouble(TrialResult::share).min()
            .orElse(Double.MAX_VALUE);
    }

    private double lower(double lossRatio, double upper) {
        return trials.stream().filter(each -> each.lossRatio() <= lossRatio && each.share() < upper)
            .mapToDouble(TrialResult::share).max().orElse(0);
    }

    /// All trials so far, in their order.
    public List<TrialResult> trials() {
        return List.copyOf(trials);
    }
}
