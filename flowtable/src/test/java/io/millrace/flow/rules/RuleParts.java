package io.millrace.flow.rules;

import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;
import io.millrace.packet.address.IpAddress;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;

/// Pieces of rules by short names.
final class RuleParts {

    static final Statement ACCEPT = new Statement.Decide(Verdict.ACCEPT);
    static final Statement DROP = new Statement.Decide(Verdict.DROP);
    static final Statement RETURN = new Statement.Decide(Verdict.RETURN);
    static final Statement COUNTER = new Statement.Counter(0, 0);

    static Expression field(Protocol protocol, String name) {
        return new Expression.Payload(protocol.field(name));
    }

    static Expression meta(MetaKey key) {
        return new Expression.Meta(key);
    }

    static Expression ct(CtKey key) {
        return new Expression.Ct(key, null);
    }

    static Value.Number number(Expression like, long number) {
        return Value.Number.of(like.type(), Math.max(1, like.bits()), number);
    }

    static Value.Number address(String text) {
        IpAddress address = IpAddress.parse(text);
        if (text.indexOf(':') < 0) return Value.Number.of(DataType.IPV4_ADDR, 32, address.low());
        BigInteger number = unsigned(address.high()).shiftLeft(64).or(unsigned(address.low()));
        return new Value.Number(DataType.IPV6_ADDR, 128, number);
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    static Value name(String text) {
        boolean isPrefix = text.endsWith("*");
        return new Value.Text(DataType.IFNAME, 128, isPrefix ? text.substring(0, text.length() - 1) : text, isPrefix);
    }

    static Value range(Expression like, long low, long high) {
        return new Value.Range(number(like, low), number(like, high));
    }

    static Statement is(Expression left, Value right) {
        return new Statement.Match(left, Relation.EQUAL, right);
    }

    static Statement is(Expression left, long right) {
        return is(left, number(left, right));
    }

    static Statement match(Expression left, Relation relation, long right) {
        return new Statement.Match(left, relation, number(left, right));
    }

    static Statement jump(String chain) {
        return new Statement.Decide(Verdict.jump(chain));
    }

    static Statement goTo(String chain) {
        return new Statement.Decide(Verdict.goTo(chain));
    }

    static Value.Decision decision(Verdict verdict) {
        return new Value.Decision(verdict);
    }

    static FieldType type(Expression expression) {
        return new FieldType(expression.type(), expression.bits());
    }

    static SetUse anonymous(Expression key, List<FieldType> data, Element... elements) {
        List<FieldType> types = key instanceof Expression.Concat(List<Expression> parts)
            ? parts.stream().map(RuleParts::type).toList() : List.of(type(key));
        return new SetUse.Anonymous(ElementSet.anonymous(types, data, null, true, List.of(elements)));
    }

    static Statement in(Expression key, Value... values) {
        return new Statement.Lookup(key, false, anonymous(key, List.of(), elements(values)));
    }

    static Statement notIn(Expression key, Value... values) {
        return new Statement.Lookup(key, true, anonymous(key, List.of(), elements(values)));
    }

    static Element[] elements(Value... values) {
        Element[] elements = new Element[values.length];
        for (int i = 0; i < values.length; i++) elements[i] = Element.of(values[i], null);
        return elements;
    }

    static ElementSet named(String name, List<FieldType> key, List<FieldType> data, int size, long timeoutMs,
                            Set<ElementSet.Flag> flags, List<Statement> statements, List<Element> elements) {
        return new ElementSet(name, 0, key, data, null, flags, timeoutMs, 0, size, ElementSet.Policy.NONE, false,
            List.of(), List.of(), statements, elements, "");
    }

    private RuleParts() {}
}
