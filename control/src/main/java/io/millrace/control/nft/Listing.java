package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;

import java.util.List;
import java.util.Locale;

/// What a `list` command asks to see: `family` null for all, `table` and `name` empty where not given.
/// `isReset`: a `reset`, which shows what it found.
public record Listing(What what, Family family, String table, String name, Span place, boolean isReset) {

    /// What is shown: everything, or one kind of thing in the tables.
    public enum What { RULESET, TABLES, TABLE, CHAINS, CHAIN, SETS, SET, MAPS, MAP, FLOWTABLES, FLOWTABLE, COUNTERS,
        COUNTER, QUOTAS, QUOTA, LIMITS, LIMIT }

    /// The whole ruleset.
    public static final Listing ALL = new Listing(What.RULESET, null, "", "", null, false);

    static Listing read(Reading reading, NftParser.ListingContext context) {
        What what = What.valueOf(context.getStart().getText().toUpperCase(Locale.ROOT));
        if (context.table() != null) {
            String name = context.name() == null ? "" : context.name().getText();
            return new Listing(what, CommandReader.family(context.table().family()),
                context.table().name().getText(), name,
                reading.place(context.name() == null ? context.table().name() : context.name()), false);
        }
        Family family = context.family() == null ? null : CommandReader.family(context.family());
        return new Listing(what, family, "", "", reading.place(context), false);
    }

    /// What a `reset` shows.
    static Listing ofReset(Reading reading, NftParser.CommandContext context) {
        String word = context.COUNTERS() != null ? "COUNTERS" : context.QUOTAS() != null ? "QUOTAS"
            : context.COUNTER() != null ? "COUNTER" : "QUOTA";
        Family only = context.family() == null ? null : CommandReader.family(context.family());
        if (context.table() == null) return new Listing(What.valueOf(word), only, "", "", reading.place(context), true);
        boolean isNamed = !context.name().isEmpty();
        return new Listing(What.valueOf(word), CommandReader.family(context.table().family()),
            context.table().name().getText(), isNamed ? context.name(0).getText() : "", reading.place(context), true);
    }

    /// The kind of object that it shows; null where it shows others.
    public ObjectKind objectKind() {
        return switch (what) {
            case COUNTER, COUNTERS -> ObjectKind.COUNTER;
            case QUOTA, QUOTAS -> ObjectKind.QUOTA;
            default -> null;
        };
    }

    public boolean shows(Table candidate) {
        return (family == null || family == candidate.family()) && (table.isEmpty() || table.equals(candidate.name()));
    }

    /// A listing of something that is not there is an error.
    void refuseMissing(Ruleset ruleset, List<NftError> errors) {
        if (table.isEmpty()) return;
        Table found = ruleset.table(family, table);
        boolean isThere = found != null && (name.isEmpty() || switch (what) {
            case CHAIN -> found.chains().containsKey(name);
            case SET, MAP -> found.sets().containsKey(name);
            case FLOWTABLE -> found.flowtables().containsKey(name);
            case COUNTER -> found.object(ObjectKind.COUNTER, name) != null;
            case QUOTA -> found.object(ObjectKind.QUOTA, name) != null;
            case LIMIT -> found.object(ObjectKind.LIMIT, name) != null;
            default -> true;
        });
        if (!isThere) errors.add(new NftError("No such file or directory", place, null));
    }
}
