package io.millrace.control.nft;

import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Ruleset.TableName;
import io.millrace.flow.ruleset.Table;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The tables, sets and chains that a command can name: those loaded and those that earlier commands declare.
final class Declarations {

    private record Names(Map<String, ElementSet> sets, Set<String> chains) {
    }

    private final Map<TableName, Names> tables = new LinkedHashMap<>();

    Declarations(Ruleset ruleset) {
        for (Table table : ruleset.tables().values()) {
            addTable(table.family(), table.name());
            table.sets().values().forEach(set -> addSet(table.family(), table.name(), set));
            table.chains().keySet().forEach(chain -> addChain(table.family(), table.name(), chain));
        }
    }

    void addTable(Family family, String name) {
        tables.computeIfAbsent(new TableName(family, name), _ -> new Names(new HashMap<>(), new LinkedHashSet<>()));
    }

    void addSet(Family family, String table, ElementSet set) {
        addTable(family, table);
        tables.get(new TableName(family, table)).sets().put(set.name(), set);
    }

    void addChain(Family family, String table, String chain) {
        addTable(family, table);
        tables.get(new TableName(family, table)).chains().add(chain);
    }

    void forget() {
        tables.clear();
    }

    boolean hasTable(Family family, String name) {
        return tables.containsKey(new TableName(family, name));
    }

    /// The set, or null.
    ElementSet set(Family family, String table, String name) {
        Names names = tables.get(new TableName(family, table));
        return names == null ? null : names.sets().get(name);
    }

    boolean hasChain(Family family, String table, String chain) {
        Names names = tables.get(new TableName(family, table));
        return names != null && names.chains().contains(chain);
    }

    /// What a message adds about a chain that is not there: where another of nearly that name is.
    String chainHint(Family family, String table, String chain) {
        Names names = tables.get(new TableName(family, table));
        String best = names == null ? null : Nearest.of(chain, names.chains());
        if (best == null) return "";
        return "; did you mean chain ‘" + best + "’ in table " + family.text() + " ‘" + table + "’?";
    }

    /// The same about a table.
    String tableHint(String table) {
        Set<String> all = new LinkedHashSet<>();
        tables.keySet().forEach(name -> all.add(name.name()));
        String best = Nearest.of(table, all);
        if (best == null) return "";
        for (TableName name : tables.keySet()) {
            if (name.name().equals(best)) {
                return "; did you mean table ‘" + best + "’ in family " + name.family().text() + "?";
            }
        }
        return "";
    }
}
