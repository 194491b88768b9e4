package io.millrace.control.nft;

import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.RulesetDraft;
import io.millrace.flow.ruleset.RulesetRefusal;
import io.millrace.flow.ruleset.Statement;

import java.util.Map;

/// One message to the ruleset, and where in the text its parts stand, to say where it is refused.
///
/// `chain` is the name of the chain that a refusal of `NAME` is about, else empty.
record Change(Action action, Places places, Family family, String table, String chain) {

    /// What is to be done.
    interface Action {
        void apply(RulesetDraft draft) throws RulesetRefusal;
    }

    /// Where the parts of the command stand; a part that the text does not name stands where the whole does.
    record Places(Span whole, Span table, Span name, Span handle, Map<Statement, Span> statements,
                  Map<Statement, Span> targets) {
        static Places of(Span whole, Span table, Span name) {
            return new Places(whole, table, name, whole, Map.of(), Map.of());
        }

        Places withHandle(Span place) {
            return new Places(whole, table, name, place, statements, targets);
        }

        Places with(RuleReader.ReadRule rule) {
            return new Places(whole, table, name, handle, rule.places(), rule.targets());
        }
    }

    /// The error that this refusal is.
    NftError error(RulesetRefusal refusal, Declarations declarations) {
        boolean isMissing = refusal.errno() == io.millrace.flow.ruleset.Errno.NO_ENTRY;
        String hint = !isMissing ? "" : switch (refusal.part()) {
            case TABLE -> declarations.tableHint(table);
            case NAME -> chain.isEmpty() ? "" : declarations.chainHint(family, table, chain);
            default -> "";
        };
        String message = hint.isEmpty() ? refusal.getMessage() : refusal.errno().text() + hint;
        return new NftError(message, place(refusal), null);
    }

    private Span place(RulesetRefusal refusal) {
        return switch (refusal.part()) {
            case TABLE -> places.table();
            case NAME -> places.name();
            case HANDLE -> places.handle();
            case WHOLE -> places.whole();
            case STATEMENT -> {
                boolean isTarget = refusal.errno() != io.millrace.flow.ruleset.Errno.TOO_MANY_LINKS;
                Span target = isTarget ? places.targets().get(refusal.statement()) : null;
                Span statement = places.statements().get(refusal.statement());
                yield target != null ? target : statement != null ? statement : places.whole();
            }
        };
    }
}
