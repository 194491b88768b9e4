package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftLexer;
import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Intervals;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Constants: the right side of a match, elements of sets. Their types are those of what they are compared with.
record ValueReader(Reading reading) {

    /// One value for each field.
    Value concat(NftParser.RhsConcatContext context, List<FieldType> types) {
        NftParser.VariableContext variable = Reading.alone(context);
        if (variable != null) return at(variable, types);
        List<NftParser.RhsPartContext> parts = context.rhsPart();
        if (parts.size() == 1 && parts.getFirst().STAR() != null) {
            return new Value.Everything(types.getFirst().type(), types.getFirst().bits());
        }
        if (parts.size() != types.size()) throw mismatch(context, parts.size(), types);
        if (types.size() == 1) return part(parts.getFirst(), types.getFirst());
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) values.add(part(parts.get(i), types.get(i)));
        return new Value.Tuple(values);
    }

    private NftException mismatch(ParserRuleContext context, int count, List<FieldType> types) {
        String wanted = String.join(" . ", types.stream().map(type -> type.type().text()).toList());
        return reading.error("datatype mismatch: expected " + (types.size() > 1 ? "concatenation of (" + wanted + ")"
            : wanted) + ", found " + (count > 1 ? "a concatenation of " + count : "one value"), context);
    }

    private Value at(NftParser.VariableContext context, List<FieldType> types) {
        Scope.Variable variable = reading.variable(context);
        NftParser.RhsContext rhs = variable.value().rhs();
        var inner = new ValueReader(reading.at(variable));
        if (rhs == null || rhs.rhsList() == null || rhs.rhsList().SLASH() != null) {
            throw reading.error("variable '" + context.word().getText() + "' is no single value", context);
        }
        if (rhs.rhsList().rhsConcat().size() > 1) return inner.list(rhs.rhsList(), types.getFirst());
        return inner.concat(rhs.rhsList().rhsConcat(0), types);
    }

    Value part(NftParser.RhsPartContext context, FieldType type) {
        if (context.STAR() != null) return new Value.Everything(type.type(), type.bits());
        NftParser.VariableContext variable = Reading.alone(context);
        if (variable != null) return at(variable, List.of(type));
        Value first = bits(context.rhsBits(0), type);
        if (context.DASH() != null) return range(context, first, bits(context.rhsBits(1), type));
        if (context.SLASH() != null) return prefix(context, first);
        return first;
    }

    private Value range(NftParser.RhsPartContext context, Value first, Value last) {
        if (!(first instanceof Value.Number low) || !(last instanceof Value.Number high)) {
            throw reading.error("Range expression is only for numbers and addresses", context);
        }
        if (low.number().compareTo(high.number()) > 0) {
            throw reading.error("Range has zero or negative size", context);
        }
        return low.number().equals(high.number()) ? low : new Value.Range(low, high);
    }

    private Value prefix(NftParser.RhsPartContext context, Value first) {
        if (!(first instanceof Value.Number number) || context.NUMBER() == null) {
            throw reading.error("Prefix expression expects an address and a length", context);
        }
        int length = Integer.parseInt(context.NUMBER().getText());
        if (length > number.bits()) {
            throw reading.error("Prefix length " + length + " is invalid for type of " + number.bits() + " bits width",
                context);
        }
        return prefix(number, length);
    }

    static Value prefix(Value.Number number, int length) {
        if (length == number.bits()) return number;
        BigInteger kept = number.number().shiftRight(number.bits() - length).shiftLeft(number.bits() - length);
        return new Value.Prefix(new Value.Number(number.type(), number.bits(), kept), length);
    }

    /// Flags written one after the other, as one number.
    Value list(NftParser.RhsListContext context, FieldType type) {
        BigInteger sum = BigInteger.ZERO;
        for (NftParser.RhsConcatContext item : context.rhsConcat()) {
            Value value = concat(item, List.of(type));
            if (!(value instanceof Value.Number number)) throw reading.error("A list holds single values only", item);
            sum = sum.or(number.number());
        }
        return new Value.Number(type.type(), type.bits(), sum);
    }

    Value bits(NftParser.RhsBitsContext context, FieldType type) {
        if (context.rhsPrimary() != null) return primary(context.rhsPrimary(), type);
        Value left = bits(context.rhsBits(0), type);
        boolean isShift = isShift(((TerminalNode) context.getChild(1)).getSymbol().getType());
        Value right = bits(context.rhsBits(1), isShift ? new FieldType(DataType.INTEGER, 32) : type);
        if (!(left instanceof Value.Number first) || !(right instanceof Value.Number second)) {
            throw reading.error("Binary operation is only for numbers", context);
        }
        return fold(((TerminalNode) context.getChild(1)).getSymbol().getType(), first, second);
    }

    private static boolean isShift(int token) {
        return switch (token) {
            case NftLexer.LSHIFT, NftLexer.LSHIFT_WORD, NftLexer.RSHIFT, NftLexer.RSHIFT_WORD -> true;
            default -> false;
        };
    }

    static Value.Number fold(int token, Value.Number left, Value.Number right) {
        BigInteger result = switch (token) {
            case NftLexer.AMPERSAND, NftLexer.AND_WORD -> left.number().and(right.number());
            case NftLexer.PIPE, NftLexer.OR_WORD -> left.number().or(right.number());
            case NftLexer.CARET, NftLexer.XOR_WORD -> left.number().xor(right.number());
            case NftLexer.RSHIFT, NftLexer.RSHIFT_WORD -> left.number().shiftRight(right.number().intValue());
            default -> left.number().shiftLeft(Math.min(right.number().intValue(), left.bits()));
        };
        BigInteger all = BigInteger.ONE.shiftLeft(left.bits()).subtract(BigInteger.ONE);
        return new Value.Number(left.type(), left.bits(), result.and(all));
    }

    private Value primary(NftParser.RhsPrimaryContext context, FieldType type) {
        if (context.rhsList() != null) return list(context.rhsList(), type);
        if (context.variable() != null) return at(context.variable(), List.of(type));
        return ConstantReader.read(context.getText(), type, reading.place(context));
    }

    /// Intervals of addresses and marks that are a prefix are written as one.
    static Value canonical(Value value) {
        if (value instanceof Value.Tuple(List<Value> parts)) {
            return new Value.Tuple(parts.stream().map(ValueReader::canonical).toList());
        }
        boolean isInterval = value instanceof Value.Range || value instanceof Value.Prefix;
        if (!isInterval) return value;
        Value.Number low = value.lowest();
        Value.Number high = value.highest();
        return takesPrefix(value.type()) ? Intervals.between(low, high) : new Value.Range(low, high);
    }

    static boolean takesPrefix(DataType type) {
        return type == DataType.IPV4_ADDR || type == DataType.IPV6_ADDR || type == DataType.MARK;
    }
}
