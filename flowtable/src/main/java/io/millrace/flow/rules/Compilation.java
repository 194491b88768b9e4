package io.millrace.flow.rules;

import io.millrace.flow.rules.RulesetProgram.ProgramFlowtable;
import io.millrace.flow.rules.RulesetProgram.StateCell;
import io.millrace.flow.rules.RulesetProgram.StateKey;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What grows while a ruleset is compiled: code, cells, sets, and the numbers of what rules name.
final class Compilation {

    private record ChainKey(long table, String chain) {
    }

    final CodeWriter code = new CodeWriter();
    final RuleInterfaces interfaces;
    final int seed;
    final long nowNs;
    final ConnectionLists lists = new ConnectionLists();
    final List<LookupSet> sets = new ArrayList<>();
    final Map<StateKey, LookupSet> setKeys = new HashMap<>();
    final Map<StateKey, StateCell> cellKeys = new HashMap<>();
    final List<ProgramFlowtable> flowtables = new ArrayList<>();
    final List<Statement.Log> logs = new ArrayList<>();
    final TreeMap<Integer, RulePlace> places = new TreeMap<>();
    private final Map<ChainKey, Integer> chains = new HashMap<>();
    private long[] cells = new long[64];
    private int cellWords;

    Compilation(RuleInterfaces interfaces, int seed, long nowNs) {
        this.interfaces = interfaces;
        this.seed = seed;
        this.nowNs = nowNs;
    }

    /// The number of a chain, given on first sight.
    int chain(Table table, String name) {
        return chains.computeIfAbsent(new ChainKey(table.handle(), name), _ -> chains.size());
    }

    /// Makes the cell of a counter, a quota, a limit or a count of connections.
    int cell(StateKey key, Statement statement) {
        int at = cell(statement);
        if (Cells.kindOf(statement) == Cells.CONNECTIONS) lists.addSite();
        cellKeys.put(key, new StateCell(at, statement));
        return at;
    }

    private int cell(Statement statement) {
        if (cellWords + Cells.CELL_WORDS > cells.length) cells = Arrays.copyOf(cells, 2 * cells.length);
        int at = cellWords;
        cellWords += Cells.CELL_WORDS;
        Cells.begin(cells, at, statement);
        return at;
    }

    /// A cell that begins at 0 and that no later ruleset takes over.
    int count() {
        return cell(new Statement.Counter(0, 0));
    }

    static StateKey objectKey(Table table, ObjectKind kind, String name) {
        return new StateKey(table.handle(), kind.text() + " " + name, 0);
    }

    /// The cell of a named object, which was made with its table.
    int objectCell(Table table, ObjectKind kind, String name) throws NotExecutable {
        StateCell cell = cellKeys.get(objectKey(table, kind, name));
        if (cell == null) throw new NotExecutable(kind.text() + " " + name);
        return cell.at();
    }

    /// Makes the cells of the table's counters, quotas and limits. Other objects are refused where a rule uses them.
    void objects(Table table) {
        for (NamedObject object : table.objects()) {
            boolean hasCell = object.body() instanceof NamedObject.Stateful stateful
                && Cells.kindOf(stateful.statement()) >= 0;
            if (!hasCell) continue;
            cell(objectKey(table, object.kind(), object.name()),
                ((NamedObject.Stateful) object.body()).statement());
        }
    }

    static int cellKind(ObjectKind kind) throws NotExecutable {
        return switch (kind) {
            case COUNTER -> Cells.COUNTER;
            case QUOTA -> Cells.QUOTA;
            case LIMIT -> Cells.LIMIT;
            default -> throw new NotExecutable(kind.text());
        };
    }

    long[] cells() {
        return Arrays.copyOf(cells, cellWords);
    }
}
