package io.millrace.control.nft;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Table;

import java.util.List;

/// Things of a ruleset on one line, as `nft monitor` writes them behind `add` and `delete`, blanks at line ends
/// included.
final class EventText {

    private static String name(Table table, String kind, String name) {
        return kind + " " + table.family().text() + " " + table.name() + " " + name;
    }

    private static String handle(TextListing.Style style, long handle) {
        return style.hasHandles() ? " # handle " + handle : "";
    }

    static String table(TextListing.Style style, Table table) {
        return "table " + table.family().text() + " " + table.name() + handle(style, table.handle());
    }

    static String addedTable(TextListing.Style style, Table table) {
        String flags = table.isDormant() ? " { flags dormant; }" : "";
        return "table " + table.family().text() + " " + table.name() + flags + handle(style, table.handle());
    }

    static String chain(TextListing.Style style, Table table, Chain chain) {
        String base = chain.base().map(each -> " { " + TextListing.base(table, each) + " }").orElse("");
        return name(table, "chain", chain.name()) + base + handle(style, chain.handle());
    }

    static String rule(TextListing.Style style, Table table, Chain chain, Rule rule, long behind) {
        String position = behind == 0 ? "" : " handle " + behind;
        return name(table, "rule", chain.name()) + position + " " + TextListing.rule(table, rule, style)
            + handle(style, rule.handle());
    }

    static String deletedRule(Table table, Chain chain, Rule rule) {
        return "delete " + name(table, "rule", chain.name()) + " handle " + rule.handle();
    }

    static String set(TextListing.Style style, Table table, ElementSet set) {
        return braces(style, name(table, set.isMap() ? "map" : "set", set.name()), set.handle(),
            terminated(new TextListing(style).properties(set)));
    }

    static String element(TextListing.Style style, Table table, ElementSet set, Element element) {
        return name(table, "element", set.name()) + " { " + new TextListing(style).element(element) + " }";
    }

    static String object(TextListing.Style style, Table table, NamedObject object) {
        return braces(style, name(table, object.kind().text(), object.name()), object.handle(),
            String.join(" ", new TextListing(style).properties(object)));
    }

    static String flowtable(TextListing.Style style, Table table, Flowtable flowtable) {
        return braces(style, name(table, "flowtable", flowtable.name()), flowtable.handle(),
            terminated(TextListing.properties(flowtable)));
    }

    /// `{ # handle 5 type ipv4_addr; } `
    private static String braces(TextListing.Style style, String name, long handle, String inside) {
        String text = style.hasHandles() ? "# handle " + handle + " " + inside : inside;
        return name + " { " + (text.isEmpty() ? "" : text + " ") + "} ";
    }

    private static String terminated(List<String> properties) {
        return String.join("; ", properties) + ";";
    }

    /// Linux tells the end of a map as that of a set.
    static String deleted(Table table, String kind, String name) {
        return "delete " + name(table, kind, name);
    }

    private EventText() {}
}
