package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Family;

/// Where rules decided: a rule by its handle, or with handle 0 the end of a chain.
public record RulePlace(Family family, String table, String chain, long handle) {

    /// `inet fw, chain forward, rule 7`.
    @Override
    public String toString() {
        return family.text() + " " + table + ", " + (handle == 0 ? "end of " : "") + "chain " + chain
            + (handle == 0 ? "" : ", rule " + handle);
    }
}
