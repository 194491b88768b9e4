package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.RulesetDraft;
import io.millrace.flow.ruleset.RulesetRefusal;
import io.millrace.flow.ruleset.Statement;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Applies a text of commands to a ruleset: all of it, or nothing and the reasons.
public final class NftLoader {

    /// `nft` prints no more than so many.
    private static final int ERRORS_MAX = 10;

    /// What loading gave. With errors the ruleset is the one there was before.
    ///
    /// @param listings   what is to be shown, in the order of the commands; what is reset is shown as it was before
    /// @param hasChanges some command was to change the ruleset
    /// @param places     where to say that something else refuses a rule
    public record Outcome(Ruleset ruleset, List<NftError> errors, List<Listing> listings, boolean hasChanges,
                          Places places) {
        public boolean isFine() {
            return errors.isEmpty();
        }

        /// The errors as `nft` prints them.
        public String errorText() {
            return NftError.text(errors);
        }
    }

    /// Where in the text a rule stands; with null, and with one that was there before, the last command.
    @FunctionalInterface
    public interface Places {
        NftError refused(Rule rule, String message);
    }

    private final Declarations declarations;
    private final List<NftError> syntaxErrors = new ArrayList<>();
    private final List<NftError> errors = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Listing> listings = new ArrayList<>();
    private final Definitions definitions = new Definitions(syntaxErrors);

    private NftLoader(Ruleset ruleset) {
        declarations = new Declarations(ruleset);
    }

    public static Outcome load(Source source, Ruleset ruleset) {
        var loader = new NftLoader(ruleset);
        ParsedFile<NftParser.FileContext> file = ParsedFile.of(source, NftParser::file);
        loader.syntaxErrors.addAll(file.errors());
        loader.read(new Reading(source, new Scope(null), loader.declarations, Family.IP, ""), file.tree(), 1);
        return loader.apply(ruleset);
    }

    private void read(Reading reading, NftParser.FileContext file, int depth) {
        for (NftParser.LineContext line : file.line()) {
            // What is wrong inside a block leaves the rest of the block to be read.
            boolean isBlock = line.command() != null && line.command().block() != null;
            if (!isBlock && Reading.isBroken(line) || isBlock && line.command().block().table() == null) continue;
            try {
                if (line.define() != null) {
                    definitions.define(reading, line.define());
                } else if (line.include() != null) {
                    for (var included : definitions.include(reading, line.include(), depth, NftParser::file)) {
                        read(new Reading(included.source(), reading.scope(), declarations, Family.IP, ""),
                            included.tree(), depth + 1);
                    }
                } else if (line.command() != null) {
                    command(reading, line.command());
                }
            } catch (NftException e) {
                errors.add(e.error());
            }
        }
    }

    private void command(Reading reading, NftParser.CommandContext command) {
        if (command.listing() != null) listings.add(Listing.read(reading, command.listing()));
        if (command.RESET() != null) listings.add(Listing.ofReset(reading, command));
        changes.addAll(new CommandReader(definitions, errors).read(reading, command));
    }

    private Outcome apply(Ruleset before) {
        List<NftError> found = new ArrayList<>(syntaxErrors);
        found.addAll(errors);
        if (!found.isEmpty()) return refused(before, found);
        var draft = new RulesetDraft(before);
        Map<Object, Change> statementOwners = new IdentityHashMap<>();
        for (Change change : changes) {
            try {
                change.action().apply(draft);
                change.places().statements().keySet().forEach(statement -> statementOwners.put(statement, change));
            } catch (RulesetRefusal refusal) {
                found.add(change.error(refusal, declarations));
            }
        }
        if (!found.isEmpty()) return refused(before, found);
        try {
            Ruleset after = draft.commit();
            for (Listing listing : listings) listing.refuseMissing(after, found);
            if (!found.isEmpty()) return refused(before, found);
            return new Outcome(changes.isEmpty() ? before : after, found, listings, !changes.isEmpty(),
                (rule, message) -> refused(rule, message, statementOwners));
        } catch (RulesetRefusal refusal) {
            // The statement may be of a rule that was there before: then the last change is what broke it.
            Change owner = statementOwners.getOrDefault(refusal.statement(), changes.getLast());
            return refused(before, List.of(owner.error(refusal, declarations)));
        }
    }

    private NftError refused(Rule rule, String message, Map<Object, Change> statementOwners) {
        Change owner = changes.getLast();
        if (rule != null) {
            for (Statement each : rule.statements()) owner = statementOwners.getOrDefault(each, owner);
        }
        return new NftError(message, owner.places().whole(), null);
    }

    private static Outcome refused(Ruleset before, List<NftError> errors) {
        List<NftError> first = List.copyOf(errors.subList(0, Math.min(errors.size(), ERRORS_MAX)));
        return new Outcome(before, first, List.of(), false, null);
    }
}
