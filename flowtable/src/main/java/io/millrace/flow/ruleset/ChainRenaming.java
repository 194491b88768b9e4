package io.millrace.flow.ruleset;

import java.util.List;

/// Gives every jump to one chain its new name.
record ChainRenaming(String source, String target) {

    Rule rule(Rule rule) {
        List<Statement> statements = rule.statements().stream().map(this::statement).toList();
        return new Rule(rule.handle(), statements, rule.comment());
    }

    private Statement statement(Statement statement) {
        return switch (statement) {
            case Statement.Decide(Verdict verdict) -> new Statement.Decide(verdict(verdict));
            case Statement.DecideByMap(Expression key, SetUse.Anonymous(ElementSet set)) ->
                new Statement.DecideByMap(key, new SetUse.Anonymous(set(set)));
            default -> statement;
        };
    }

    ElementSet set(ElementSet set) {
        if (!set.isVerdictMap()) return set;
        return set.withElements(set.elements().stream().map(this::element).toList());
    }

    private Element element(Element element) {
        if (!(element.data() instanceof Value.Decision(Verdict verdict))) return element;
        return new Element(element.key(), new Value.Decision(verdict(verdict)), element.timeoutMs(),
            element.expiresMs(), element.comment(), element.statements());
    }

    private Verdict verdict(Verdict verdict) {
        return verdict.chain().equals(source) ? new Verdict(verdict.kind(), target) : verdict;
    }
}
