package io.millrace.flow.ruleset;

import java.util.List;

/// Whether packets of a family must be tracked for a ruleset, and whether they are translated. As in Linux connections
/// are followed only where something asks for them: a NAT chain, or a rule that speaks of connections or flows
/// (`nf_ct_netns_get` of each expression).
public final class TrackingNeed {

    /// True if the connections of IPv4 ([Family#IP]) or IPv6 packets have to be tracked.
    public static boolean tracks(Ruleset ruleset, Family family) {
        if (translates(ruleset, family)) return true;
        return ruleset.tables().values().stream().anyMatch(table -> isAbout(table, family) && speaksOfConnections(table));
    }

    /// True if some NAT chain sees packets of the family.
    public static boolean translates(Ruleset ruleset, Family family) {
        return ruleset.tables().values().stream().filter(table -> isAbout(table, family))
            .flatMap(table -> table.chains().values().stream()).flatMap(chain -> chain.base().stream())
            .anyMatch(base -> base.type() == ChainType.NAT);
    }

    private static boolean isAbout(Table table, Family family) {
        return table.family() == family || table.family() == Family.INET;
    }

    private static boolean speaksOfConnections(Table table) {
        return table.chains().values().stream().flatMap(chain -> chain.rules().stream())
            .flatMap(rule -> rule.statements().stream()).anyMatch(TrackingNeed::speaks);
    }

    private static boolean speaks(Statement statement) {
        return switch (statement) {
            case Statement.Match match -> speaks(match.left());
            case Statement.Lookup lookup -> speaks(lookup.key());
            case Statement.DecideByMap decide -> speaks(decide.key());
            case Statement.SetCt _, Statement.ConnectionCount _, Statement.Offload _, Statement.Synproxy _ -> true;
            case Statement.UseObject use -> switch (use.kind()) {
                case CT_HELPER, CT_TIMEOUT, CT_EXPECTATION, SYNPROXY -> true;
                default -> speaks(use.name());
            };
            case Statement.SetMeta set -> speaks(set.value());
            case Statement.SetPayload set -> speaks(set.value());
            case Statement.SetOption set -> speaks(set.value());
            case Statement.UpdateSet update -> speaks(update.key())
                || update.statements().stream().anyMatch(TrackingNeed::speaks);
            case Statement.Duplicate copy -> speaks(copy.address()) || speaks(copy.device());
            case Statement.Forward forward -> speaks(forward.address()) || speaks(forward.device());
            case Statement.Queue queue -> speaks(queue.number());
            default -> false;
        };
    }

    private static boolean speaks(Expression expression) {
        return switch (expression) {
            case Expression.Ct _ -> true;
            case Expression.Concat(List<Expression> parts) -> parts.stream().anyMatch(TrackingNeed::speaks);
            case Expression.Bitwise bitwise -> speaks(bitwise.left()) || speaks(bitwise.right());
            case Expression.Mapped mapped -> speaks(mapped.key());
            case Expression.Hash hash -> speaks(hash.input());
            case null, default -> false;
        };
    }

    private TrackingNeed() {}
}
