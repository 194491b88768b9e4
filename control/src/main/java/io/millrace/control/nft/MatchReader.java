package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Expression.BitOperator;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.util.List;

import org.antlr.v4.runtime.ParserRuleContext;

/// Reads one match and brings it to the form in which it is kept and listed.
record MatchReader(Reading reading, ExpressionReader expressions) {

    Statement read(NftParser.MatchContext context) {
        Expression left = presence(expressions.read(context.expression(), null), context.rhs());
        return read(left, context.relation(), context.rhs(), reading);
    }

    /// `fib … oif` compared with `exists` or `missing` asks whether there is a route.
    private Expression presence(Expression left, NftParser.RhsContext rhs) {
        boolean asks = rhs.getText().equals("exists") || rhs.getText().equals("missing");
        if (!asks || !(left instanceof Expression.Fib fib) || fib.result() == Expression.FibResult.TYPE) return left;
        return new Expression.Fib(fib.inputs(), Expression.FibResult.PRESENT);
    }

    private Statement read(Expression left, NftParser.RelationContext relation, NftParser.RhsContext rhs, Reading at) {
        NftParser.VariableContext variable = Reading.alone(rhs);
        if (variable != null) {
            Scope.Variable value = at.variable(variable);
            if (value.value().rhs() != null) return read(left, relation, value.value().rhs(), at.at(value));
            throw at.error("variable '" + variable.word().getText() + "' is no value", variable);
        }
        List<FieldType> types = ExpressionReader.types(left);
        if (rhs.setLiteral() != null || rhs.AT() != null) return lookup(left, relation, rhs, at, types);
        if (types.size() == 1 && types.getFirst().type().isBitmask()) {
            return flags(left, relation, rhs.rhsList(), types.getFirst(), at);
        }
        if (rhs.rhsList().rhsConcat().size() > 1 || rhs.rhsList().SLASH() != null) {
            throw at.error("A list of values needs braces here, only flags go without", rhs);
        }
        Value right = new ValueReader(at).concat(rhs.rhsList().rhsConcat(0), types);
        return normal(left, relation(relation, left, Relation.EQUAL), right, rhs);
    }

    private Statement lookup(Expression left, NftParser.RelationContext relation, NftParser.RhsContext rhs, Reading at,
                             List<FieldType> types) {
        Relation how = relation(relation, left, Relation.EQUAL);
        if (how != Relation.EQUAL && how != Relation.NOT_EQUAL) {
            throw at.error("Sets take == and != only", relation);
        }
        boolean isInverted = how == Relation.NOT_EQUAL;
        if (rhs.setLiteral() != null) {
            ElementSet set = new SetReader(at, types, List.of(), null).anonymous(rhs.setLiteral());
            boolean isSingle = set.elements().size() == 1 && types.size() == 1
                && isPlain(set.elements().getFirst());
            if (isSingle) return normal(left, how, set.elements().getFirst().key(), rhs);
            return new Statement.Lookup(left, isInverted, new SetUse.Anonymous(set));
        }
        ElementSet set = at.set(rhs.name().getText(), rhs.name());
        refuseOtherKey(at, set, types, rhs);
        return new Statement.Lookup(left, isInverted, new SetUse.Named(set.name()));
    }

    private static boolean isPlain(Element element) {
        return !(element.key() instanceof Value.Everything) && element.statements().isEmpty()
            && element.timeoutMs() == 0 && element.comment().isEmpty();
    }

    static void refuseOtherKey(Reading reading, ElementSet set, List<FieldType> types, ParserRuleContext place) {
        boolean isSame = set.key().size() == types.size();
        for (int i = 0; isSame && i < types.size(); i++) isSame = fits(set.key().get(i), types.get(i));
        if (isSame) return;
        throw reading.error("datatype mismatch, expected " + names(types) + ", expression has type "
            + names(set.key()), place);
    }

    private static boolean fits(FieldType held, FieldType asked) {
        if (held.type() == asked.type()) return true;
        return (held.type() == DataType.INTEGER || asked.type() == DataType.INTEGER) && held.bits() == asked.bits();
    }

    private static String names(List<FieldType> types) {
        String names = String.join(" . ", types.stream().map(type -> type.type().text()).toList());
        return types.size() > 1 ? "concatenation of (" + names + ")" : names;
    }

    private Relation relation(NftParser.RelationContext context, Expression left, Relation implied) {
        if (context == null) return implied;
        return switch (context.getText()) {
            case "==", "eq" -> Relation.EQUAL;
            case "!=", "ne" -> Relation.NOT_EQUAL;
            case "<", "lt" -> Relation.LESS;
            case "<=", "le" -> Relation.LESS_OR_EQUAL;
            case ">", "gt" -> Relation.GREATER;
            case ">=", "ge" -> Relation.GREATER_OR_EQUAL;
            default -> {
                if (!left.type().isBitmask()) throw reading.error("! is for flags only", context);
                yield Relation.NO_BIT;
            }
        };
    }

    /// `tcp flags syn,ack`: any of them. `tcp flags syn / syn,ack`: of these exactly those.
    private Statement flags(Expression left, NftParser.RelationContext relation, NftParser.RhsListContext list,
                            FieldType type, Reading at) {
        var values = new ValueReader(at);
        BigInteger value = BigInteger.ZERO;
        BigInteger mask = null;
        for (NftParser.RhsConcatContext item : list.rhsConcat()) {
            NftParser.RhsPartContext part = item.rhsPart(0);
            if (part.SLASH() != null && part.NUMBER() == null) {
                value = value.or(number(values.bits(part.rhsBits(0), type), item, at));
                mask = number(values.bits(part.rhsBits(1), type), item, at);
            } else if (mask != null) {
                mask = mask.or(number(values.concat(item, List.of(type)), item, at));
            } else {
                value = value.or(number(values.concat(item, List.of(type)), item, at));
            }
        }
        if (list.SLASH() != null) mask = number(values.list(list.rhsList(), type), list, at);
        var right = new Value.Number(type.type(), type.bits(), value);
        if (mask != null) {
            var masked = new Expression.Bitwise(BitOperator.AND, left,
                new Value.Number(type.type(), type.bits(), mask));
            return normal(masked, relation(relation, left, Relation.EQUAL), right, list);
        }
        // With a mask, or compared with nothing, the flags are compared as a whole.
        boolean isWhole = left instanceof Expression.Bitwise || value.signum() == 0;
        Relation implied = isWhole ? Relation.EQUAL : Relation.ANY_BIT;
        return normal(left, relation(relation, left, implied), right, list);
    }

    private static BigInteger number(Value value, ParserRuleContext place, Reading at) {
        if (value instanceof Value.Number number) return number.number();
        throw at.error("Flags are single values", place);
    }

    private Statement normal(Expression left, Relation relation, Value right, ParserRuleContext place) {
        boolean isOrder = relation != Relation.EQUAL && relation != Relation.NOT_EQUAL;
        if (isOrder && !(right instanceof Value.Number)) {
            throw reading.error("Relational expression (" + relation.text() + ") needs a single value", place);
        }
        if (!(left instanceof Expression.Bitwise(BitOperator operator, Expression inner, Value.Number mask))
            || isOrder || !(right instanceof Value.Number number)) {
            return new Statement.Match(left, relation, right);
        }
        if (operator == BitOperator.XOR) {
            var flipped = new Value.Number(number.type(), number.bits(), number.number().xor(mask.number()));
            return new Statement.Match(inner, relation, flipped);
        }
        if (operator != BitOperator.AND) return new Statement.Match(left, relation, right);
        if (left.type().isBitmask() && number.number().signum() == 0) {
            return new Statement.Match(inner, relation == Relation.EQUAL ? Relation.NO_BIT : Relation.ANY_BIT, mask);
        }
        int length = prefixLength(mask);
        boolean isPrefix = length > 0 && ValueReader.takesPrefix(left.type())
            && number.number().andNot(mask.number()).signum() == 0;
        return isPrefix ? new Statement.Match(inner, relation, ValueReader.prefix(number, length))
            : new Statement.Match(left, relation, right);
    }

    /// How many leading ones the mask is made of, 0 when it is not.
    private static int prefixLength(Value.Number mask) {
        BigInteger all = BigInteger.ONE.shiftLeft(mask.bits()).subtract(BigInteger.ONE);
        BigInteger host = all.andNot(mask.number());
        return host.bitCount() == host.bitLength() ? mask.bits() - host.bitCount() : 0;
    }
}
