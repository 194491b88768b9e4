package io.millrace.flow.ruleset;

import java.util.List;

/// Statements in their order; the first match that fails ends the rule. `handle` is its name in the table.
public record Rule(long handle, List<Statement> statements, String comment) {
    public Rule {
        statements = List.copyOf(statements);
    }
}
