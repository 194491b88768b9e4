package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Statement;

/// What nft calls a statement, for messages.
final class StatementNames {

    static String of(Statement statement) {
        return switch (statement) {
            case Statement.Last _ -> "last";
            case Statement.ResetOption _ -> "reset tcp option";
            case Statement.Synproxy _ -> "synproxy";
            case Statement.UseObject use -> use.kind().text();
            default -> statement.getClass().getSimpleName();
        };
    }

    private StatementNames() {}
}
