package io.millrace.control.nft;

import io.millrace.control.nft.RulesetEvent.Kind;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// What became of a ruleset by one commit, in the order in which Linux takes down and builds up tables: what went away
/// (rules, elements, sets, objects, chains, tables), then what came or changed (tables, chains, objects, sets with
/// their elements, rules). Things are the same if their handles are; elements if their keys are. Counts do not
/// matter.
public final class RulesetDifference {

    private final List<RulesetEvent> events = new ArrayList<>();

    private RulesetDifference() {}

    public static List<RulesetEvent> between(Ruleset before, Ruleset after) {
        var difference = new RulesetDifference();
        for (Table table : before.tables().values()) difference.gone(table, sameTable(after, table));
        for (Table table : after.tables().values()) difference.come(sameTable(before, table), table);
        return List.copyOf(difference.events);
    }

    private static Table sameTable(Ruleset ruleset, Table table) {
        Table found = ruleset.table(table.family(), table.name());
        return found != null && found.handle() == table.handle() ? found : null;
    }

    /// @param after null if the table is gone with all that is in it
    private void gone(Table table, Table after) {
        Map<Long, Object> kept = after == null ? Map.of() : byHandle(after);
        for (Chain chain : table.chains().values()) {
            for (Rule rule : chain.rules()) {
                if (!kept.containsKey(rule.handle())) {
                    add(Kind.RULES, true, _ -> EventText.deletedRule(table, chain, rule),
                        style -> JsonListing.event("delete", style, json -> json.rule(table, chain, rule)));
                }
            }
        }
        for (ElementSet set : table.sets().values()) {
            if (kept.get(set.handle()) instanceof ElementSet now) elements(table, set, now, "delete");
        }
        for (ElementSet set : table.sets().values()) {
            if (!kept.containsKey(set.handle())) {
                add(Kind.SETS, true, _ -> EventText.deleted(table, "set", set.name()),
                    style -> JsonListing.event("delete", style, json -> json.set(table, set.withElements(List.of()))));
            }
        }
        for (NamedObject object : table.objects()) {
            if (!kept.containsKey(object.handle())) {
                String kind = object.kind().text();
                add(Kind.OBJECTS, true, _ -> EventText.deleted(table, kind, object.name()),
                    style -> JsonListing.event("delete", style, json -> json.addObject(table, object)));
            }
        }
        for (Flowtable flowtable : table.flowtables().values()) {
            if (!kept.containsKey(flowtable.handle())) {
                add(Kind.OBJECTS, true,
                    _ -> EventText.deleted(table, "flowtable", flowtable.name()),
                    style -> JsonListing.event("delete", style, json -> json.flowtable(table, flowtable)));
            }
        }
        for (Chain chain : table.chains().values()) {
            if (!kept.containsKey(chain.handle())) {
                add(Kind.CHAINS, true, _ -> EventText.deleted(table, "chain", chain.name()),
                    style -> JsonListing.event("delete", style, json -> json.chain(table, chain)));
            }
        }
        if (after == null) {
            add(Kind.TABLES, true, style -> "delete " + EventText.table(style, table),
                style -> JsonListing.event("delete", style, json -> json.head(table)));
        }
    }

    /// @param before null if the table is new
    private void come(Table before, Table table) {
        Map<Long, Object> old = before == null ? Map.of() : byHandle(before);
        if (before == null || before.isDormant() != table.isDormant()) {
            add(Kind.TABLES, false, style -> "add " + EventText.addedTable(style, table),
                style -> JsonListing.event("add", style, json -> json.head(table)));
        }
        for (Chain chain : table.chains().values()) {
            if (old.get(chain.handle()) instanceof Chain was && isSameHead(was, chain)) continue;
            add(Kind.CHAINS, false, style -> "add " + EventText.chain(style, table, chain),
                style -> JsonListing.event("add", style, json -> json.chain(table, chain)));
        }
        for (NamedObject object : table.objects()) {
            if (old.containsKey(object.handle())) continue;
            add(Kind.OBJECTS, false, style -> "add " + EventText.object(style, table, object),
                style -> JsonListing.event("add", style, json -> json.addObject(table, object)));
        }
        for (ElementSet set : table.sets().values()) {
            if (old.get(set.handle()) instanceof ElementSet was) {
                elements(table, set, was, "add");
                continue;
            }
            ElementSet empty = set.withElements(List.of());
            add(Kind.SETS, false, style -> "add " + EventText.set(style, table, empty),
                style -> JsonListing.event("add", style, json -> json.set(table, empty)));
            elements(table, set, empty, "add");
        }
        for (Flowtable flowtable : table.flowtables().values()) {
            if (old.containsKey(flowtable.handle())) continue;
            add(Kind.OBJECTS, false, style -> "add " + EventText.flowtable(style, table, flowtable),
                style -> JsonListing.event("add", style, json -> json.flowtable(table, flowtable)));
        }
        for (Chain chain : table.chains().values()) rules(table, chain, old);
    }

    private static boolean isSameHead(Chain was, Chain chain) {
        return was.name().equals(chain.name()) && was.base().equals(chain.base());
    }

    /// New rules: one between others follows the handle of the one before it.
    private void rules(Table table, Chain chain, Map<Long, Object> old) {
        List<Rule> rules = chain.rules();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (old.containsKey(rule.handle())) continue;
            boolean isInserted = i == 0 && rules.size() > 1 && old.containsKey(rules.get(1).handle());
            long behind = i > 0 && i + 1 < rules.size() ? rules.get(i - 1).handle() : 0;
            String action = isInserted ? "insert" : "add";
            add(Kind.RULES, false, style -> action + " " + EventText.rule(style, table, chain, rule, behind),
                style -> JsonListing.event(action, style, json -> json.rule(table, chain, rule)));
        }
    }

    /// The elements of `set` that `other` does not have.
    private void elements(Table table, ElementSet set, ElementSet other, String action) {
        if (set.elements() == other.elements()) return;
        Set<Value> keys = new HashSet<>();
        for (Element element : other.elements()) keys.add(element.key());
        for (Element element : SortedElements.of(set)) {
            if (keys.contains(element.key())) continue;
            add(Kind.ELEMENTS, action.equals("delete"),
                style -> action + " " + EventText.element(style, table, set, element),
                style -> JsonListing.event(action, style, json -> json.element(table, set, element)));
        }
    }

    /// What a table holds: all handles in it are drawn from one counter.
    private static Map<Long, Object> byHandle(Table table) {
        Map<Long, Object> all = new HashMap<>();
        for (NamedObject each : table.objects()) all.put(each.handle(), each);
        for (ElementSet each : table.sets().values()) all.put(each.handle(), each);
        for (Flowtable each : table.flowtables().values()) all.put(each.handle(), each);
        for (Chain each : table.chains().values()) {
            all.put(each.handle(), each);
            for (Rule rule : each.rules()) all.put(rule.handle(), rule);
        }
        return all;
    }

    private void add(Kind kind, boolean isDeletion, Function<TextListing.Style, String> text,
                     Function<TextListing.Style, String> json) {
        events.add(new RulesetEvent(kind, isDeletion, text, json));
    }
}
