package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A ruleset as one array of instructions, with the chains of each hook in their order. Made by [RulesetCompiler], run
/// by the [RuleMachine] of one worker: sets and cells are that worker's alone.
public final class RulesetProgram {

    /// Words of one base chain in the lists of a hook: priority, chain, is it a NAT chain, policy.
    static final int HOOKED_WORDS = 5;
    static final int HOOKED_PRIORITY = 0;
    static final int HOOKED_CHAIN = 1;
    static final int HOOKED_IS_NAT = 2;
    static final int HOOKED_IS_ACCEPTING = 3;
    static final int HOOKED_IS_OFFLOADED = 4;

    private static final int[] NOTHING = {};

    /// A stateful object, a rule's own counter, or a set: what a later ruleset finds it by. Handles are never used
    /// twice, so a table that was deleted and made again begins anew.
    record StateKey(long tableHandle, String owner, int position) {
    }

    /// A cell of the program: where it lies, and as what it began.
    record StateCell(int at, Statement statement) {
    }

    /// A flowtable that rules offload to.
    public record ProgramFlowtable(Family family, String table, Flowtable flowtable) {
    }

    private final Ruleset ruleset;
    private final int[] code;
    private final int[] chainAt;
    private final int[][] hooked;
    private final int[][] ingress;
    private final int[][] egress;
    private final LookupSet[] sets;
    private final ConnectionLists lists;
    private final long[] cells;
    private final RuleInterfaces interfaces;
    private final Map<StateKey, StateCell> cellKeys;
    private final Map<StateKey, LookupSet> setKeys;
    private final List<ProgramFlowtable> flowtables;
    private final List<Statement.Log> logs;
    private final TreeMap<Integer, RulePlace> places;

    RulesetProgram(Ruleset ruleset, RuleInterfaces interfaces, ProgramParts parts) {
        this.ruleset = ruleset;
        this.interfaces = interfaces;
        this.code = parts.code();
        this.chainAt = parts.chainAt();
        this.hooked = parts.hooked();
        this.ingress = parts.ingress();
        this.egress = parts.egress();
        this.sets = parts.sets().toArray(LookupSet[]::new);
        this.lists = parts.lists();
        this.cells = parts.cells();
        this.cellKeys = Map.copyOf(parts.cellKeys());
        this.setKeys = Map.copyOf(parts.setKeys());
        this.flowtables = List.copyOf(parts.flowtables());
        this.logs = List.copyOf(parts.logs());
        this.places = parts.places();
    }

    /// What the compiler hands over; see the fields of [RulesetProgram].
    record ProgramParts(int[] code, int[] chainAt, int[][] hooked, int[][] ingress, int[][] egress,
                        List<LookupSet> sets, ConnectionLists lists, long[] cells,
                        Map<StateKey, StateCell> cellKeys,
                        Map<StateKey, LookupSet> setKeys, List<ProgramFlowtable> flowtables,
                        List<Statement.Log> logs, TreeMap<Integer, RulePlace> places) {
    }

    static int hookIndex(int family, Hook hook) {
        return hook.ordinal() * 2 + (family == 6 ? 1 : 0);
    }

    static int hookCount() {
        return Hook.values().length * 2;
    }

    public Ruleset ruleset()                   { return ruleset; }
    public List<ProgramFlowtable> flowtables() { return flowtables; }
    public List<Statement.Log> logs()          { return logs; }
    RuleInterfaces interfaces()                { return interfaces; }
    int[] code()                               { return code; }
    int[] chainAt()                            { return chainAt; }
    LookupSet[] sets()                         { return sets; }
    long[] cells()                             { return cells; }
    ConnectionLists lists()                    { return lists; }

    /// The base chains that a packet of this family meets at the hook; none where it is not IP.
    int[] chainsAt(int family, Hook hook) {
        return family == 0 ? NOTHING : hooked[hookIndex(family, hook)];
    }

    /// The base chains at ingress or egress of an interface.
    int[] chainsAt(boolean isEgress, int interfaceIndex) {
        int[][] lists = isEgress ? egress : ingress;
        return interfaceIndex >= 0 && interfaceIndex < lists.length ? lists[interfaceIndex] : NOTHING;
    }

    /// True if some chain stands there, so that packets need be shown to rules at all.
    public boolean hasChains(int family, Hook hook) {
        return chainsAt(family, hook).length > 0;
    }

    public boolean hasIngressChains(int interfaceIndex) {
        return chainsAt(false, interfaceIndex).length > 0;
    }

    public boolean hasEgressChains(int interfaceIndex) {
        return chainsAt(true, interfaceIndex).length > 0;
    }

    /// Goes on counting where the ruleset before stood: named objects, counters of rules that stayed, elements that
    /// packets added. Call it on the worker's thread, when no packet is under way, then give the program to the
    /// machine; `before` is to be let go.
    public void takeOver(RulesetProgram before, long nowNs) {
        cellKeys.forEach((key, cell) -> {
            StateCell old = before.cellKeys.get(key);
            if (old == null || !isSameBound(cell.statement(), old.statement())) return;
            if (cell.statement() instanceof Statement.ConnectionCount) {
                lists.takeOver(before.lists, before.cells, old.at(), cells, cell.at());
            } else {
                Cells.takeOver(before.cells, old.at(), cells, cell.at());
            }
        });
        setKeys.forEach((key, set) -> {
            LookupSet old = before.setKeys.get(key);
            if (old != null && set.isLike(old)) set.takeOver(old, nowNs);
        });
    }

    /// A counter stays whatever it began with; a limit or quota of another size begins anew.
    private static boolean isSameBound(Statement now, Statement before) {
        if (now instanceof Statement.Counter && before instanceof Statement.Counter) return true;
        if (now instanceof Statement.Quota quota && before instanceof Statement.Quota old) {
            return quota.bytes() == old.bytes() && quota.isOver() == old.isOver();
        }
        return now.equals(before);
    }

    /// Frees elements of sets whose time is over; looks at some of each set.
    public void sweep(long nowNs, int elementsMax) {
        for (LookupSet set : sets) set.sweep(nowNs, elementsMax);
    }

    /// Whose an instruction is, see [RuleMachine#decidedAt]; null for none.
    public RulePlace placeOf(int at) {
        return at < 0 ? null : places.floorEntry(at).getValue();
    }

    /// What packets have made of it until now. On the worker's thread.
    public RuleState state(long nowNs) {
        Map<StateKey, SetCopy> copies = new HashMap<>();
        setKeys.forEach((key, set) -> {
            SetCopy copy = set.copy(nowNs);
            if (copy != null) copies.put(key, copy);
        });
        return new RuleState(ruleset, interfaces, cellKeys, cells.clone(), copies);
    }

    /// Takes away what a change of the rules has taken away, before the next program takes over. On the worker's
    /// thread, when no packet is under way.
    public void apply(RuleState.Edit edit) {
        edit.apply(this);
    }

    void forget(StateKey set, int[] key) {
        LookupSet found = setKeys.get(set);
        if (found != null) found.remove(key, 0);
    }

    void zero(StateKey object) {
        StateCell cell = cellKeys.get(object);
        if (cell != null) Cells.zero(cells, cell.at());
    }

    /// Packets that a named counter has counted; -1 where there is no such object.
    public long packets(Family family, String table, String counter) {
        StateCell cell = named(family, table, "counter " + counter);
        return cell == null ? -1 : Cells.first(cells, cell.at());
    }

    /// Bytes that a named counter has counted; -1 where there is no such object.
    public long bytes(Family family, String table, String counter) {
        StateCell cell = named(family, table, "counter " + counter);
        return cell == null ? -1 : Cells.second(cells, cell.at());
    }

    /// Bytes that a named quota has consumed; -1 where there is no such object.
    public long quotaBytes(Family family, String table, String quota) {
        StateCell cell = named(family, table, "quota " + quota);
        return cell == null ? -1 : Cells.first(cells, cell.at());
    }

    /// Packets that the counter at this place of a rule has counted; -1 where none stands there.
    public long rulePackets(Family family, String table, long ruleHandle, int statementIndex) {
        StateCell cell = cellKeys.get(
            new StateKey(ruleset.table(family, table).handle(), "rule " + ruleHandle, statementIndex));
        return cell == null ? -1 : Cells.first(cells, cell.at());
    }

    /// As [#rulePackets], bytes.
    public long ruleBytes(Family family, String table, long ruleHandle, int statementIndex) {
        StateCell cell = cellKeys.get(
            new StateKey(ruleset.table(family, table).handle(), "rule " + ruleHandle, statementIndex));
        return cell == null ? -1 : Cells.second(cells, cell.at());
    }

    private StateCell named(Family family, String table, String owner) {
        return cellKeys.get(new StateKey(ruleset.table(family, table).handle(), owner, 0));
    }

    /// The named set of a table, for its count; null where there is none or no rule uses it.
    public LookupSet set(Family family, String table, String name) {
        return setKeys.get(new StateKey(ruleset.table(family, table).handle(), "set " + name, 0));
    }
}
