package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Intervals;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.antlr.v4.runtime.ParserRuleContext;

/// Elements of sets and maps as they are written.
final class SetReader {

    private final Reading reading;
    private final List<FieldType> key;
    private final List<FieldType> data;
    private final ObjectKind objectKind;
    private final Map<Element, Span> places = new IdentityHashMap<>();

    /// `data` is empty for a set and for a map to objects of `objectKind`.
    SetReader(Reading reading, List<FieldType> key, List<FieldType> data, ObjectKind objectKind) {
        this.reading = reading;
        this.key = key;
        this.data = data;
        this.objectKind = objectKind;
    }

    private boolean isMap() {
        return !data.isEmpty() || objectKind != null;
    }

    /// A set that belongs to one rule: overlapping elements are merged, those of a map refused.
    ElementSet anonymous(NftParser.SetLiteralContext context) {
        List<Element> elements = read(context);
        if (elements.isEmpty()) throw reading.error("Set is empty", context);
        boolean isInterval = elements.stream().anyMatch(element -> isInterval(element.key()));
        if (isInterval && key.size() == 1) {
            if (isMap()) {
                refuseOverlap(elements);
                elements = sortedIntervals(elements);
            } else {
                elements = canonical(Intervals.merged(elements));
            }
        } else {
            elements = withoutRepetition(elements, isMap());
        }
        return ElementSet.anonymous(key, data, objectKind, isInterval, elements);
    }

    private List<Element> sortedIntervals(List<Element> elements) {
        return canonical(elements);
    }

    static List<Element> canonical(List<Element> elements) {
        List<Element> canonical = new ArrayList<>();
        for (Element element : elements) {
            canonical.add(new Element(ValueReader.canonical(element.key()), element.data(), element.timeoutMs(),
                element.expiresMs(), element.comment(), element.statements()));
        }
        return canonical;
    }

    private List<Element> withoutRepetition(List<Element> elements, boolean isRefused) {
        Map<Value, Element> unique = new LinkedHashMap<>();
        for (Element element : elements) {
            Element before = unique.putIfAbsent(element.key(), element);
            if (before != null && isRefused && !before.data().equals(element.data())) conflict(before, element);
        }
        return new ArrayList<>(unique.values());
    }

    void refuseOverlap(List<Element> elements) {
        Intervals.Overlap overlap = Intervals.overlap(elements);
        if (overlap != null && !overlap.first().key().equals(overlap.second().key())) {
            conflict(overlap.first(), overlap.second());
        }
    }

    private void conflict(Element first, Element second) {
        throw new NftException("conflicting intervals specified", places.get(second), places.get(first));
    }

    static boolean isInterval(Value value) {
        return switch (value) {
            case Value.Range _, Value.Prefix _ -> true;
            case Value.Text text -> text.isPrefix();
            case Value.Tuple(List<Value> parts) -> parts.stream().anyMatch(SetReader::isInterval);
            default -> false;
        };
    }

    /// Elements that must fit a declared set.
    List<Element> readFor(ElementSet set, NftParser.SetLiteralContext context) {
        List<Element> elements = read(context);
        boolean isIntervalSet = set.has(ElementSet.Flag.INTERVAL);
        for (Element element : elements) {
            if (isIntervalSet || !isInterval(element.key())) continue;
            String what = element.key() instanceof Value.Prefix ? "prefix"
                : element.key() instanceof Value.Range ? "range" : "interval";
            throw new NftException("You must add 'flags interval' to your " + (set.isMap() ? "map" : "set")
                + " declaration if you want to add " + what + " elements", places.get(element));
        }
        if (!isIntervalSet || set.isConcatenation()) return canonical(elements);
        if (set.mergesAutomatically() && !set.isMap()) return canonical(Intervals.merged(elements));
        refuseOverlap(elements);
        return canonical(elements);
    }

    List<Element> read(NftParser.SetLiteralContext context) {
        List<Element> elements = new ArrayList<>();
        for (NftParser.ElementContext element : context.element()) {
            NftParser.SetLiteralContext nested = nested(element);
            NftParser.VariableContext variable = element.setLiteral() != null ? null
                : Reading.alone(element.rhsConcatElement());
            if (nested != null) {
                elements.addAll(read(nested));
            } else if (variable != null && element.elementData() == null) {
                elements.addAll(readVariable(variable, element));
            } else {
                elements.add(element(element));
            }
        }
        return elements;
    }

    private static NftParser.SetLiteralContext nested(NftParser.ElementContext element) {
        return element.setLiteral();
    }

    /// A variable among the elements may stand for several.
    private List<Element> readVariable(NftParser.VariableContext context, NftParser.ElementContext element) {
        Scope.Variable variable = reading.variable(context);
        NftParser.RhsContext rhs = variable.value().rhs();
        if (rhs == null || rhs.setLiteral() == null) return List.of(element(element));
        var inner = new SetReader(reading.at(variable), key, data, objectKind);
        List<Element> elements = inner.read(rhs.setLiteral());
        places.putAll(inner.places);
        return elements;
    }

    private Element element(NftParser.ElementContext context) {
        Value value = new ValueReader(reading).concat(context.rhsConcatElement().rhsConcat(), key);
        if (context.elementData() == null && isMap()) {
            throw reading.error("Missing mapping data: expected KEY : VALUE", context);
        }
        if (context.elementData() != null && !isMap()) {
            throw reading.error("Unexpected mapping data: this is a set", context.elementData());
        }
        Value mapped = context.elementData() == null ? null : data(context.elementData());
        long timeoutMs = 0;
        long expiresMs = 0;
        String comment = "";
        List<Statement> statements = new ArrayList<>();
        for (NftParser.ElementOptionContext option : context.elementOption()) {
            if (option.TIMEOUT() != null) timeoutMs = new Words(reading).timeMs(option.time());
            if (option.EXPIRES() != null) expiresMs = new Words(reading).timeMs(option.time());
            if (option.COMMENT() != null) comment = Words.unquoted(option.QUOTED().getText());
            if (option.stateful() != null) statements.add(new StatefulReader(reading).read(option.stateful()));
        }
        var element = new Element(value, mapped, timeoutMs, expiresMs, comment, statements);
        places.put(element, reading.place(context));
        return element;
    }

    private Value data(NftParser.ElementDataContext context) {
        boolean isVerdict = data.size() == 1 && data.getFirst().type() == io.millrace.flow.ruleset.DataType.VERDICT;
        if (context.verdictWord() != null) {
            if (!isVerdict) throw reading.error("Unexpected verdict: the map holds no verdicts", context);
            return new Value.Decision(verdict(reading, context.verdictWord()));
        }
        if (isVerdict) throw reading.error("Expected a verdict", context);
        if (objectKind != null) return new Value.ObjectName(Words.unquoted(context.getText()));
        if (context.rhsConcat() == null) throw reading.error("Expected a single value", context);
        return ValueReader.canonical(new ValueReader(reading).concat(context.rhsConcat(), data));
    }

    static Verdict verdict(Reading reading, ParserRuleContext context) {
        String word = context.getChild(0).getText();
        if (context.getChildCount() == 1) {
            return switch (word) {
                case "accept" -> Verdict.ACCEPT;
                case "drop" -> Verdict.DROP;
                case "continue" -> Verdict.CONTINUE;
                default -> Verdict.RETURN;
            };
        }
        String chain = new Words(reading).text(context.getChild(1));
        return word.equals("jump") ? Verdict.jump(chain) : Verdict.goTo(chain);
    }
}
