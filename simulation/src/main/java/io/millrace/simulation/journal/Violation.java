package io.millrace.simulation.journal;

/// An invariant does not hold: which, and the facts.
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    /// @param invariant short, as `order within a connection`
    public Violation(String invariant, String facts) {
        super(facts, null, false, false);
        this.invariant = invariant;
    }

    public String invariant() {
        return invariant;
    }
}
