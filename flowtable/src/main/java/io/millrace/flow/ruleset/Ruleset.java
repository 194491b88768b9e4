package io.millrace.flow.ruleset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// All tables, as one moment sees them. A change gives a new one: see [RulesetDraft].
///
/// `generation` counts the changes; `lastTableHandle` is the counter of table handles.
public record Ruleset(long generation, long lastTableHandle, SequencedMap<TableName, Table> tables) {
    public static final Ruleset EMPTY = new Ruleset(1, 0, new LinkedHashMap<>());

    /// A table's name is unique in its family.
    public record TableName(Family family, String name) {
    }

    public Ruleset {
        tables = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tables));
    }

    /// This ruleset as one that takes the place of another: what its tables count begins anew, so their handles are
    /// new.
    public Ruleset inPlaceOf(Ruleset before) {
        long handle = before.lastTableHandle;
        var renumbered = new LinkedHashMap<TableName, Table>();
        for (var entry : tables.entrySet()) renumbered.put(entry.getKey(), entry.getValue().withHandle(++handle));
        return new Ruleset(before.generation + 1, handle, renumbered);
    }

    /// The table, or null.
    public Table table(Family family, String name) {
        return tables.get(new TableName(family, name));
    }

    /// A base chain together with the table whose sets and objects its rules mean.
    public record HookedChain(Table table, Chain chain) {
    }

    /// The base chains of a hook, over all tables, in the order in which they see a packet of this family: ascending
    /// priority, equal ones in the order of their creation. Chains of dormant tables are left out.
    public List<HookedChain> chainsAt(Family family, Hook hook) {
        List<HookedChain> hooked = new ArrayList<>();
        for (Table table : tables.values()) {
            if (table.isDormant() || !sees(table.family(), family)) continue;
            for (Chain chain : table.chains().values()) {
                if (chain.base().isPresent() && chain.base().get().hook() == hook) {
                    hooked.add(new HookedChain(table, chain));
                }
            }
        }
        // Stable: equal priorities stay in their order.
        hooked.sort(Comparator.comparingInt(entry -> entry.chain().base().orElseThrow().priority()));
        return List.copyOf(hooked);
    }

    private static boolean sees(Family table, Family packet) {
        return table == packet || table == Family.INET && (packet == Family.IP || packet == Family.IP6);
    }
}
