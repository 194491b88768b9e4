package io.millrace.flow.rules;

import io.millrace.flow.rules.RulesetProgram.StateKey;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the sets of a table as rules come to use them: exact keys go by hash, intervals of one field by bisection,
/// intervals in concatenations by their prefixes.
final class SetCompiler {

    /// A set's number in the program, how wide its keys and data are, and whether packets may change its elements.
    /// Where data are intervals, they are lower and upper ends one behind the other, and twice as wide.
    record CompiledSet(int number, int keyWords, int dataWords, boolean isExact, boolean hasEnds) {
    }

    /// Linux's bound for sets that packets write and that name none.
    private static final int DYNAMIC_SIZE = 65_535;
    private static final long NS_PER_MS = 1_000_000;
    private static final int IPV6_WORDS = 4;

    private final Compilation compilation;
    private final Table table;
    private final Map<String, CompiledSet> named = new HashMap<>();

    SetCompiler(Compilation compilation, Table table) {
        this.compilation = compilation;
        this.table = table;
    }

    CompiledSet use(SetUse use) throws NotExecutable {
        return switch (use) {
            case SetUse.Anonymous(ElementSet set) -> make(set, "");
            case SetUse.Named(String name) -> {
                CompiledSet known = named.get(name);
                if (known != null) yield known;
                ElementSet set = table.sets().get(name);
                if (set == null) throw new NotExecutable("set " + name + " does not exist");
                try {
                    CompiledSet made = make(set, name);
                    named.put(name, made);
                    yield made;
                } catch (NotExecutable refused) {
                    throw refused.at("set " + name);
                }
            }
        };
    }

    private static int words(List<FieldType> fields) {
        int words = 0;
        for (FieldType field : fields) words += Math.max(1, Words.count(field.bits()));
        return words;
    }

    private CompiledSet make(ElementSet set, String name) throws NotExecutable {
        int keyWords = words(set.key());
        if (keyWords > Words.MAX) throw new NotExecutable("key of " + keyWords * 4 + " bytes");
        boolean hasValues = set.objectKind() == null && !set.isVerdictMap();
        boolean hasEnds = hasValues && mapsToIntervals(set);
        int dataWords = hasValues ? words(set.data()) * (hasEnds ? 2 : 1) : 1;
        List<List<Statement>> updates = updates(name);
        boolean isDynamic = set.isDynamic() || !updates.isEmpty();
        boolean hasIntervals = hasIntervals(set);
        if (isDynamic && hasIntervals) throw new NotExecutable("intervals in a set that packets write");
        List<Statement> templates = templates(set, updates);
        int size = set.elements().size();
        if (isDynamic) size = Math.max(size, set.size() == 0 ? DYNAMIC_SIZE : set.size());
        if (size >= ElementTable.CAPACITY_MAX) throw new NotExecutable("more than 2^26 elements");
        boolean expires = set.has(ElementSet.Flag.TIMEOUT) || isDynamic;
        var elements = new Elements(set, keyWords, dataWords, hasIntervals, size);
        LookupSet lookup = elements.build(templates, expires);
        int number = compilation.sets.size();
        compilation.sets.add(lookup);
        if (!name.isEmpty()) compilation.setKeys.put(new StateKey(table.handle(), "set " + name, 0), lookup);
        return new CompiledSet(number, keyWords, dataWords, !hasIntervals, hasEnds);
    }

    private boolean mapsToIntervals(ElementSet set) throws NotExecutable {
        for (Element element : set.elements()) {
            if (element.data() == null) continue;
            for (Value part : parts(element.data())) {
                if (!Constants.span(part, compilation.interfaces, IPV6_WORDS).isOne()) return true;
            }
        }
        return false;
    }

    private boolean hasIntervals(ElementSet set) throws NotExecutable {
        for (Element element : set.elements()) {
            for (Value part : parts(element.key())) {
                if (part instanceof Value.Everything) continue;
                if (!Constants.span(part, compilation.interfaces, 1).isOne()) return true;
            }
        }
        return false;
    }

    private static List<Value> parts(Value key) {
        return key instanceof Value.Tuple(List<Value> parts) ? parts : List.of(key);
    }

    /// What each rule that writes into the set gives its elements; empty if none writes.
    private List<List<Statement>> updates(String name) {
        List<List<Statement>> updates = new ArrayList<>();
        if (name.isEmpty()) return updates;
        for (Chain chain : table.chains().values()) {
            for (Rule rule : chain.rules()) {
                for (Statement statement : rule.statements()) {
                    if (statement instanceof Statement.UpdateSet update
                        && update.operation() != Statement.SetOperation.DELETE
                        && update.set() instanceof SetUse.Named(String written) && written.equals(name)) {
                        updates.add(update.statements());
                    }
                }
            }
        }
        return updates;
    }

    /// The counters and limits of each element: those of the set, of the rules that write into it, or of its elements.
    private static List<Statement> templates(ElementSet set, List<List<Statement>> updates) throws NotExecutable {
        boolean isDeclared = !set.statements().isEmpty();
        List<Statement> templates = set.statements();
        if (!isDeclared && !updates.isEmpty()) {
            templates = updates.getFirst();
        } else if (!isDeclared && !set.elements().isEmpty()) {
            templates = set.elements().getFirst().statements();
        }
        for (Statement template : templates) {
            if (Cells.kindOf(template) < 0) throw new NotExecutable(StatementNames.of(template) + " of an element");
        }
        boolean isOneKind = true;
        for (List<Statement> update : updates) isOneKind &= isDeclared && update.isEmpty() || update.equals(templates);
        for (Element element : set.elements()) {
            List<Statement> own = element.statements();
            isOneKind &= isDeclared && own.isEmpty() || kinds(own).equals(kinds(templates));
        }
        if (!isOneKind) throw new NotExecutable("elements with different counters or limits");
        return templates;
    }

    private static List<Integer> kinds(List<Statement> statements) {
        List<Integer> kinds = new ArrayList<>();
        for (Statement statement : statements) kinds.add(Cells.kindOf(statement));
        return kinds;
    }

    private void data(Element element, ElementSet set, int[] target) throws NotExecutable {
        switch (element.data()) {
            case null -> { }
            case Value.Decision(Verdict verdict) -> target[0] = verdict(verdict);
            case Value.ObjectName(String name) -> target[0] = compilation.objectCell(table, set.objectKind(), name);
            default -> {
                List<Value> parts = parts(element.data());
                int at = 0;
                for (int i = 0; i < parts.size(); i++) {
                    int words = Math.max(1, Words.count(set.data().get(i).bits()));
                    Constants.Span span = Constants.span(parts.get(i), compilation.interfaces, words);
                    Words.of(span.low(), words, target, at);
                    int highAt = at + words(set.data());
                    if (highAt < target.length) Words.of(span.high(), words, target, highAt);
                    at += words;
                }
            }
        }
    }

    private int verdict(Verdict verdict) {
        return switch (verdict.kind()) {
            case ACCEPT -> VerdictCode.ACCEPT;
            case DROP -> VerdictCode.DROP;
            case CONTINUE -> VerdictCode.CONTINUE;
            case RETURN -> VerdictCode.RETURN;
            case JUMP -> VerdictCode.jump(compilation.chain(table, verdict.chain()));
            case GOTO -> VerdictCode.goTo(compilation.chain(table, verdict.chain()));
        };
    }

    /// Puts the elements of one set into the table that fits them, and what belongs to them beside it.
    private final class Elements {
        private final ElementSet set;
        private final int keyWords;
        private final int dataWords;
        private final ElementTable exact;
        private final List<IntervalTable.Interval> intervals = new ArrayList<>();
        private final PrefixTable.Builder prefixes;
        private final int[] numbers;
        private final int size;
        private int otherwise = LookupSet.NONE;

        Elements(ElementSet set, int keyWords, int dataWords, boolean hasIntervals, int size) {
            this.set = set;
            this.keyWords = keyWords;
            this.dataWords = dataWords;
            this.size = size;
            this.numbers = new int[set.elements().size()];
            this.exact = hasIntervals ? null : new ElementTable(keyWords, size, compilation.seed);
            this.prefixes = hasIntervals && set.isConcatenation() ? new PrefixTable.Builder(keyWords) : null;
        }

        LookupSet build(List<Statement> templates, boolean expires) throws NotExecutable {
            for (int i = 0; i < numbers.length; i++) numbers[i] = place(i, set.elements().get(i));
            boolean isByInterval = exact == null && prefixes == null;
            var lookup = new LookupSet(set, exact, isByInterval ? new IntervalTable(keyWords, intervals) : null,
                prefixes == null ? null : prefixes.build(compilation.seed), size + 1, dataWords, templates,
                compilation.lists, expires, set.timeoutMs() * NS_PER_MS);
            lookup.otherwise(otherwise);
            int[] data = new int[Math.max(1, dataWords)];
            for (int i = 0; i < numbers.length; i++) {
                Element element = set.elements().get(i);
                data(element, set, data);
                lookup.describe(numbers[i], data, 0, element.statements(), element.timeoutMs() * NS_PER_MS,
                    element.expiresMs() * NS_PER_MS, compilation.nowNs);
            }
            return lookup;
        }

        private int place(int index, Element element) throws NotExecutable {
            if (element.key() instanceof Value.Everything) {
                otherwise = size;
                return size;
            }
            List<Value> parts = parts(element.key());
            int[] low = new int[keyWords];
            int[] high = new int[keyWords];
            List<PrefixTable.Field> fields = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < parts.size(); i++) {
                int words = Math.max(1, Words.count(set.key().get(i).bits()));
                Constants.Span span = Constants.span(parts.get(i), compilation.interfaces, words);
                Words.of(span.low(), words, low, at);
                Words.of(span.high(), words, high, at);
                fields.add(new PrefixTable.Field(span.low(), span.high(), words));
                at += words;
            }
            if (exact != null) {
                int there = exact.find(low, 0);
                return there != ElementTable.NONE ? there : exact.insert(low, 0);
            }
            if (prefixes != null) {
                prefixes.add(index, fields);
            } else {
                intervals.add(new IntervalTable.Interval(low, high, index));
            }
            return index;
        }
    }
}
