package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.ElementSet.Flag;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Statement;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.antlr.v4.runtime.tree.ParseTree;

/// Reads the declaration of a set or map, with the elements in it.
final class DeclarationReader {

    /// A set with its elements, and where those stand (null without any).
    record Declared(ElementSet set, Span elementsPlace) {
    }

    private static final int DYNAMIC_SIZE = 65_535;

    private final Reading reading;
    private final Definitions definitions;
    private final boolean isMap;
    private List<FieldType> key = List.of();
    private List<FieldType> data = List.of();
    private ObjectKind objectKind;
    private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
    private long timeoutMs;
    private long gcIntervalMs;
    private int size;
    private ElementSet.Policy policy = ElementSet.Policy.NONE;
    private boolean mergesAutomatically;
    private List<Expression> keySource = List.of();
    private List<Expression> dataSource = List.of();
    private final List<Statement> statements = new ArrayList<>();
    private String comment = "";
    private ParseTree elementsContext;
    private Reading elementsReading;

    DeclarationReader(Reading reading, Definitions definitions, boolean isMap) {
        this.reading = reading;
        this.definitions = definitions;
        this.isMap = isMap;
    }

    Declared read(NftParser.NameContext name, List<NftParser.SetItemContext> items, int depth) {
        Reading inner = reading.with(new Scope(reading.scope()));
        readItems(inner, items, depth);
        if (key.isEmpty()) {
            throw reading.error((isMap ? "map" : "set") + " definition does not specify key", name);
        }
        if (isMap && data.isEmpty() && objectKind == null) {
            throw reading.error("map definition does not specify mapping data type", name);
        }
        if (timeoutMs > 0) flags.add(Flag.TIMEOUT);
        if (mergesAutomatically && !flags.contains(Flag.INTERVAL)) {
            throw reading.error("auto-merge only works with interval sets", name);
        }
        // What packets fill has a bound.
        if (flags.contains(Flag.DYNAMIC) && size == 0) size = DYNAMIC_SIZE;
        var empty = new ElementSet(name.getText(), 0, key, data, objectKind, flags, timeoutMs, gcIntervalMs, size,
            policy, mergesAutomatically, keySource, dataSource, statements, List.of(), comment);
        if (elementsContext == null) return new Declared(empty, null);
        List<Element> elements = elements(empty);
        return new Declared(empty.withElements(elements), elementsReading.place(elementsContext));
    }

    private void readItems(Reading at, List<NftParser.SetItemContext> items, int depth) {
        for (NftParser.SetItemContext item : items) {
            if (item.exception != null) continue;
            if (item.define() != null) {
                definitions.define(at, item.define());
            } else if (item.include() != null) {
                for (var file : definitions.include(at, item.include(), depth, NftParser::setItems)) {
                    readItems(new Reading(file.source(), at.scope(), at.declarations(), at.family(), at.table()),
                        file.tree().setItem(), depth + 1);
                }
            } else {
                readItem(at, item);
            }
        }
    }

    private void readItem(Reading at, NftParser.SetItemContext item) {
        if (item.TYPE() != null) type(at, item);
        if (item.TYPEOF() != null) typeOf(at, item);
        if (item.FLAGS() != null) flags(at, item);
        if (item.TIMEOUT() != null) timeoutMs = new Words(at).timeMs(item.time());
        if (item.GC_INTERVAL() != null) gcIntervalMs = new Words(at).timeMs(item.time());
        if (item.SIZE() != null) size = Integer.parseInt(new Words(at).text(item.getChild(1)));
        if (item.POLICY() != null) {
            policy = item.MEMORY() != null ? ElementSet.Policy.MEMORY : ElementSet.Policy.PERFORMANCE;
        }
        mergesAutomatically |= item.AUTO_MERGE() != null;
        if (item.COMMENT() != null) comment = Words.unquoted(item.QUOTED().getText());
        if (item.stateful() != null) statements.add(new StatefulReader(at).read(item.stateful()));
        if (item.ELEMENTS() != null) {
            elementsContext = item.setLiteral() != null ? item.setLiteral() : item.variable();
            elementsReading = at;
        }
    }

    private void type(Reading at, NftParser.SetItemContext item) {
        key = types(at, item.typeList());
        if (item.mapData() == null) return;
        NftParser.MapDataContext context = item.mapData();
        if (context.typeList() != null) {
            data = types(at, context.typeList());
        } else {
            objectKind = kind(context.getText());
        }
    }

    private static ObjectKind kind(String text) {
        return switch (text) {
            case "counter" -> ObjectKind.COUNTER;
            case "quota" -> ObjectKind.QUOTA;
            case "limit" -> ObjectKind.LIMIT;
            case "secmark" -> ObjectKind.SECMARK;
            case "synproxy" -> ObjectKind.SYNPROXY;
            case "cthelper" -> ObjectKind.CT_HELPER;
            case "cttimeout" -> ObjectKind.CT_TIMEOUT;
            default -> ObjectKind.CT_EXPECTATION;
        };
    }

    private static List<FieldType> types(Reading at, NftParser.TypeListContext context) {
        List<FieldType> types = new ArrayList<>();
        for (NftParser.TypeNameContext name : context.typeName()) {
            DataType type = ExpressionReader.TYPE_NAMES.get(name.getText());
            if (type == null) throw at.error("unknown datatype " + name.getText(), name);
            if (type.bits() == 0 && type != DataType.STRING) {
                throw at.error("unqualified type " + name.getText() + " specified in set definition. Try \"typeof"
                    + " expression\" instead of \"type datatype\".", name);
            }
            types.add(FieldType.of(type));
        }
        return types;
    }

    /// Headers need not be asked for: `typeof` reads nothing.
    private void typeOf(Reading at, NftParser.SetItemContext item) {
        var expressions = new ExpressionReader(at, ExpressionReader.Needs.NONE);
        Expression source = expressions.read(item.expression(), null);
        key = ExpressionReader.types(source);
        keySource = List.of(source);
        NftParser.TypeofDataContext context = item.typeofData();
        if (context == null) return;
        if (context.expression() == null) {
            objectKind = kind(context.getText());
            return;
        }
        if (context.expression().getText().equals("verdict")) {
            data = List.of(FieldType.of(DataType.VERDICT));
            return;
        }
        Expression target = expressions.read(context.expression(), null);
        data = ExpressionReader.types(target);
        dataSource = List.of(target);
    }

    private void flags(Reading at, NftParser.SetItemContext item) {
        for (NftParser.SetFlagContext flag : item.setFlag()) {
            flags.add(switch (flag.getText()) {
                case "constant" -> Flag.CONSTANT;
                case "interval" -> Flag.INTERVAL;
                case "timeout" -> Flag.TIMEOUT;
                case "dynamic" -> Flag.DYNAMIC;
                default -> throw at.error("unknown set flag", flag);
            });
        }
    }

    private List<Element> elements(ElementSet set) {
        Reading at = elementsReading;
        ParseTree context = elementsContext;
        if (context instanceof NftParser.VariableContext variableContext) {
            Scope.Variable variable = at.variable(variableContext);
            NftParser.RhsContext rhs = variable.value().rhs();
            if (rhs == null || rhs.setLiteral() == null) {
                throw at.error("variable '" + variableContext.word().getText() + "' holds no elements",
                    variableContext);
            }
            at = at.at(variable);
            context = rhs.setLiteral();
        }
        List<Element> elements = new SetReader(at, key, data, objectKind)
            .readFor(set, (NftParser.SetLiteralContext) context);
        return statements.isEmpty() ? elements : elements.stream().map(this::counted).toList();
    }

    /// Every element counts for itself what the set counts.
    private Element counted(Element element) {
        return !element.statements().isEmpty() ? element : new Element(element.key(), element.data(),
            element.timeoutMs(), element.expiresMs(), element.comment(), statements);
    }
}
