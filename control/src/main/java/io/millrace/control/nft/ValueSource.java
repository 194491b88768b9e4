package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.util.List;

/// What a statement sets or translates to: a constant, a range, an expression, or what a map holds for one.
record ValueSource(Reading reading, ExpressionReader expressions) {

    Expression read(NftParser.StatementValueContext context, List<FieldType> expected) {
        if (context.setLiteral() != null) {
            throw reading.error("you cannot use a set here, unknown value to use", context.setLiteral());
        }
        if (context.MAP() != null) return mapped(context, expected);
        FieldType type = expected.getFirst();
        Expression first = expressions.read(context.expression(0), type);
        if (context.DASH() != null) {
            Expression last = expressions.read(context.expression(1), type);
            if (!(first instanceof Value.Number low) || !(last instanceof Value.Number high)) {
                throw reading.error("Range expression is only for numbers and addresses", context);
            }
            if (low.number().compareTo(high.number()) > 0) {
                throw reading.error("Range has zero or negative size", context);
            }
            return new Value.Range(low, high);
        }
        if (context.SLASH() != null && first instanceof Value.Number number) {
            return ValueReader.prefix(number, Integer.parseInt(context.NUMBER().getText()));
        }
        return context.listed().isEmpty() ? first : list(context, first, type);
    }

    private Expression list(NftParser.StatementValueContext context, Expression first, FieldType type) {
        BigInteger sum = number(first, context);
        for (NftParser.ListedContext item : context.listed()) {
            sum = sum.or(number(expressions.read(item.expression(), type), context));
        }
        return new Value.Number(type.type(), type.bits(), sum);
    }

    private BigInteger number(Expression expression, NftParser.StatementValueContext context) {
        if (expression instanceof Value.Number number) return number.number();
        throw reading.error("A list holds single values only", context);
    }

    /// An address, or an address and a port that a map gives together.
    Expression natAddress(NftParser.StatementValueContext context, Family family) {
        FieldType address = FieldType.of(family == Family.IP6 ? DataType.IPV6_ADDR : DataType.IPV4_ADDR);
        boolean givesPort = context.mapUse() != null && context.mapUse().setLiteral() != null
            && holdsPairs(context.mapUse().setLiteral());
        return read(context, givesPort ? List.of(address, FieldType.of(DataType.INET_SERVICE)) : List.of(address));
    }

    private static boolean holdsPairs(NftParser.SetLiteralContext context) {
        for (NftParser.ElementContext element : context.element()) {
            if (element.elementData() != null && element.elementData().rhsConcat() != null) {
                return element.elementData().rhsConcat().rhsPart().size() > 1;
            }
        }
        return false;
    }

    private Expression mapped(NftParser.StatementValueContext context, List<FieldType> data) {
        Expression key = expressions.read(context.expression(0), null);
        SetUse map = mapUse(context.mapUse(), key, data, null);
        List<FieldType> held = map instanceof SetUse.Named(String name)
            ? reading.declarations().set(reading.family(), reading.table(), name).data() : data;
        int bits = held.stream().mapToInt(field -> held.size() > 1 ? field.paddedBytes() * 8 : field.bits()).sum();
        return new Expression.Mapped(key, map, held.getFirst().type(), bits);
    }

    /// The map behind `map` or `vmap`: what it holds must fit.
    SetUse mapUse(NftParser.MapUseContext context, Expression key, List<FieldType> data, ObjectKind objectKind) {
        List<FieldType> keyTypes = ExpressionReader.types(key);
        if (context.setLiteral() != null) {
            return new SetUse.Anonymous(new SetReader(reading, keyTypes, data, objectKind)
                .anonymous(context.setLiteral()));
        }
        if (context.variable() != null) {
            Scope.Variable variable = reading.variable(context.variable());
            NftParser.RhsContext rhs = variable.value().rhs();
            if (rhs == null || rhs.setLiteral() == null) {
                throw reading.error("variable '" + context.variable().word().getText() + "' is no map", context);
            }
            return new SetUse.Anonymous(new SetReader(reading.at(variable), keyTypes, data, objectKind)
                .anonymous(rhs.setLiteral()));
        }
        String name = context.name().getText();
        ElementSet set = reading.set(name, context.name());
        if (!set.isMap()) throw reading.error("Expression is not a map", context.name());
        boolean isVerdict = data.size() == 1 && data.getFirst().type() == DataType.VERDICT;
        if (isVerdict != set.isVerdictMap() || set.objectKind() != objectKind) {
            throw reading.error("datatype mismatch: the map holds something else", context.name());
        }
        MatchReader.refuseOtherKey(reading, set, keyTypes, context);
        return new SetUse.Named(name);
    }
}
