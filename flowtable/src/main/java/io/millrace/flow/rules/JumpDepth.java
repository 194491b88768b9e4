package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.util.HashMap;
import java.util.Map;

/// Sees to it that a packet never has more places to come back to than the machine keeps, and never runs in a circle.
final class JumpDepth {

    private final Table table;
    private final Map<String, Integer> walkedAt = new HashMap<>();

    private JumpDepth(Table table) {
        this.table = table;
    }

    static void check(Table table) throws NotExecutable {
        for (Chain chain : table.chains().values()) {
            if (chain.base().isPresent()) new JumpDepth(table).walk(chain, 0);
        }
    }

    private void walk(Chain chain, int depth) throws NotExecutable {
        if (depth >= RuleMachine.DEPTH_MAX) throw new NotExecutable("chain " + chain.name() + ": jumps too deep");
        Integer before = walkedAt.get(chain.name());
        if (before != null && before >= depth) return;
        walkedAt.put(chain.name(), depth);
        for (Rule rule : chain.rules()) {
            for (Statement statement : rule.statements()) walk(statement, depth);
        }
    }

    private void walk(Statement statement, int depth) throws NotExecutable {
        if (statement instanceof Statement.Decide(Verdict verdict)) walk(verdict, depth);
        if (!(statement instanceof Statement.DecideByMap decide)) return;
        ElementSet set = switch (decide.map()) {
            case SetUse.Anonymous(ElementSet own) -> own;
            case SetUse.Named(String name) -> table.sets().get(name);
        };
        if (set == null) return;
        for (Element element : set.elements()) {
            if (element.data() instanceof Value.Decision(Verdict verdict)) walk(verdict, depth);
        }
    }

    private void walk(Verdict verdict, int depth) throws NotExecutable {
        if (!verdict.hasChain()) return;
        Chain next = table.chains().get(verdict.chain());
        if (next == null) throw new NotExecutable("chain " + verdict.chain() + " does not exist");
        walk(next, depth + 1);
    }
}
