package io.millrace.flow.ruleset;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Which chain jumps to which, as `nf_tables_api.c` validates it: from every base chain at most 16 chains deep, and
/// what a chain does must be allowed wherever it can be reached from. Chains that no base chain reaches may loop.
final class ChainGraph {

    /// `NFT_JUMP_STACK_SIZE`.
    static final int DEPTH_MAX = 16;

    private final Family family;
    private final Map<String, Chain> chains;
    private final Map<String, ElementSet> sets;
    /// The deepest level at which a chain was walked already; a visit less deep finds nothing new.
    private final Map<String, Integer> walkedAt = new HashMap<>();

    ChainGraph(Family family, Map<String, Chain> chains, Map<String, ElementSet> sets) {
        this.family = family;
        this.chains = chains;
        this.sets = sets;
    }

    /// Refuses with the statement of the base chain that leads to the fault.
    void validate() throws RulesetRefusal {
        for (Chain chain : chains.values()) {
            if (chain.base().isEmpty()) continue;
            walkedAt.clear();
            for (Rule rule : chain.rules()) {
                for (Statement statement : rule.statements()) {
                    Errno refusal = refusal(statement, chain.base().get(), 0);
                    if (refusal != null) throw new RulesetRefusal(refusal, statement);
                }
            }
        }
    }

    private Errno refusal(Statement statement, HookedChain base, int depth) {
        if (!StatementPlaces.isAllowed(statement, family, base)) return Errno.NOT_SUPPORTED;
        var targets = new Targets();
        eachTarget(statement, sets, targets);
        for (String target : targets.names) {
            Chain next = chains.get(target);
            if (next == null) continue;
            Errno refusal = walk(next, base, depth + 1);
            if (refusal != null) return refusal;
        }
        return null;
    }

    private Errno walk(Chain chain, HookedChain base, int depth) {
        if (depth == DEPTH_MAX) return Errno.TOO_MANY_LINKS;
        Integer before = walkedAt.get(chain.name());
        if (before != null && before >= depth) return null;
        walkedAt.put(chain.name(), depth);
        for (Rule rule : chain.rules()) {
            for (Statement statement : rule.statements()) {
                Errno refusal = refusal(statement, base, depth);
                if (refusal != null) return refusal;
            }
        }
        return null;
    }

    private static final class Targets implements Consumer<String> {
        private final java.util.LinkedHashSet<String> names = new java.util.LinkedHashSet<>();

        @Override
        public void accept(String name) {
            names.add(name);
        }
    }

    /// Names every chain that the statement can jump to.
    static void eachTarget(Statement statement, Map<String, ElementSet> sets, Consumer<String> sink) {
        switch (statement) {
            case Statement.Decide(Verdict verdict) when verdict.hasChain() -> sink.accept(verdict.chain());
            case Statement.DecideByMap(_, SetUse.Anonymous(ElementSet set)) -> eachTarget(set.elements(), sink);
            case Statement.DecideByMap(_, SetUse.Named(String name)) when sets.containsKey(name) ->
                eachTarget(sets.get(name).elements(), sink);
            default -> { }
        }
    }

    static void eachTarget(List<Element> elements, Consumer<String> sink) {
        for (Element element : elements) {
            if (element.data() instanceof Value.Decision(Verdict verdict) && verdict.hasChain()) {
                sink.accept(verdict.chain());
            }
        }
    }
}
