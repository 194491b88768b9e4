package io.millrace.flow.ruleset;

import java.util.ArrayList;
import java.util.List;

/// Ties a rule's statements to their table: what they name must be there, and their own sets draw handles.
record RuleLoading(TableDraft table) {

    List<Statement> load(List<Statement> statements) throws RulesetRefusal {
        List<Statement> loaded = new ArrayList<>();
        for (Statement statement : statements) {
            refuseUnknown(statement);
            countSets(statement);
            loaded.add(statement);
        }
        return loaded;
    }

    private void refuseUnknown(Statement statement) throws RulesetRefusal {
        switch (statement) {
            case Statement.Decide(Verdict verdict) -> table.refuseTarget(verdict, statement);
            case Statement.DecideByMap(_, SetUse.Anonymous(ElementSet set)) -> {
                for (Element element : set.elements()) {
                    if (element.data() instanceof Value.Decision(Verdict verdict)) {
                        table.refuseTarget(verdict, statement);
                    }
                }
            }
            case Statement.UseObject(ObjectKind kind, Value.ObjectName(String name))
                when table.object(kind, name) == null -> throw new RulesetRefusal(Errno.NO_ENTRY, statement);
            case Statement.Offload(String name) when !table.hasFlowtable(name) ->
                throw new RulesetRefusal(Errno.NO_ENTRY, statement);
            case Statement.Limit limit when limit.rate() == 0 -> throw new RulesetRefusal(Errno.INVALID, statement);
            default -> { }
        }
    }

    /// Linux keeps a rule's own sets in the table: each takes a handle before the rule does.
    private void countSets(Statement statement) {
        switch (statement) {
            case Statement.Lookup(Expression key, _, SetUse set) -> {
                count(key);
                count(set);
            }
            case Statement.DecideByMap(Expression key, SetUse map) -> {
                count(key);
                count(map);
            }
            case Statement.Match match -> count(match.left());
            case Statement.SetMeta set -> count(set.value());
            case Statement.SetCt set -> count(set.value());
            case Statement.SetPayload set -> count(set.value());
            case Statement.SetOption set -> count(set.value());
            case Statement.UseObject use -> count(use.name());
            case Statement.Nat nat -> {
                count(nat.address());
                count(nat.port());
            }
            case Statement.Duplicate duplicate -> {
                count(duplicate.address());
                count(duplicate.device());
            }
            case Statement.Forward forward -> {
                count(forward.address());
                count(forward.device());
            }
            case Statement.Queue queue -> count(queue.number());
            case Statement.TransparentProxy proxy -> {
                count(proxy.address());
                count(proxy.port());
            }
            default -> { }
        }
    }

    private void count(SetUse use) {
        if (use instanceof SetUse.Anonymous) table.nextHandle();
    }

    private void count(Expression expression) {
        switch (expression) {
            case Expression.Mapped(Expression key, SetUse map, _, _) -> {
                count(key);
                count(map);
            }
            case Expression.Bitwise bitwise -> {
                count(bitwise.left());
                count(bitwise.right());
            }
            case Expression.Concat(List<Expression> parts) -> parts.forEach(this::count);
            case null, default -> { }
        }
    }
}
