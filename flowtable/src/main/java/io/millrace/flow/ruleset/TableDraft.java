package io.millrace.flow.ruleset;

import static io.millrace.flow.ruleset.RulesetRefusal.Part.HANDLE;
import static io.millrace.flow.ruleset.RulesetRefusal.Part.NAME;
import static io.millrace.flow.ruleset.RulesetRefusal.Part.WHOLE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// A table while it is being changed; the counter of its handles goes on where the table's stood.
///
/// Each method is one message to Linux and refuses what `nf_tables_api.c` refuses. What concerns the table as a whole
/// (depth of jumps, places of statements) is looked at when the draft is committed.
public final class TableDraft {

    /// `nft_chain_nat.c`: NAT needs the connection, which is found at −200.
    private static final int NAT_PRIORITY_MIN = -200;

    private final Family family;
    private final String name;
    private final long handle;
    private boolean isDormant;
    private final String comment;
    private final List<NamedObject> objects;
    private final LinkedHashMap<String, ElementSet> sets;
    private final LinkedHashMap<String, Flowtable> flowtables;
    private final LinkedHashMap<String, ChainDraft> chains = new LinkedHashMap<>();
    private long lastHandle;

    TableDraft(Table table) {
        family = table.family();
        name = table.name();
        handle = table.handle();
        isDormant = table.isDormant();
        comment = table.comment();
        objects = new ArrayList<>(table.objects());
        sets = new LinkedHashMap<>(table.sets());
        flowtables = new LinkedHashMap<>(table.flowtables());
        table.chains().values().forEach(chain -> chains.put(chain.name(), new ChainDraft(chain)));
        lastHandle = table.lastHandle();
    }

    public Family family() {
        return family;
    }

    void dormant(boolean yes) {
        isDormant = yes;
    }

    public ElementSet set(String setName) {
        return sets.get(setName);
    }

    public boolean hasChain(String chainName) {
        return chains.containsKey(chainName);
    }

    /// Adds a chain, or with `base` present checks that the one there is the same; its policy stays. `isNew`: it must
    /// not be there.
    public void addChain(String chainName, Optional<HookedChain> base, boolean isOffloaded, String chainComment,
                         boolean isNew) throws RulesetRefusal {
        ChainDraft there = chains.get(chainName);
        if (there != null) {
            if (isNew || !isCompatible(there.base, base)) throw new RulesetRefusal(Errno.EXISTS, NAME);
            return;
        }
        if (base.isPresent()) refuseMisplaced(base.get());
        chains.put(chainName,
            new ChainDraft(new Chain(chainName, ++lastHandle, base, isOffloaded, chainComment, List.of())));
    }

    /// Changes the policy of a base chain.
    public void policy(String chainName, boolean isAccepting) throws RulesetRefusal {
        ChainDraft chain = chain(chainName);
        if (chain.base.isEmpty()) throw new RulesetRefusal(Errno.NOT_SUPPORTED, NAME);
        HookedChain base = chain.base.get();
        chain.base = Optional.of(new HookedChain(base.type(), base.hook(), base.priority(), isAccepting,
            base.devices()));
    }

    private void refuseMisplaced(HookedChain base) throws RulesetRefusal {
        if (!base.type().exists(family)) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        boolean isTooEarly = base.type() == ChainType.NAT && base.priority() <= NAT_PRIORITY_MIN;
        if (isTooEarly || !base.type().isAllowed(family, base.hook())) {
            throw new RulesetRefusal(Errno.NOT_SUPPORTED, NAME);
        }
    }

    /// An update may change the policy alone, see [#policy].
    private static boolean isCompatible(Optional<HookedChain> there, Optional<HookedChain> wanted) {
        if (wanted.isEmpty()) return true;
        return there.isPresent() && there.get().type() == wanted.get().type()
            && there.get().hook() == wanted.get().hook() && there.get().priority() == wanted.get().priority();
    }

    public void deleteChain(String chainName) throws RulesetRefusal {
        chain(chainName);
        if (isChainUsed(chainName)) throw new RulesetRefusal(Errno.BUSY, NAME);
        chains.remove(chainName);
    }

    private boolean isChainUsed(String chainName) {
        if (!chains.get(chainName).rules.isEmpty()) return true;
        boolean[] isUsed = {false};
        for (ElementSet set : sets.values()) {
            ChainGraph.eachTarget(set.elements(), target -> isUsed[0] |= target.equals(chainName));
        }
        for (ChainDraft other : chains.values()) {
            for (Rule rule : other.rules) {
                for (Statement statement : rule.statements()) {
                    ChainGraph.eachTarget(statement, sets, target -> isUsed[0] |= target.equals(chainName));
                }
            }
        }
        return isUsed[0];
    }

    public void renameChain(String chainName, String newName) throws RulesetRefusal {
        ChainDraft chain = chain(chainName);
        if (chains.containsKey(newName)) throw new RulesetRefusal(Errno.EXISTS, NAME);
        // Jumps name the chain, not its name.
        var renaming = new ChainRenaming(chainName, newName);
        chains.values().forEach(other -> other.rules.replaceAll(renaming::rule));
        sets.replaceAll((_, set) -> renaming.set(set));
        LinkedHashMap<String, ChainDraft> renamed = new LinkedHashMap<>();
        chains.forEach((key, value) -> renamed.put(value == chain ? newName : key, value));
        chain.name = newName;
        chains.clear();
        chains.putAll(renamed);
    }

    public void flushChain(String chainName) throws RulesetRefusal {
        chain(chainName).rules.clear();
    }

    /// Empties every chain.
    public void flush() {
        chains.values().forEach(chain -> chain.rules.clear());
    }

    /// Adds a rule at `position` in its chain, or replaces the one there. Returns it with the handles it was given.
    public Rule addRule(String chainName, List<Statement> statements, String ruleComment, int position,
                        boolean isReplacement) throws RulesetRefusal {
        ChainDraft chain = chain(chainName);
        List<Statement> loaded = new RuleLoading(this).load(statements);
        var rule = new Rule(++lastHandle, loaded, ruleComment);
        if (isReplacement) {
            chain.rules.set(position, rule);
        } else {
            chain.rules.add(position, rule);
        }
        return rule;
    }

    public int ruleCount(String chainName) throws RulesetRefusal {
        return chain(chainName).rules.size();
    }

    /// Where the rule of this handle stands in its chain.
    public int positionOf(String chainName, long ruleHandle) throws RulesetRefusal {
        List<Rule> rules = chain(chainName).rules;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).handle() == ruleHandle) return i;
        }
        throw new RulesetRefusal(Errno.NO_ENTRY, HANDLE);
    }

    /// Where the rule of this number stands, counted from 0.
    public int positionOfIndex(String chainName, long index) throws RulesetRefusal {
        if (index >= chain(chainName).rules.size()) throw new RulesetRefusal(Errno.NO_ENTRY, HANDLE);
        return (int) index;
    }

    public void deleteRule(String chainName, long ruleHandle) throws RulesetRefusal {
        chain(chainName).rules.remove(positionOf(chainName, ruleHandle));
    }

    /// The chain as it now is, to be shown or looked through.
    public Chain chainNow(String chainName) throws RulesetRefusal {
        return chain(chainName).chain();
    }

    /// Adds an object; one that is there stays as it is.
    public void addObject(String objectName, NamedObject.Body body, String objectComment, boolean isNew)
        throws RulesetRefusal {
        for (NamedObject object : objects) {
            if (object.kind() != body.kind() || !object.name().equals(objectName)) continue;
            if (isNew) throw new RulesetRefusal(Errno.EXISTS, NAME);
            return;
        }
        objects.add(new NamedObject(objectName, ++lastHandle, body, objectComment));
    }

    /// The object of this kind and name, or null.
    public NamedObject object(ObjectKind kind, String objectName) {
        for (NamedObject object : objects) {
            if (object.kind() == kind && object.name().equals(objectName)) return object;
        }
        return null;
    }

    public void deleteObject(ObjectKind kind, String objectName) throws RulesetRefusal {
        NamedObject object = object(kind, objectName);
        if (object == null) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        if (new TableUses(chainList(), sets).usesObject(kind, objectName)) throw new RulesetRefusal(Errno.BUSY, NAME);
        objects.remove(object);
    }

    /// Sets counters and quotas of this kind back to zero; a null name means all.
    public void resetObjects(ObjectKind kind, String objectName) throws RulesetRefusal {
        if (objectName != null && object(kind, objectName) == null) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        objects.replaceAll(object -> object.kind() == kind && (objectName == null || object.name().equals(objectName))
            ? zeroed(object) : object);
    }

    private static NamedObject zeroed(NamedObject object) {
        if (!(object.body() instanceof NamedObject.Stateful(ObjectKind kind, Statement statement))) return object;
        Statement zero = switch (statement) {
            case Statement.Counter _ -> new Statement.Counter(0, 0);
            case Statement.Quota quota -> new Statement.Quota(quota.bytes(), 0, quota.isOver());
            default -> statement;
        };
        return new NamedObject(object.name(), object.handle(), new NamedObject.Stateful(kind, zero), object.comment());
    }

    /// Adds a set without its elements.
    public void addSet(ElementSet set, boolean isNew) throws RulesetRefusal {
        ElementSet there = sets.get(set.name());
        if (there != null) {
            boolean isSame = there.key().equals(set.key()) && there.data().equals(set.data())
                && there.objectKind() == set.objectKind() && there.flags().equals(set.flags());
            if (isNew || !isSame) throw new RulesetRefusal(Errno.EXISTS, NAME);
            return;
        }
        sets.put(set.name(), set.withElements(List.of()).withHandle(++lastHandle));
    }

    public void deleteSet(String setName) throws RulesetRefusal {
        if (!sets.containsKey(setName)) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        if (new TableUses(chainList(), sets).usesSet(setName)) throw new RulesetRefusal(Errno.BUSY, NAME);
        sets.remove(setName);
    }

    public void flushSet(String setName) throws RulesetRefusal {
        ElementSet set = sets.get(setName);
        if (set == null) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        sets.put(setName, set.withElements(List.of()));
    }

    /// Adds elements; `isNew`: none of them may be there.
    public void addElements(String setName, List<Element> added, boolean isNew) throws RulesetRefusal {
        ElementSet set = sets.get(setName);
        if (set == null) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        for (Element element : added) {
            if (element.data() instanceof Value.Decision(Verdict verdict)) refuseTarget(verdict, WHOLE);
        }
        sets.put(setName, ElementChange.added(set, added, isNew));
    }

    public void deleteElements(String setName, List<Element> gone, boolean mayBeMissing) throws RulesetRefusal {
        ElementSet set = sets.get(setName);
        if (set == null) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        sets.put(setName, ElementChange.removed(set, gone, mayBeMissing));
    }

    public void addFlowtable(Flowtable flowtable, boolean isNew) throws RulesetRefusal {
        Flowtable there = flowtables.get(flowtable.name());
        if (there != null && isNew) throw new RulesetRefusal(Errno.EXISTS, NAME);
        if (there != null) {
            List<String> devices = new ArrayList<>(there.devices());
            flowtable.devices().stream().filter(device -> !devices.contains(device)).forEach(devices::add);
            flowtables.put(there.name(), new Flowtable(there.name(), there.handle(), there.priority(), devices,
                there.isCounting(), there.isOffloaded()));
            return;
        }
        flowtables.put(flowtable.name(), new Flowtable(flowtable.name(), ++lastHandle, flowtable.priority(),
            flowtable.devices(), flowtable.isCounting(), flowtable.isOffloaded()));
    }

    public void deleteFlowtable(String flowtableName) throws RulesetRefusal {
        if (!flowtables.containsKey(flowtableName)) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        if (new TableUses(chainList(), sets).usesFlowtable(flowtableName)) {
            throw new RulesetRefusal(Errno.BUSY, NAME);
        }
        flowtables.remove(flowtableName);
    }

    public boolean hasFlowtable(String flowtableName) {
        return flowtables.containsKey(flowtableName);
    }

    long nextHandle() {
        return ++lastHandle;
    }

    /// A jump must lead to a chain of the table that is no base chain.
    void refuseTarget(Verdict verdict, Statement statement) throws RulesetRefusal {
        Errno errno = targetRefusal(verdict);
        if (errno != null) throw new RulesetRefusal(errno, statement);
    }

    private void refuseTarget(Verdict verdict, RulesetRefusal.Part part) throws RulesetRefusal {
        Errno errno = targetRefusal(verdict);
        if (errno != null) throw new RulesetRefusal(errno, part);
    }

    private Errno targetRefusal(Verdict verdict) {
        if (!verdict.hasChain()) return null;
        ChainDraft target = chains.get(verdict.chain());
        if (target == null) return Errno.NO_ENTRY;
        return target.base.isPresent() ? Errno.NOT_SUPPORTED : null;
    }

    private ChainDraft chain(String chainName) throws RulesetRefusal {
        ChainDraft chain = chains.get(chainName);
        if (chain == null) throw new RulesetRefusal(Errno.NO_ENTRY, NAME);
        return chain;
    }

    private List<Chain> chainList() {
        return chains.values().stream().map(ChainDraft::chain).toList();
    }

    /// The table as the draft has it, once the whole of it is found valid.
    Table commit() throws RulesetRefusal {
        LinkedHashMap<String, Chain> done = new LinkedHashMap<>();
        chains.forEach((key, chain) -> done.put(key, chain.chain()));
        new ChainGraph(family, done, sets).validate();
        return new Table(family, name, handle, isDormant, comment, lastHandle, objects, sets, flowtables, done);
    }

    private static final class ChainDraft {
        private String name;
        private final long handle;
        private Optional<HookedChain> base;
        private final boolean isOffloaded;
        private final String comment;
        private final List<Rule> rules;

        ChainDraft(Chain chain) {
            name = chain.name();
            handle = chain.handle();
            base = chain.base();
            isOffloaded = chain.isOffloaded();
            comment = chain.comment();
            rules = new ArrayList<>(chain.rules());
        }

        Chain chain() {
            return new Chain(name, handle, base, isOffloaded, comment, rules);
        }
    }
}
