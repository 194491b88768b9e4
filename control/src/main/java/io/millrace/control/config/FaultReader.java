package io.millrace.control.config;

import io.millrace.dataplane.config.FaultConfig;
import io.millrace.nic.sim.fault.FaultKind;
import io.millrace.nic.sim.fault.FaultShares;
import io.millrace.packet.document.DocumentKeys;
import io.millrace.packet.document.DocumentNode;
import io.millrace.packet.document.DocumentProblems;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Reads how a NIC errs: shares from 0 to 1 and durations by the names of [FaultKind], and a seed.
public final class FaultReader {

    private static final String SEED = "seed";
    private static final String SHARES = "0 to 1, as 0.01";
    private static final String DURATIONS = "0 s to 1 h";
    private static final Pattern SHARE = Pattern.compile("0|1|[01]?\\.[0-9]{1,12}");

    static FaultConfig read(DocumentNode node) {
        List<String> keys = new ArrayList<>(FaultKind.labels());
        keys.add(SEED);
        node.object(DocumentKeys.of(keys.toArray(String[]::new)));
        var problems = new DocumentProblems();
        FaultShares shares = FaultShares.NONE;
        for (FaultKind kind : FaultKind.values()) {
            DocumentNode value = node.get(kind.label()).orElse(null);
            if (value == null) continue;
            FaultShares before = shares;
            shares = problems.attempt(() -> with(before, kind, value)).orElse(before);
        }
        OptionalLong seed = node.get(SEED).flatMap(value -> problems.attempt(() -> value.asLong(0, Long.MAX_VALUE)))
            .map(OptionalLong::of).orElse(OptionalLong.empty());
        problems.throwIfAny();
        if (shares.problem() != null) throw node.error(shares.problem());
        return new FaultConfig(shares, seed);
    }

    private static FaultShares with(FaultShares shares, FaultKind kind, DocumentNode value) {
        if (!kind.isShare()) {
            return shares.withNs(kind, DurationText.readNs(value, 0, FaultKind.NS_MAX, DURATIONS));
        }
        OptionalDouble share = share(value.asString());
        if (share.isEmpty()) throw value.error("\"" + value.asString() + "\" is no share", SHARES);
        return shares.with(kind, share.getAsDouble());
    }

    /// A share as an operator writes it: `0.01`.
    private static OptionalDouble share(String text) {
        if (!SHARE.matcher(text).matches()) return OptionalDouble.empty();
        double share = Double.parseDouble(text);
        return share <= 1 ? OptionalDouble.of(share) : OptionalDouble.empty();
    }

    /// The same but for this value, as an operator writes it. Throws an [IllegalArgumentException] that says what is
    /// allowed.
    public static FaultShares with(FaultShares shares, FaultKind kind, String value) {
        if (!kind.isShare()) {
            OptionalLong ns = DurationText.parseNs(value, 0, FaultKind.NS_MAX);
            if (ns.isEmpty()) throw wrong(kind, value, "a whole number and a unit, " + DURATIONS);
            return shares.withNs(kind, ns.getAsLong());
        }
        OptionalDouble share = share(value);
        if (share.isEmpty()) throw wrong(kind, value, SHARES);
        return shares.with(kind, share.getAsDouble());
    }

    private static IllegalArgumentException wrong(FaultKind kind, String value, String allowed) {
        return new IllegalArgumentException("\"" + value + "\" is no value of " + kind.label() + "; allowed: "
            + allowed);
    }

    /// `lost-completions 0.01`, in the words that are read.
    public static String text(FaultShares shares, FaultKind kind) {
        return kind.isShare() ? decimal(shares.share(kind)) : shares.ns(kind) + " ns";
    }

    private static String decimal(double share) {
        return new java.math.BigDecimal(Double.toString(share)).stripTrailingZeros().toPlainString();
    }

    private FaultReader() {}
}
