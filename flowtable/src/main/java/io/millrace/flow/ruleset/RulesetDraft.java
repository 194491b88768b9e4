package io.millrace.flow.ruleset;

import static io.millrace.flow.ruleset.RulesetRefusal.Part.TABLE;

import io.millrace.flow.ruleset.Ruleset.TableName;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Changes to a ruleset, of which all happen or none: [#commit] gives the new ruleset, and until then nothing changes.
/// Belongs to the thread that made it.
public final class RulesetDraft {

    private final long generation;
    private final LinkedHashMap<TableName, TableDraft> tables = new LinkedHashMap<>();
    private long lastTableHandle;

    public RulesetDraft(Ruleset ruleset) {
        generation = ruleset.generation();
        lastTableHandle = ruleset.lastTableHandle();
        ruleset.tables().forEach((name, table) -> tables.put(name, new TableDraft(table)));
    }

    /// The table, or a refusal that points at its name.
    public TableDraft table(Family family, String name) throws RulesetRefusal {
        TableDraft table = tables.get(new TableName(family, name));
        if (table == null) throw new RulesetRefusal(Errno.NO_ENTRY, TABLE);
        return table;
    }

    public boolean hasTable(Family family, String name) {
        return tables.containsKey(new TableName(family, name));
    }

    public List<TableName> tableNames() {
        return new ArrayList<>(tables.keySet());
    }

    /// Adds a table unless it is there; `isNew`: it must not be there.
    public void addTable(Family family, String name, boolean isDormant, String comment, boolean isNew)
        throws RulesetRefusal {
        var key = new TableName(family, name);
        if (tables.containsKey(key)) {
            if (isNew) throw new RulesetRefusal(Errno.EXISTS, TABLE);
            tables.get(key).dormant(isDormant);
            return;
        }
        var table = new Table(family, name, ++lastTableHandle, isDormant, comment, 0, List.of(), new LinkedHashMap<>(),
            new LinkedHashMap<>(), new LinkedHashMap<>());
        tables.put(key, new TableDraft(table));
    }

    /// Deletes a table with all that is in it.
    public void deleteTable(Family family, String name) throws RulesetRefusal {
        table(family, name);
        tables.remove(new TableName(family, name));
    }

    public Ruleset commit() throws RulesetRefusal {
        LinkedHashMap<TableName, Table> done = new LinkedHashMap<>();
        for (var entry : tables.entrySet()) done.put(entry.getKey(), entry.getValue().commit());
        return new Ruleset(generation + 1, lastTableHandle, done);
    }
}
