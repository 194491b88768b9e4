package io.millrace.nic.sim.fault;

import io.millrace.packet.memory.Check;

import java.util.EnumMap;
import java.util.Map;

/// How often a device errs, and for how long. Immutable; [#NONE] to begin with.
public final class FaultShares {

    public static final FaultShares NONE = new FaultShares(new EnumMap<>(FaultKind.class));

    private static final long LATE_NS_USUAL = 2_000_000;

    private final Map<FaultKind, Double> values;

    private FaultShares(Map<FaultKind, Double> values) {
        this.values = values;
    }

    /// The same but for this share, 0 to 1; 0 is never.
    public FaultShares with(FaultKind kind, double share) {
        Check.that(kind.isShare(), kind.label() + " is no share");
        Check.that(share >= 0 && share <= 1, kind.label() + " must be 0 to 1");
        return changed(kind, share);
    }

    /// The same but for this duration; 0 is never.
    public FaultShares withNs(FaultKind kind, long ns) {
        Check.that(!kind.isShare(), kind.label() + " is no duration");
        Check.that(ns >= 0 && ns <= FaultKind.NS_MAX, kind.label() + " must be 0 to 1 h, in ns", ns);
        return changed(kind, ns);
    }

    private FaultShares changed(FaultKind kind, double value) {
        var changed = new EnumMap<FaultKind, Double>(FaultKind.class);
        changed.putAll(values);
        if (value == 0) changed.remove(kind);
        else changed.put(kind, value);
        return new FaultShares(changed);
    }

    /// What does not make sense together, or null.
    public String problem() {
        if (isEndless(FaultKind.STUCK_EVERY, FaultKind.STUCK_FOR)) {
            return "stuck-for must be shorter than stuck-every: a queue must not be stuck for ever";
        }
        if (isEndless(FaultKind.DOWN_EVERY, FaultKind.DOWN_FOR)) {
            return "down-for must be shorter than down-every: a wire must not be disconnected for ever";
        }
        return null;
    }

    private boolean isEndless(FaultKind every, FaultKind duration) {
        return ns(duration) > 0 && ns(duration) >= ns(every);
    }

    public double share(FaultKind kind) {
        return value(kind);
    }

    public long ns(FaultKind kind) {
        if (kind == FaultKind.LATE && !values.containsKey(kind)) return LATE_NS_USUAL;
        return (long) value(kind);
    }

    private double value(FaultKind kind) {
        return values.getOrDefault(kind, 0.0);
    }

    /// True if it was said, and is not 0.
    public boolean isGiven(FaultKind kind) {
        return values.containsKey(kind);
    }

    public boolean isNone() {
        return values.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FaultShares shares && shares.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
