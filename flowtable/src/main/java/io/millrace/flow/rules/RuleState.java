package io.millrace.flow.rules;

import io.millrace.flow.rules.RulesetProgram.StateCell;
import io.millrace.flow.rules.RulesetProgram.StateKey;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What packets had made of a program at one moment: counts, and the elements of its sets. Taken by the worker, which
/// copies arrays and nothing more; read by any one thread afterwards.
///
/// [#ruleset] is what a listing shows. A change of rules begins with that, too, so that an element which a packet added
/// can be deleted by name; [#edit] then says what the change took away, for the worker to take away as well before the
/// next program takes over.
public final class RuleState {

    private final Ruleset ruleset;
    private final RuleInterfaces interfaces;
    private final Map<StateKey, StateCell> cellKeys;
    private final long[] cells;
    private final Map<StateKey, SetCopy> sets;
    private final Map<StateKey, Map<Value, int[]>> keys = new HashMap<>();
    private Ruleset shown;

    RuleState(Ruleset ruleset, RuleInterfaces interfaces, Map<StateKey, StateCell> cellKeys, long[] cells,
              Map<StateKey, SetCopy> sets) {
        this.ruleset = ruleset;
        this.interfaces = interfaces;
        this.cellKeys = cellKeys;
        this.cells = cells;
        this.sets = sets;
    }

    /// What is to go on a program's worker between two bursts, see [RulesetProgram#apply].
    public static final class Edit {
        private record Gone(StateKey set, int[] key) {
        }

        private final List<Gone> elements = new ArrayList<>();
        private final List<StateKey> counts = new ArrayList<>();

        void apply(RulesetProgram program) {
            for (Gone each : elements) program.forget(each.set, each.key);
            for (StateKey each : counts) program.zero(each);
        }
    }

    /// The ruleset with the counts and elements of that moment.
    public Ruleset ruleset() {
        if (shown != null) return shown;
        var tables = new LinkedHashMap<Ruleset.TableName, Table>();
        ruleset.tables().forEach((name, table) -> tables.put(name, counted(table)));
        shown = new Ruleset(ruleset.generation(), ruleset.lastTableHandle(), tables);
        return shown;
    }

    private Table counted(Table table) {
        List<NamedObject> objects = new ArrayList<>();
        for (NamedObject each : table.objects()) objects.add(counted(table, each));
        var elementSets = new LinkedHashMap<String, ElementSet>();
        table.sets().forEach((name, set) -> elementSets.put(name, counted(table, set)));
        var chains = new LinkedHashMap<String, Chain>();
        for (Chain each : table.chains().values()) {
            List<Rule> rules = new ArrayList<>();
            for (Rule rule : each.rules()) rules.add(counted(table, rule));
            chains.put(each.name(), new Chain(each.name(), each.handle(), each.base(), each.isOffloaded(),
                each.comment(), rules));
        }
        return new Table(table.family(), table.name(), table.handle(), table.isDormant(), table.comment(),
            table.lastHandle(), objects, elementSets, table.flowtables(), chains);
    }

    private NamedObject counted(Table table, NamedObject object) {
        StateCell cell = cellKeys.get(Compilation.objectKey(table, object.kind(), object.name()));
        if (cell == null || !(object.body() instanceof NamedObject.Stateful stateful)) return object;
        Statement now = Cells.statement(cells, cell.at(), stateful.statement());
        return new NamedObject(object.name(), object.handle(), new NamedObject.Stateful(object.kind(), now),
            object.comment());
    }

    private Rule counted(Table table, Rule rule) {
        List<Statement> statements = new ArrayList<>(rule.statements());
        for (int i = 0; i < statements.size(); i++) {
            StateCell cell = cellKeys.get(new StateKey(table.handle(), "rule " + rule.handle(), i));
            if (cell != null) statements.set(i, Cells.statement(cells, cell.at(), statements.get(i)));
        }
        return new Rule(rule.handle(), statements, rule.comment());
    }

    private ElementSet counted(Table table, ElementSet set) {
        StateKey key = setKey(table, set.name());
        SetCopy copy = sets.get(key);
        if (copy == null) return set;
        var words = new HashMap<Value, int[]>();
        List<Element> elements = new ArrayList<>();
        try {
            for (SetCopy.CopiedElement each : copy.elements(interfaces)) {
                elements.add(each.element());
                if (each.key() != null) words.put(each.element().key(), each.key());
            }
        } catch (NotExecutable e) {
            throw new IllegalStateException("a set that runs cannot be executed", e);
        }
        keys.put(key, words);
        return set.withElements(elements);
    }

    private static StateKey setKey(Table table, String name) {
        return new StateKey(table.handle(), "set " + name, 0);
    }

    /// What `changed`, which was made from [#ruleset], has no more: elements of sets that are still there.
    public Edit edit(Ruleset changed) {
        var edit = new Edit();
        for (Table table : changed.tables().values()) {
            for (ElementSet set : table.sets().values()) {
                var gone = new HashMap<>(keys.getOrDefault(setKey(table, set.name()), Map.of()));
                for (Element each : set.elements()) gone.remove(each.key());
                for (int[] words : gone.values()) edit.elements.add(new Edit.Gone(setKey(table, set.name()), words));
            }
        }
        return edit;
    }

    /// Adds that an object of the ruleset counts from zero again.
    public void zero(Table table, ObjectKind kind, String name, Edit edit) {
        edit.counts.add(Compilation.objectKey(table, kind, name));
    }
}
