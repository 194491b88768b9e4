package io.millrace.control.nft;

import io.millrace.flow.ruleset.HookedChain;
import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Flowtable;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.NamedObject;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;

import java.util.ArrayList;
import java.util.List;

/// A ruleset in the canonical form of the language.
public final class TextListing {

    /// `hasHandles`: each thing with its handle. `isStateless`: without counts and elements that packets added.
    /// `isNumeric`: protocols and flags by number.
    public record Style(boolean hasHandles, boolean isStateless, boolean isNumeric) {
    }

    private final Style style;
    private final ValueText values;
    private final ExpressionText expressions;
    private final StringBuilder out = new StringBuilder();

    TextListing(Style style) {
        this.style = style;
        values = new ValueText(style.isNumeric());
        expressions = new ExpressionText(values);
    }

    /// Ends with a newline unless there is nothing to list.
    public static String of(Ruleset ruleset, Listing listing, Style style) {
        var text = new TextListing(style);
        for (Table table : ruleset.tables().values()) {
            if (listing.shows(table)) text.table(table, listing);
        }
        return text.out.toString();
    }

    /// One rule as a line.
    static String rule(Table table, Rule rule, Style style) {
        return new TextListing(style).line(table, rule);
    }

    private void table(Table table, Listing listing) {
        if (listing.what() == Listing.What.TABLES) {
            out.append("table ").append(table.family().text()).append(' ').append(table.name()).append('\n');
            return;
        }
        boolean isWhole = listing.what() == Listing.What.RULESET || listing.what() == Listing.What.TABLE;
        List<Runnable> parts = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
            for (NamedObject object : table.objects()) {
                if (object.kind() == kind && shows(listing, kind, object.name())) parts.add(() -> object(object));
            }
        }
        for (ElementSet set : table.sets().values()) {
            if (isWhole || shows(listing, set)) parts.add(() -> set(set));
        }
        for (Flowtable flowtable : table.flowtables().values()) {
            if (isWhole || shows(listing, flowtable)) parts.add(() -> flowtable(flowtable));
        }
        for (Chain chain : table.chains().values()) {
            boolean isOne = listing.what() == Listing.What.CHAIN && listing.name().equals(chain.name());
            if (isWhole || isOne) parts.add(() -> chain(table, chain, true));
            if (listing.what() == Listing.What.CHAINS) parts.add(() -> chain(table, chain, false));
        }
        head(0, "table " + table.family().text() + " " + table.name(), table.handle());
        if (isWhole && table.isDormant()) out.append("\tflags dormant\n");
        if (isWhole && !table.comment().isEmpty()) out.append("\tcomment \"").append(table.comment()).append("\"\n");
        boolean isFirst = !(isWhole && (table.isDormant() || !table.comment().isEmpty()));
        for (Runnable part : parts) {
            if (!isFirst && listing.what() != Listing.What.CHAINS) out.append('\n');
            isFirst = false;
            part.run();
        }
        out.append("}\n");
    }

    static boolean shows(Listing listing, ObjectKind kind, String name) {
        boolean isOne = listing.name().equals(name);
        return switch (listing.what()) {
            case RULESET, TABLE -> true;
            case COUNTERS -> kind == ObjectKind.COUNTER;
            case COUNTER -> kind == ObjectKind.COUNTER && isOne;
            case QUOTAS -> kind == ObjectKind.QUOTA;
            case QUOTA -> kind == ObjectKind.QUOTA && isOne;
            case LIMITS -> kind == ObjectKind.LIMIT;
            case LIMIT -> kind == ObjectKind.LIMIT && isOne;
            default -> false;
        };
    }

    static boolean shows(Listing listing, ElementSet set) {
        boolean isOne = listing.name().equals(set.name());
        return switch (listing.what()) {
            case SETS -> !set.isMap();
            case SET -> !set.isMap() && isOne;
            case MAPS -> set.isMap();
            case MAP -> set.isMap() && isOne;
            default -> false;
        };
    }

    static boolean shows(Listing listing, Flowtable flowtable) {
        return listing.what() == Listing.What.FLOWTABLES
            || listing.what() == Listing.What.FLOWTABLE && listing.name().equals(flowtable.name());
    }

    private void head(int tabs, String text, long handle) {
        out.repeat('\t', tabs).append(text).append(" {");
        if (style.hasHandles()) out.append(" # handle ").append(handle);
        out.append('\n');
    }

    private void property(String text) {
        out.append("\t\t").append(text).append('\n');
    }

    private void object(NamedObject object) {
        head(1, object.kind().text() + " " + object.name(), object.handle());
        properties(object).forEach(this::property);
        out.append("\t}\n");
    }

    /// What stands in an object's braces.
    List<String> properties(NamedObject object) {
        List<String> lines = new ArrayList<>();
        if (!object.comment().isEmpty()) lines.add("comment \"" + object.comment() + "\"");
        switch (object.body()) {
            case NamedObject.Stateful(ObjectKind _, Statement statement) -> lines.add(stateful(statement));
            case NamedObject.Helper helper -> {
                lines.add("type \"" + helper.type() + "\" protocol " + protocol(helper.protocol()));
                lines.add("l3proto " + helper.l3Protocol().text());
            }
            case NamedObject.Timeouts timeouts -> {
                lines.add("protocol " + protocol(timeouts.protocol()));
                lines.add("l3proto " + timeouts.l3Protocol().text());
                lines.add("policy = { " + String.join(", ", timeouts.policy().stream()
                    .map(entry -> entry.state() + " : " + TimeText.format(entry.seconds() * 1_000)).toList()) + " }");
            }
            case NamedObject.Expectation expectation -> {
                lines.add("protocol " + protocol(expectation.protocol()));
                lines.add("dport " + expectation.targetPort());
                lines.add("timeout " + TimeText.format(expectation.timeoutMs()));
                lines.add("size " + expectation.size());
                lines.add("l3proto " + expectation.l3Protocol().text());
            }
        }
        return lines;
    }

    private String stateful(Statement statement) {
        return switch (statement) {
            case Statement.Counter counter -> style.isStateless() ? ""
                : "packets " + counter.packets() + " bytes " + counter.bytes();
            case Statement.Quota quota -> StatementText.quota(quota, style.isStateless());
            case Statement.Limit limit -> StatementText.limit(limit);
            case Statement.Synproxy synproxy -> StatementText.synproxy(synproxy);
            default -> statements(Family.INET).text(statement);
        };
    }

    private static String protocol(int number) {
        String name = Symbols.name(DataType.INET_PROTO, number);
        return name == null ? Integer.toString(number) : name;
    }

    private void set(ElementSet set) {
        head(1, (set.isMap() ? "map " : "set ") + set.name(), set.handle());
        properties(set).forEach(this::property);
        boolean isHidden = style.isStateless() && set.isDynamic();
        if (!set.elements().isEmpty() && !isHidden) elements(set);
        out.append("\t}\n");
    }

    /// What stands in a set's braces, but for its elements.
    List<String> properties(ElementSet set) {
        List<String> lines = new ArrayList<>();
        lines.add(type(set));
        if (set.policy() == ElementSet.Policy.MEMORY) lines.add("policy memory");
        if (set.size() > 0) lines.add("size " + set.size());
        if (!set.flags().isEmpty()) {
            lines.add("flags " + String.join(",", set.flags().stream().map(ElementSet.Flag::text).toList()));
        }
        if (set.timeoutMs() > 0) lines.add("timeout " + TimeText.format(set.timeoutMs()));
        if (set.gcIntervalMs() > 0) lines.add("gc-interval " + TimeText.format(set.gcIntervalMs()));
        if (set.mergesAutomatically()) lines.add("auto-merge");
        if (!set.comment().isEmpty()) lines.add("comment \"" + set.comment() + "\"");
        for (Statement statement : set.statements()) {
            lines.add(statement instanceof Statement.Counter ? "counter" : statements(Family.INET).text(statement));
        }
        return lines;
    }

    String element(Element element) {
        return expressions.element(element);
    }

    private String type(ElementSet set) {
        String key = set.keySource().isEmpty() ? "type " + types(set.key())
            : "typeof " + expressions.text(set.keySource().getFirst());
        if (!set.isMap()) return key;
        if (set.objectKind() != null) return key + " : " + set.objectKind().text();
        Expression source = set.dataSource().isEmpty() ? null : set.dataSource().getFirst();
        String interval = set.data().size() == 1 && !set.isVerdictMap() && holdsIntervals(set) ? "interval " : "";
        return key + " : " + interval + (source == null ? types(set.data()) : expressions.text(source));
    }

    static boolean holdsIntervals(ElementSet set) {
        return set.elements().stream().anyMatch(element -> element.data() != null
            && SetReader.isInterval(element.data()));
    }

    private static String types(List<FieldType> types) {
        return String.join(" . ", types.stream().map(type -> type.type().text()).toList());
    }

    private void elements(ElementSet set) {
        List<Element> sorted = SortedElements.of(set);
        out.append("\t\telements = { ");
        int perLine = perLine(set);
        for (int i = 0; i < sorted.size(); i++) {
            if (i > 0) out.append(i % perLine == 0 ? ",\n\t\t\t     " : ", ");
            out.append(expressions.element(sorted.get(i)));
        }
        out.append(" }\n");
    }

    /// As many elements as `nft` writes on one line.
    private static int perLine(ElementSet set) {
        if (set.isConcatenation()) return 1;
        return switch (set.key().getFirst().type()) {
            case INET_SERVICE, INET_PROTO, MARK -> 5;
            case IPV4_ADDR -> 2;
            default -> 1;
        };
    }

    private void flowtable(Flowtable flowtable) {
        head(1, "flowtable " + flowtable.name(), flowtable.handle());
        properties(flowtable).forEach(this::property);
        out.append("\t}\n");
    }

    /// What stands in a flowtable's braces.
    static List<String> properties(Flowtable flowtable) {
        List<String> lines = new ArrayList<>();
        lines.add("hook ingress priority " + Priorities.text(Family.NETDEV, Hook.INGRESS, flowtable.priority()));
        if (!flowtable.devices().isEmpty()) {
            lines.add("devices = { " + String.join(", ", flowtable.devices()) + " }");
        }
        if (flowtable.isOffloaded()) lines.add("flags offload");
        if (flowtable.isCounting()) lines.add("counter");
        return lines;
    }

    private void chain(Table table, Chain chain, boolean hasRules) {
        head(1, "chain " + chain.name(), chain.handle());
        if (!chain.comment().isEmpty()) property("comment \"" + chain.comment() + "\"");
        chain.base().ifPresent(base -> property(base(table, base)));
        if (chain.isOffloaded()) property("flags offload");
        if (hasRules) {
            for (Rule rule : chain.rules()) {
                out.append("\t\t").append(line(table, rule));
                if (style.hasHandles()) out.append(" # handle ").append(rule.handle());
                out.append('\n');
            }
        }
        out.append("\t}\n");
    }

    static String base(Table table, HookedChain base) {
        String devices = base.devices().isEmpty() ? "" : base.devices().size() == 1
            ? " device \"" + base.devices().getFirst() + "\""
            : " devices = { " + String.join(", ", base.devices()) + " }";
        return "type " + base.type().text() + " hook " + base.hook().text() + devices + " priority "
            + Priorities.text(table.family(), base.hook(), base.priority()) + "; policy "
            + (base.isAccepting() ? "accept" : "drop") + ";";
    }

    private StatementText statements(Family family) {
        return new StatementText(expressions, style.isStateless(), family);
    }

    private String line(Table table, Rule rule) {
        String text = statements(table.family()).line(VisibleStatements.of(table.family(), rule.statements()));
        return rule.comment().isEmpty() ? text : text + " comment \"" + rule.comment() + "\"";
    }
}
