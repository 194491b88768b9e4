package io.millrace.control.live;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Adds what hardware counted to the counters of rules.
final class OffloadCounters {

    static Ruleset add(Ruleset ruleset, HardwareRules.Counts counts) {
        if (ruleset.tables().values().stream().noneMatch(OffloadCounters::isOffloaded)) return ruleset;
        var tables = new LinkedHashMap<Ruleset.TableName, Table>();
        ruleset.tables().forEach((name, table) -> tables.put(name, isOffloaded(table) ? add(table, counts) : table));
        return new Ruleset(ruleset.generation(), ruleset.lastTableHandle(), tables);
    }

    private static boolean isOffloaded(Table table) {
        return table.chains().values().stream().anyMatch(Chain::isOffloaded);
    }

    private static Table add(Table table, HardwareRules.Counts counts) {
        var chains = new LinkedHashMap<String, Chain>();
        for (Chain chain : table.chains().values()) {
            List<Rule> rules = new ArrayList<>();
            for (Rule rule : chain.rules()) rules.add(chain.isOffloaded() ? add(table, rule, counts) : rule);
            chains.put(chain.name(), new Chain(chain.name(), chain.handle(), chain.base(), chain.isOffloaded(),
                chain.comment(), rules));
        }
        return new Table(table.family(), table.name(), table.handle(), table.isDormant(), table.comment(),
            table.lastHandle(), table.objects(), table.sets(), table.flowtables(), chains);
    }

    private static Rule add(Table table, Rule rule, HardwareRules.Counts counts) {
        List<Statement> statements = new ArrayList<>();
        for (Statement each : rule.statements()) {
            if (each instanceof Statement.Counter counter) {
                long[] more = counts.of(table, rule);
                statements.add(new Statement.Counter(counter.packets() + more[0], counter.bytes() + more[1]));
            } else {
                statements.add(each);
            }
        }
        return new Rule(rule.handle(), statements, rule.comment());
    }

    private OffloadCounters() {}
}
