package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.HeaderField;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.List;

/// The statements of a rule that a listing shows: those without the matches that a later one implies, and a range for
/// its two ends.
final class VisibleStatements {

    private final Family family;
    private final List<Statement> shown;
    private Statement link;
    private Statement tag;
    private Statement network;
    private Statement transport;

    private VisibleStatements(Family family, List<Statement> statements) {
        this.family = family;
        shown = new ArrayList<>(statements);
    }

    static List<Statement> of(Family family, List<Statement> statements) {
        var visible = new VisibleStatements(family, statements);
        for (Statement statement : statements) {
            visible.hideImplied(statement);
            visible.store(statement);
        }
        visible.joinRanges();
        return visible.shown;
    }

    /// `>= a` and then `<= b` of the same thing are the range `a-b`: Linux keeps no difference.
    private void joinRanges() {
        for (int i = shown.size() - 2; i >= 0; i--) {
            if (shown.get(i) instanceof Statement.Match(Expression left, Relation from, Value.Number low)
                && shown.get(i + 1) instanceof Statement.Match(Expression again, Relation until, Value.Number high)
                && from == Relation.GREATER_OR_EQUAL && until == Relation.LESS_OR_EQUAL && left.equals(again)
                && low.number().compareTo(high.number()) <= 0) {
                shown.set(i, new Statement.Match(left, Relation.EQUAL, new Value.Range(low, high)));
                shown.remove(i + 1);
            }
        }
    }

    private void hideImplied(Statement statement) {
        for (Expression expression : expressions(statement)) hideImplied(expression);
        if (statement instanceof Statement.Reject reject && (reject.kind() == Statement.RejectKind.ICMP
            || reject.kind() == Statement.RejectKind.ICMPV6) && family != Family.IP && family != Family.IP6) {
            network = hide(network);
        }
    }

    private static List<Expression> expressions(Statement statement) {
        return switch (statement) {
            case Statement.Match match -> List.of(match.left());
            case Statement.Lookup lookup -> List.of(lookup.key());
            case Statement.DecideByMap decide -> List.of(decide.key());
            case Statement.UpdateSet update -> List.of(update.key());
            case Statement.SetPayload set -> List.of(set.field(), set.value());
            case Statement.SetOption set -> List.of(set.option(), set.value());
            case Statement.SetMeta set -> List.of(set.value());
            case Statement.SetCt set -> List.of(set.value());
            case Statement.Nat nat -> present(nat.address(), nat.port());
            case Statement.Duplicate duplicate -> present(duplicate.address(), duplicate.device());
            case Statement.UseObject use -> List.of(use.name());
            case Statement.Queue queue -> List.of(queue.number());
            default -> List.of();
        };
    }

    private static List<Expression> present(Expression first, Expression second) {
        List<Expression> present = new ArrayList<>();
        if (first != null) present.add(first);
        if (second != null) present.add(second);
        return present;
    }

    private void hideImplied(Expression expression) {
        switch (expression) {
            case Expression.Payload(HeaderField field) -> hideImplied(field);
            case Expression.Extension _, Expression.ExtensionPresent _ -> network = hide(network);
            case Expression.Option option when option.kind() == Expression.OptionKind.IP_OPTION ->
                network = hide(network);
            case Expression.Option _ -> transport = hide(transport);
            case Expression.Concat(List<Expression> parts) -> parts.forEach(this::hideImplied);
            case Expression.Bitwise bitwise -> {
                hideImplied(bitwise.left());
                hideImplied(bitwise.right());
            }
            case Expression.Mapped mapped -> hideImplied(mapped.key());
            case Expression.Hash hash when hash.input() != null -> hideImplied(hash.input());
            default -> { }
        }
    }

    private void hideImplied(HeaderField field) {
        Protocol protocol = field.protocol();
        if (protocol.base() == PayloadBase.LINK) {
            link = hide(link);
            if (protocol == Protocol.VLAN) tag = hide(tag);
        } else if (protocol.base() == PayloadBase.NETWORK) {
            network = hide(network);
        } else if (protocol != Protocol.TH) {
            transport = hide(transport);
            boolean isFixed = family == Family.IP || family == Family.IP6;
            if (isFixed || protocol == Protocol.ICMP || protocol == Protocol.ICMPV6 || protocol == Protocol.IGMP) {
                network = hide(network);
            }
        }
    }

    private Statement hide(Statement implied) {
        shown.removeIf(statement -> statement == implied);
        return null;
    }

    /// Remembers a match that a later statement may imply. Whatever acts in between ends that.
    private void store(Statement statement) {
        boolean isMatch = statement instanceof Statement.Match || statement instanceof Statement.Lookup;
        if (!isMatch) {
            link = null;
            tag = null;
            network = null;
            transport = null;
            return;
        }
        if (!(statement instanceof Statement.Match(Expression left, Relation relation, Value.Number right))
            || relation != Relation.EQUAL) {
            return;
        }
        switch (left) {
            case Expression.Meta(MetaKey key) -> store(key, statement);
            case Expression.Payload(HeaderField field) -> store(field, right, statement);
            default -> { }
        }
    }

    private void store(MetaKey key, Statement statement) {
        switch (key) {
            case IIFTYPE -> link = statement;
            case NFPROTO -> network = statement;
            case PROTOCOL -> network = family == Family.INET ? null : statement;
            case L4PROTO -> transport = statement;
            default -> { }
        }
    }

    private void store(HeaderField field, Value.Number right, Statement statement) {
        if (field.type() == DataType.ETHER_TYPE && field.base() == PayloadBase.LINK) {
            if (right.number().intValue() == Protocol.VLAN.number()) {
                tag = statement;
            } else {
                network = statement;
            }
        }
        boolean isNumber = field == Protocol.IP.field("protocol") || field == Protocol.IP6.field("nexthdr");
        if (isNumber && (family == Family.IP || family == Family.IP6)) transport = statement;
    }
}
