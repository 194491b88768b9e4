package io.millrace.flow.ruleset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What Linux lets be changed, and how it numbers it.
class RulesetDraftTest {

    private static final HookedChain INPUT = new HookedChain(ChainType.FILTER, Hook.INPUT, 0, true, List.of());
    private static final List<Statement> ACCEPT = List.of(new Statement.Decide(Verdict.ACCEPT));

    private RulesetDraft draft;
    private TableDraft table;

    @BeforeEach
    void makeTable() throws RulesetRefusal {
        draft = new RulesetDraft(Ruleset.EMPTY);
        draft.addTable(Family.INET, "t", false, "", false);
        table = draft.table(Family.INET, "t");
    }

    @Test
    void drawsTheHandlesOfATableFromOneCounter() throws RulesetRefusal {
        addChain("a", Optional.empty());
        table.addObject("c", new NamedObject.Stateful(ObjectKind.COUNTER, new Statement.Counter(0, 0)), "", false);
        add("a", ACCEPT);
        var lookup = new Statement.Lookup(new Expression.Meta(MetaKey.MARK), false, new SetUse.Anonymous(marks(1)));
        add("a", List.of(lookup));
        Table done = draft.commit().table(Family.INET, "t");
        assertThat(done.chains().get("a").handle()).isEqualTo(1);
        assertThat(done.objects().getFirst().handle()).isEqualTo(2);
        // The set of the second rule took the handle before it.
        assertThat(done.chains().get("a").rules()).extracting(Rule::handle).containsExactly(3L, 5L);
    }

    @Test
    void refusesNatAtForwardAndBeforeConntrack() {
        assertRefused(() -> addChain("n", base(ChainType.NAT, Hook.FORWARD, 0)), Errno.NOT_SUPPORTED);
        assertRefused(() -> addChain("n", base(ChainType.NAT, Hook.PREROUTING, -200)), Errno.NOT_SUPPORTED);
    }

    @Test
    void refusesAChainThatIsAlreadyThereOtherwise() throws RulesetRefusal {
        addChain("i", Optional.of(INPUT));
        addChain("i", Optional.of(INPUT));
        assertRefused(() -> addChain("i", base(ChainType.FILTER, Hook.OUTPUT, 0)), Errno.EXISTS);
        assertRefused(() -> table.addChain("i", Optional.of(INPUT), false, "", true), Errno.EXISTS);
    }

    @Test
    void refusesJumpsToNowhereAndToBaseChains() throws RulesetRefusal {
        addChain("a", Optional.empty());
        addChain("i", Optional.of(INPUT));
        assertRefused(() -> add("a", List.of(new Statement.Decide(Verdict.jump("zz")))), Errno.NO_ENTRY);
        assertRefused(() -> add("a", List.of(new Statement.Decide(Verdict.goTo("i")))), Errno.NOT_SUPPORTED);
    }

    @Test
    void takesSixteenChainsInARowAndNotOneMore() throws RulesetRefusal {
        assertThat(commitChainOf(ChainGraph.DEPTH_MAX)).isNull();
        makeTable();
        assertThat(commitChainOf(ChainGraph.DEPTH_MAX + 1)).isEqualTo(Errno.TOO_MANY_LINKS);
    }

    private Errno commitChainOf(int count) throws RulesetRefusal {
        addChain("c0", Optional.of(INPUT));
        for (int i = 1; i < count; i++) addChain("c" + i, Optional.empty());
        for (int i = 0; i + 1 < count; i++) add("c" + i, List.of(new Statement.Decide(Verdict.jump("c" + (i + 1)))));
        try {
            draft.commit();
            return null;
        } catch (RulesetRefusal refusal) {
            return refusal.errno();
        }
    }

    @Test
    void refusesALoopOnlyWhereABaseChainReachesIt() throws RulesetRefusal {
        addChain("a", Optional.empty());
        addChain("b", Optional.empty());
        add("a", List.of(new Statement.Decide(Verdict.jump("b"))));
        add("b", List.of(new Statement.Decide(Verdict.jump("a"))));
        draft.commit();
        addChain("i", Optional.of(INPUT));
        Statement jump = new Statement.Decide(Verdict.jump("a"));
        add("i", List.of(jump));
        assertThatThrownBy(draft::commit).isInstanceOfSatisfying(RulesetRefusal.class, refusal -> {
            assertThat(refusal.errno()).isEqualTo(Errno.TOO_MANY_LINKS);
            assertThat(refusal.statement()).isSameAs(jump);
        });
    }

    @Test
    void refusesMasqueradeWhereverItsChainIsReachedFromAFilter() throws RulesetRefusal {
        addChain("m", Optional.empty());
        addChain("i", Optional.of(INPUT));
        add("m", List.of(new Statement.Nat(Statement.NatKind.MASQUERADE, null, null, null, Set.of(), false)));
        draft.commit();
        add("i", List.of(new Statement.Decide(Verdict.jump("m"))));
        assertRefused(draft::commit, Errno.NOT_SUPPORTED);
    }

    @Test
    void keepsChainsAndSetsThatAreUsed() throws RulesetRefusal {
        addChain("a", Optional.empty());
        addChain("b", Optional.empty());
        add("b", List.of(new Statement.Decide(Verdict.jump("a")),
            new Statement.Lookup(new Expression.Meta(MetaKey.MARK), false, new SetUse.Named("s"))));
        table.addSet(named("s", EnumSet.noneOf(ElementSet.Flag.class), 0), false);
        assertRefused(() -> table.deleteChain("a"), Errno.BUSY);
        assertRefused(() -> table.deleteSet("s"), Errno.BUSY);
        table.flushChain("b");
        table.deleteChain("a");
        table.deleteSet("s");
    }

    @Test
    void refusesElementsThatOverlapAndMergesThemWhereAsked() throws RulesetRefusal {
        table.addSet(named("s", EnumSet.of(ElementSet.Flag.INTERVAL), 0), false);
        table.addElements("s", List.of(Element.of(range(10, 20), null)), false);
        assertRefused(() -> table.addElements("s", List.of(Element.of(range(15, 30), null)), false), Errno.EXISTS);
        assertThat(Intervals.merged(List.of(Element.of(range(15, 30), null), Element.of(range(10, 14), null))))
            .extracting(Element::key).containsExactly(range(10, 30));
    }

    @Test
    void boundsASetBySize() throws RulesetRefusal {
        table.addSet(named("s", EnumSet.noneOf(ElementSet.Flag.class), 2), false);
        table.addElements("s", marks(1, 2).elements(), false);
        assertRefused(() -> table.addElements("s", marks(3).elements(), false), Errno.TOO_MANY_FILES);
        assertThat(draft.commit().table(Family.INET, "t").sets().get("s").elements()).hasSize(2);
    }

    @Test
    void leavesTheRulesetItStartedFromAlone() throws RulesetRefusal {
        addChain("a", Optional.empty());
        Ruleset before = draft.commit();
        var next = new RulesetDraft(before);
        next.table(Family.INET, "t").addRule("a", ACCEPT, "", 0, false);
        assertThat(next.commit().table(Family.INET, "t").chains().get("a").rules()).hasSize(1);
        assertThat(before.table(Family.INET, "t").chains().get("a").rules()).isEmpty();
    }

    @Test
    void renamesTheChainThatJumpsMean() throws RulesetRefusal {
        addChain("a", Optional.empty());
        addChain("b", Optional.empty());
        add("b", List.of(new Statement.Decide(Verdict.jump("a"))));
        table.renameChain("a", "z");
        assertThat(draft.commit().table(Family.INET, "t").chains().get("b").rules().getFirst().statements())
            .containsExactly(new Statement.Decide(Verdict.jump("z")));
    }

    @Test
    void runsBaseChainsInTheOrderOfTheirPriority() throws RulesetRefusal {
        addChain("late", base(ChainType.FILTER, Hook.INPUT, 10));
        addChain("first", base(ChainType.FILTER, Hook.INPUT, -5));
        draft.addTable(Family.IP, "u", false, "", false);
        draft.table(Family.IP, "u").addChain("middle", base(ChainType.FILTER, Hook.INPUT, 10), false, "", false);
        assertThat(draft.commit().chainsAt(Family.IP, Hook.INPUT)).extracting(hooked -> hooked.chain().name())
            .containsExactly("first", "late", "middle");
        assertThat(draft.commit().chainsAt(Family.IP6, Hook.INPUT)).hasSize(2);
    }

    @Test
    void saysWhyARuleCanDoNothingInAForwarder() {
        var match = new Statement.Match(new Expression.Meta(MetaKey.SKUID), Statement.Relation.EQUAL,
            Value.Number.of(DataType.UID, 32, 0));
        assertThat(Inertness.of(new Rule(1, List.of(match), ""))).contains("skuid");
        assertThat(Inertness.of(new Rule(1, ACCEPT, ""))).isNull();
    }

    private interface Attempt {
        void run() throws RulesetRefusal;
    }

    private static void assertRefused(Attempt attempt, Errno errno) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(RulesetRefusal.class,
            refusal -> assertThat(refusal.errno()).isEqualTo(errno));
    }

    private static Optional<HookedChain> base(ChainType type, Hook hook, int priority) {
        return Optional.of(new HookedChain(type, hook, priority, true, List.of()));
    }

    private void addChain(String name, Optional<HookedChain> base) throws RulesetRefusal {
        table.addChain(name, base, false, "", false);
    }

    private void add(String chain, List<Statement> statements) throws RulesetRefusal {
        table.addRule(chain, statements, "", table.ruleCount(chain), false);
    }

    private static Value range(long low, long high) {
        return new Value.Range(Value.Number.of(DataType.MARK, 32, low), Value.Number.of(DataType.MARK, 32, high));
    }

    private static ElementSet marks(long... values) {
        List<Element> elements = new ArrayList<>();
        for (long value : values) elements.add(Element.of(Value.Number.of(DataType.MARK, 32, value), null));
        return ElementSet.anonymous(List.of(FieldType.of(DataType.MARK)), List.of(), null, false, elements);
    }

    private static ElementSet named(String name, Set<ElementSet.Flag> flags, int size) {
        return new ElementSet(name, 0, List.of(FieldType.of(DataType.MARK)), List.of(), null, flags, 0, 0, size,
            ElementSet.Policy.NONE, false, List.of(), List.of(), List.of(), List.of(), "");
    }
}
