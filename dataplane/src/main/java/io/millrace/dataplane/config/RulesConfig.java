package io.millrace.dataplane.config;

import io.millrace.flow.ruleset.Ruleset;

import java.nio.file.Path;
import java.util.Optional;

/// What packets are held against.
///
/// @param file         where the ruleset was read from; empty where there is none
/// @param ruleset      without a table where none was given
/// @param looksUpFlows whether packets are looked up in the flow table; `flow add` is done in either case
public record RulesConfig(Optional<Path> file, Ruleset ruleset, boolean looksUpFlows) {

    /// No rules at all.
    public static final RulesConfig NONE = new RulesConfig(Optional.empty(), Ruleset.EMPTY, true);

    /// Rules that come from no file.
    public static RulesConfig of(Ruleset ruleset) {
        return new RulesConfig(Optional.empty(), ruleset, true);
    }

    public boolean isGiven() {
        return !ruleset.tables().isEmpty();
    }
}
