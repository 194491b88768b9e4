package io.millrace.flow.ruleset;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What the rules of a table name, so that it must not be deleted.
record TableUses(Collection<Chain> chains, Map<String, ElementSet> sets) {

    boolean usesFlowtable(String name) {
        return any(statement -> statement instanceof Statement.Offload(String used) && used.equals(name));
    }

    boolean usesObject(ObjectKind kind, String name) {
        boolean isInMap = sets.values().stream().anyMatch(set -> set.objectKind() == kind
            && set.elements().stream().anyMatch(element -> element.data().equals(new Value.ObjectName(name))));
        return isInMap || any(statement -> statement instanceof Statement.UseObject(ObjectKind usedKind, Expression use)
            && usedKind == kind && use.equals(new Value.ObjectName(name)));
    }

    boolean usesSet(String name) {
        return any(statement -> switch (statement) {
            case Statement.Lookup lookup -> isSet(lookup.set(), name) || names(lookup.key(), name);
            case Statement.DecideByMap decide -> isSet(decide.map(), name) || names(decide.key(), name);
            case Statement.UpdateSet update -> isSet(update.set(), name);
            case Statement.Match match -> names(match.left(), name);
            case Statement.SetMeta set -> names(set.value(), name);
            case Statement.SetCt set -> names(set.value(), name);
            case Statement.SetPayload set -> names(set.value(), name);
            case Statement.SetOption set -> names(set.value(), name);
            case Statement.UseObject use -> names(use.name(), name);
            case Statement.Nat nat -> names(nat.address(), name) || names(nat.port(), name);
            case Statement.Duplicate duplicate -> names(duplicate.address(), name) || names(duplicate.device(), name);
            case Statement.Forward forward -> names(forward.address(), name) || names(forward.device(), name);
            case Statement.Queue queue -> names(queue.number(), name);
            case Statement.TransparentProxy proxy -> names(proxy.address(), name) || names(proxy.port(), name);
            default -> false;
        });
    }

    private static boolean isSet(SetUse use, String name) {
        return use instanceof SetUse.Named(String used) && used.equals(name);
    }

    private static boolean names(Expression expression, String name) {
        return switch (expression) {
            case Expression.Mapped mapped -> isSet(mapped.map(), name) || names(mapped.key(), name);
            case Expression.Bitwise bitwise -> names(bitwise.left(), name) || names(bitwise.right(), name);
            case Expression.Concat(List<Expression> parts) -> parts.stream().anyMatch(part -> names(part, name));
            case null, default -> false;
        };
    }

    private boolean any(java.util.function.Predicate<Statement> condition) {
        return chains.stream().flatMap(chain -> chain.rules().stream())
            .anyMatch(rule -> rule.statements().stream().anyMatch(condition));
    }
}
