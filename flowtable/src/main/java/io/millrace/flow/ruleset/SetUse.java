package io.millrace.flow.ruleset;

/// The set or map that a rule looks into: one of the table by name, or its own.
public sealed interface SetUse {

    record Named(String name) implements SetUse {
    }

    /// Written in the rule; belongs to it alone and never changes.
    record Anonymous(ElementSet set) implements SetUse {
    }
}
