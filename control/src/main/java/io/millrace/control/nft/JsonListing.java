package io.millrace.control.nft;

import static io.millrace.control.nft.JsonText.object;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A ruleset as JSON: the form of `nft -j list ruleset`, on one line.
public final class JsonListing {

    private static final String VERSION = "1.0.6";
    private static final String RELEASE = "Lester Gooch #5";

    private final ExpressionJson expressions;
    private final boolean isStateless;
    private final List<Object> objects = new ArrayList<>();

    private JsonListing(TextListing.Style style) {
        expressions = new ExpressionJson(new ValueText(style.isNumeric()));
        isStateless = style.isStateless();
    }

    public static String of(Ruleset ruleset, Listing listing, TextListing.Style style) {
        var json = new JsonListing(style);
        json.objects.add(object("metainfo", object("version", VERSION, "release_name", RELEASE,
            "json_schema_version", 1)));
        for (Table table : ruleset.tables().values()) {
            if (listing.shows(table)) json.table(table, listing);
        }
        return JsonText.of(object("nftables", json.objects));
    }

    /// What became of one thing, as `nft -j monitor` tells it.
    ///
    /// @param action `add`, `insert` or `delete`
    /// @param thing  has the listing tell of the thing
    static String event(String action, TextListing.Style style, Consumer<JsonListing> thing) {
        var json = new JsonListing(style);
        thing.accept(json);
        return JsonText.of(object(action, json.objects.getFirst()));
    }

    private void table(Table table, Listing listing) {
        boolean isWhole = listing.what() == Listing.What.RULESET || listing.what() == Listing.What.TABLE;
        if (isWhole || listing.what() == Listing.What.TABLES) {
            head(table);
        }
        if (listing.what() == Listing.What.TABLES) return;
        for (ObjectKind kind : ObjectKind.values()) {
            for (NamedObject object : table.objects()) {
                if (object.kind() == kind && TextListing.shows(listing, kind, object.name())) addObject(table, object);
            }
        }
        for (ElementSet set : table.sets().values()) {
            if (isWhole || TextListing.shows(listing, set)) set(table, set);
        }
        for (Flowtable flowtable : table.flowtables().values()) {
            if (isWhole || TextListing.shows(listing, flowtable)) flowtable(table, flowtable);
        }
        List<Chain> chains = table.chains().values().stream().filter(chain -> isWhole
            || listing.what() == Listing.What.CHAINS
            || listing.what() == Listing.What.CHAIN && listing.name().equals(chain.name())).toList();
        chains.forEach(chain -> chain(table, chain));
        if (listing.what() == Listing.What.CHAINS) return;
        for (Chain chain : chains) chain.rules().forEach(rule -> rule(table, chain, rule));
    }

    void head(Table table) {
        objects.add(object("table", object("family", table.family().text(), "name", table.name(),
            "handle", table.handle(), "flags", table.isDormant() ? "dormant" : null,
            "comment", table.comment().isEmpty() ? null : table.comment())));
    }

    private static Map<String, Object> head(Table table, String name, long handle) {
        return object("family", table.family().text(), "name", name, "table", table.name(), "handle", handle);
    }

    void addObject(Table table, NamedObject named) {
        Map<String, Object> members = head(table, named.name(), named.handle());
        if (!named.comment().isEmpty()) members.put("comment", named.comment());
        switch (named.body()) {
            case NamedObject.Stateful(ObjectKind kind, Statement statement) ->
                members.putAll(StatementJson.members(kind, statement));
            case NamedObject.Helper helper -> members.putAll(object("type", helper.type(),
                "protocol", protocol(helper.protocol()), "l3proto", helper.l3Protocol().text()));
            case NamedObject.Timeouts timeouts -> {
                Map<String, Object> policy = new LinkedHashMap<>();
                timeouts.policy().forEach(entry -> policy.put(entry.state(), entry.seconds()));
                members.putAll(object("protocol", protocol(timeouts.protocol()),
                    "l3proto", timeouts.l3Protocol().text(), "policy", policy));
            }
            case NamedObject.Expectation expectation -> members.putAll(object(
                "protocol", protocol(expectation.protocol()), "dport", expectation.targetPort(),
                "timeout", expectation.timeoutMs(), "size", expectation.size(),
                "l3proto", expectation.l3Protocol().text()));
        }
        objects.add(object(named.kind().text(), members));
    }

    private static Object protocol(int number) {
        String name = Symbols.name(DataType.INET_PROTO, number);
        return name == null ? number : name;
    }

    void set(Table table, ElementSet set) {
        Map<String, Object> members = object("family", table.family().text(), "name", set.name(),
            "table", table.name(), "type", type(set.key()), "handle", set.handle());
        if (!set.comment().isEmpty()) members.put("comment", set.comment());
        if (set.isMap()) members.put("map", mapType(set));
        if (set.policy() == ElementSet.Policy.MEMORY) members.put("policy", "memory");
        if (set.size() > 0) members.put("size", set.size());
        // That a set is dynamic is in the text alone.
        List<String> flags = set.flags().stream().filter(flag -> flag != ElementSet.Flag.DYNAMIC)
            .map(ElementSet.Flag::text).toList();
        if (!flags.isEmpty()) members.put("flags", flags);
        if (set.timeoutMs() > 0) members.put("timeout", set.timeoutMs() / 1_000);
        if (set.gcIntervalMs() > 0) members.put("gc-interval", set.gcIntervalMs() / 1_000);
        if (!set.elements().isEmpty() && !(isStateless && set.isDynamic())) {
            members.put("elem", expressions.elements(set));
        }
        if (!set.statements().isEmpty()) {
            List<Object> items = new ArrayList<>();
            for (Statement statement : set.statements()) {
                items.add(statement instanceof Statement.Counter ? JsonText.flag("counter")
                    : new StatementJson(expressions, table.family()).json(statement));
            }
            members.put("stmt", items);
        }
        objects.add(object(set.isMap() ? "map" : "set", members));
    }

    void element(Table table, ElementSet set, Element element) {
        objects.add(object("element", object("family", table.family().text(), "table", table.name(),
            "name", set.name(), "elem", object("set", expressions.elements(set.withElements(List.of(element)))))));
    }

    private static Object type(List<FieldType> key) {
        List<String> names = key.stream().map(field -> field.type().text()).toList();
        return names.size() == 1 ? names.getFirst() : names;
    }

    private static Object mapType(ElementSet set) {
        if (set.objectKind() != null) return set.objectKind().text();
        return String.join(" . ", set.data().stream().map(field -> field.type().text()).toList());
    }

    void flowtable(Table table, Flowtable flowtable) {
        Map<String, Object> members = head(table, flowtable.name(), flowtable.handle());
        members.put("hook", "ingress");
        members.put("prio", flowtable.priority());
        if (!flowtable.devices().isEmpty()) {
            members.put("dev", flowtable.devices().size() == 1 ? flowtable.devices().getFirst() : flowtable.devices());
        }
        objects.add(object("flowtable", members));
    }

    void chain(Table table, Chain chain) {
        Map<String, Object> members = object("family", table.family().text(), "table", table.name(),
            "name", chain.name(), "handle", chain.handle(),
            "comment", chain.comment().isEmpty() ? null : chain.comment());
        chain.base().ifPresent(base -> members.putAll(object("type", base.type().text(), "hook", base.hook().text(),
            "prio", base.priority(), "policy", base.isAccepting() ? "accept" : "drop")));
        objects.add(object("chain", members));
    }

    void rule(Table table, Chain chain, Rule rule) {
        objects.add(object("rule", object("family", table.family().text(), "table", table.name(),
            "chain", chain.name(), "handle", rule.handle(),
            "comment", rule.comment().isEmpty() ? null : rule.comment(),
            "expr", new StatementJson(expressions, table.family())
                .json(VisibleStatements.of(table.family(), rule.statements())))));
    }
}
