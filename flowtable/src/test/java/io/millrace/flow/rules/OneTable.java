package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.HookedChain;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Writes a ruleset of one table, as short as a test wants it.
final class OneTable {

    private final Family family;
    private final List<NamedObject> objects = new ArrayList<>();
    private final LinkedHashMap<String, ElementSet> sets = new LinkedHashMap<>();
    private final LinkedHashMap<String, Flowtable> flowtables = new LinkedHashMap<>();
    private final LinkedHashMap<String, Chain> chains = new LinkedHashMap<>();
    private long handle;

    OneTable(Family family) {
        this.family = family;
    }

    /// A filter chain at forward with one rule, policy accept.
    static Ruleset rule(Family family, Statement... statements) {
        return new OneTable(family).base("c", Hook.FORWARD, 0, true, List.of(statements)).ruleset();
    }

    @SafeVarargs
    final OneTable base(String name, Hook hook, int priority, boolean isAccepting, List<Statement>... rules) {
        return base(name, ChainType.FILTER, hook, priority, isAccepting, List.of(), rules);
    }

    @SafeVarargs
    final OneTable base(String name, ChainType type, Hook hook, int priority, boolean isAccepting,
                           List<String> devices, List<Statement>... rules) {
        return chain(name, Optional.of(new HookedChain(type, hook, priority, isAccepting, devices)), rules);
    }

    @SafeVarargs
    final OneTable chain(String name, Optional<HookedChain> base, List<Statement>... rules) {
        List<Rule> numbered = new ArrayList<>();
        for (List<Statement> rule : rules) numbered.add(new Rule(++handle, rule, ""));
        chains.put(name, new Chain(name, ++handle, base, false, "", numbered));
        return this;
    }

    OneTable set(ElementSet set) {
        sets.put(set.name(), set);
        return this;
    }

    OneTable object(String name, Statement statement, ObjectKind kind) {
        objects.add(new NamedObject(name, ++handle, new NamedObject.Stateful(kind, statement), ""));
        return this;
    }

    OneTable flowtable(String name) {
        flowtables.put(name, new Flowtable(name, ++handle, 0, List.of(), false, false));
        return this;
    }

    Ruleset ruleset() {
        var table = new Table(family, "t", 1, false, "", handle, objects, sets, flowtables, chains);
        var tables = new LinkedHashMap<Ruleset.TableName, Table>();
        tables.put(new Ruleset.TableName(family, "t"), table);
        return new Ruleset(2, 1, tables);
    }
}
