package io.millrace.control.nft;

import io.millrace.control.nft.grammar.NftLexer;
import io.millrace.control.nft.grammar.NftParser;
import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Expression.BitOperator;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.HeaderField;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Value;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// What a rule reads of a packet. Headers that must be there are asked for through `needs`.
final class ExpressionReader {

    /// Told of each header that an expression reads, before the expression is used.
    interface Needs {
        void header(Protocol protocol, Span place);

        /// The number of the transport protocol, -1 when it is not known.
        int transport();

        /// For expressions that are named but not read.
        Needs NONE = new Needs() {
            @Override
            public void header(Protocol protocol, Span place) {
            }

            @Override
            public int transport() {
                return -1;
            }
        };
    }

    private final Reading reading;
    private final Needs needs;

    ExpressionReader(Reading reading, Needs needs) {
        this.reading = reading;
        this.needs = needs;
    }

    /// `expected` is the type of constants in it, null when the expression itself must say.
    Expression read(NftParser.ExpressionContext context, FieldType expected) {
        if (context.bits().size() == 1) return bits(context.bits(0), expected);
        List<Expression> parts = new ArrayList<>();
        for (NftParser.BitsContext part : context.bits()) parts.add(bits(part, expected));
        return new Expression.Concat(parts);
    }

    private Expression bits(NftParser.BitsContext context, FieldType expected) {
        if (context.primary() != null) return primary(context.primary(), expected);
        Expression left = bits(context.bits(0), expected);
        int token = ((TerminalNode) context.getChild(1)).getSymbol().getType();
        BitOperator operator = operator(token);
        boolean isShift = operator == BitOperator.SHIFT_LEFT || operator == BitOperator.SHIFT_RIGHT;
        FieldType rightType = isShift ? new FieldType(DataType.INTEGER, 32) : new FieldType(left.type(), left.bits());
        Expression right = bits(context.bits(1), rightType);
        if (left instanceof Value.Number first && right instanceof Value.Number second) {
            return ValueReader.fold(token, first, second);
        }
        return normal(operator, left, right);
    }

    /// Of `x & mask | set` the kernel keeps the mask together with the bits that are set.
    private static Expression normal(BitOperator operator, Expression left, Expression right) {
        boolean isMaskAndSet = operator == BitOperator.OR && right instanceof Value.Number
            && left instanceof Expression.Bitwise inner && inner.operator() == BitOperator.AND
            && inner.right() instanceof Value.Number;
        if (!isMaskAndSet) return new Expression.Bitwise(operator, left, right);
        var masked = (Expression.Bitwise) left;
        var set = (Value.Number) right;
        var mask = (Value.Number) masked.right();
        var both = new Value.Number(mask.type(), mask.bits(), mask.number().or(set.number()));
        return new Expression.Bitwise(operator, new Expression.Bitwise(BitOperator.AND, masked.left(), both), set);
    }

    private static BitOperator operator(int token) {
        return switch (token) {
            case NftLexer.AMPERSAND, NftLexer.AND_WORD -> BitOperator.AND;
            case NftLexer.PIPE, NftLexer.OR_WORD -> BitOperator.OR;
            case NftLexer.CARET, NftLexer.XOR_WORD -> BitOperator.XOR;
            case NftLexer.LSHIFT, NftLexer.LSHIFT_WORD -> BitOperator.SHIFT_LEFT;
            default -> BitOperator.SHIFT_RIGHT;
        };
    }

    private Expression primary(NftParser.PrimaryContext context, FieldType expected) {
        if (context.payload() != null) return payload(context.payload());
        if (context.rawPayload() != null) return rawPayload(context.rawPayload());
        if (context.extension() != null) return extension(context.extension());
        if (context.EXTHDR() != null) {
            needs.header(Protocol.HBH, reading.place(context));
            return new Expression.ExtensionPresent(header(context.header().getText()));
        }
        if (context.tcpOption() != null) return tcpOption(context.tcpOption());
        if (context.CHUNK() != null) return option(context, Expression.OptionKind.SCTP_CHUNK, Protocol.SCTP);
        if (context.OPTION() != null) return option(context, Expression.OptionKind.IP_OPTION, Protocol.IP);
        if (context.metaKey() != null) return meta(context.metaKey());
        if (context.metaAlone() != null) return metaAlone(context.metaAlone(), expected);
        if (context.ctKey() != null) return ct(context.ctKey(), context.direction());
        if (context.FIB() != null) return fib(context);
        if (context.RT() != null) return route(context);
        if (context.SOCKET() != null) return socket(context);
        if (context.NUMGEN() != null) return numberGenerator(context);
        if (context.JHASH() != null || context.SYMHASH() != null) return hash(context);
        if (context.LPAREN() != null) return list(context, expected);
        if (context.variable() != null) return variable(context.variable(), expected);
        if (context.flagWord() != null) return flag(context.flagWord(), expected);
        return literal(context.literal(), expected);
    }

    /// A reserved word that names a flag too.
    private Expression flag(NftParser.FlagWordContext context, FieldType expected) {
        if (expected == null) throw syntax(context);
        return ConstantReader.read(context.getText(), expected, reading.place(context));
    }

    private Expression list(NftParser.PrimaryContext context, FieldType expected) {
        Expression first = read(context.expression(0), expected);
        BigInteger sum = BigInteger.ZERO;
        if (context.expression().size() == 1) return first;
        for (NftParser.ExpressionContext item : context.expression()) {
            if (!(read(item, expected) instanceof Value.Number number)) {
                throw reading.error("A list holds single values only", item);
            }
            sum = sum.or(number.number());
        }
        return new Value.Number(first.type(), first.bits(), sum);
    }

    private Expression variable(NftParser.VariableContext context, FieldType expected) {
        Scope.Variable variable = reading.variable(context);
        NftParser.RhsContext rhs = variable.value().rhs();
        if (rhs == null || rhs.rhsList() == null) {
            throw reading.error("variable '" + context.word().getText() + "' is no single value", context);
        }
        var values = new ValueReader(reading.at(variable));
        FieldType type = expected == null ? new FieldType(DataType.INTEGER, 32) : expected;
        return rhs.rhsList().rhsConcat().size() > 1 ? values.list(rhs.rhsList(), type)
            : values.concat(rhs.rhsList().rhsConcat(0), List.of(type));
    }

    private Value literal(NftParser.LiteralContext context, FieldType expected) {
        FieldType type = expected == null ? new FieldType(DataType.INTEGER, 32) : expected;
        return ConstantReader.read(context.getText(), type, reading.place(context));
    }

    Expression.Payload payload(NftParser.PayloadContext context) {
        Protocol protocol = header(context.payloadHeader().getText());
        String name = context.payloadField().getChild(0).getText();
        if (context.payloadField().getChildCount() > 1) name += " " + context.payloadField().getChild(1).getText();
        HeaderField field = protocol.field(name);
        if (field == null) throw syntax(context.payloadField());
        if (protocol == Protocol.TH) return new Expression.Payload(port(field));
        needs.header(protocol, reading.place(context));
        return new Expression.Payload(field);
    }

    /// The port of whatever protocol it is, or of the one that it is known to be.
    private HeaderField port(HeaderField field) {
        for (Protocol protocol : Protocol.values()) {
            boolean isKnown = protocol.base() == PayloadBase.TRANSPORT && protocol.number() == needs.transport();
            if (isKnown && protocol.field(field.name()) != null) return protocol.field(field.name());
        }
        needs.header(Protocol.TH, null);
        return field;
    }

    private NftException syntax(ParseTree word) {
        return reading.error("syntax error, unexpected string", word);
    }

    private static Protocol header(String text) {
        return Protocol.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private Expression rawPayload(NftParser.RawPayloadContext context) {
        PayloadBase base = null;
        for (PayloadBase known : PayloadBase.values()) {
            if (known.text().equals(context.word().getText())) base = known;
        }
        if (base == null) throw syntax(context.word());
        int bits = Integer.parseInt(context.NUMBER(1).getText());
        if (bits == 0 || bits > 512) {
            throw reading.error("Bits must be between 1 and 512, found " + bits, context.NUMBER(1));
        }
        int offset = Integer.parseInt(context.NUMBER(0).getText());
        if (base == PayloadBase.TRANSPORT && bits == 16 && offset <= 16 && offset % 16 == 0) {
            return new Expression.Payload(port(Protocol.TH.field(offset == 0 ? "sport" : "dport")));
        }
        return new Expression.RawPayload(base, offset, bits);
    }

    Expression extension(NftParser.ExtensionContext context) {
        Protocol protocol = context.RT0() != null ? Protocol.RT0 : header(context.header().getText());
        String name = context.RT0() != null ? "addr[0]" : context.fieldWord().getText();
        // The route of a packet and its routing header begin with the same word.
        if (protocol == Protocol.RT && protocol.field(name) == null) return route(name, null, context);
        HeaderField field = protocol.field(name);
        if (field == null) throw syntax(context.fieldWord());
        needs.header(protocol, reading.place(context));
        return new Expression.Extension(field);
    }

    Expression.Option tcpOption(NftParser.TcpOptionContext context) {
        needs.header(Protocol.TCP, reading.place(context));
        if (context.AT() != null) {
            int number = Integer.parseInt(context.NUMBER(0).getText());
            int offset = Integer.parseInt(context.NUMBER(1).getText());
            int bits = Integer.parseInt(context.NUMBER(2).getText());
            if (number > 255) throw reading.error("value too large", context.NUMBER(0));
            return new Expression.Option(Expression.OptionKind.TCP_OPTION, number, "@" + number, "@", DataType.INTEGER,
                offset, bits, false);
        }
        String name = context.optionKind().getText();
        if (!OptionFields.has(Expression.OptionKind.TCP_OPTION, name)) throw syntax(context.optionKind());
        String field = context.optionField() == null ? "" : context.optionField().getText();
        // `exists` and `missing` are what the option is compared with.
        Expression.Option option = OptionFields.option(Expression.OptionKind.TCP_OPTION, name, field);
        if (option == null) throw syntax(context.optionField());
        return option;
    }

    private Expression option(NftParser.PrimaryContext context, Expression.OptionKind kind, Protocol protocol) {
        needs.header(protocol, reading.place(context));
        String name = context.word(0).getText();
        if (!OptionFields.has(kind, name)) throw syntax(context.word(0));
        String field = context.word().size() > 1 ? context.word(1).getText() : "";
        Expression.Option option = OptionFields.option(kind, name, field);
        if (option == null) throw syntax(context.word(1));
        return option;
    }

    Expression meta(NftParser.MetaKeyContext context) {
        MetaKey key = MetaKey.named(context.getText().equals("ibriport") ? "ibrname" : context.getText());
        if (key == null) throw syntax(context);
        return new Expression.Meta(key);
    }

    /// A word of its own: a property of the packet that needs no `meta`, or else a constant.
    private Expression metaAlone(NftParser.MetaAloneContext context, FieldType expected) {
        MetaKey key = MetaKey.named(context.getText());
        boolean isConstant = expected != null
            && (Symbols.number(expected.type(), context.getText()) != null || expected.type() == DataType.IFNAME);
        if (key != null && !isConstant) return new Expression.Meta(key);
        if (expected == null) throw syntax(context);
        return ConstantReader.read(context.getText(), expected, reading.place(context));
    }

    Expression.Ct ct(NftParser.CtKeyContext context, NftParser.DirectionContext direction) {
        String name = context.getChildCount() > 1
            ? context.getChild(0).getText() + " " + context.getChild(1).getText() : context.getText();
        CtKey key = CtKey.named(name);
        if (key == null) throw syntax(context);
        if (key == CtKey.SOURCE || key == CtKey.TARGET) key = addressKey(key, context);
        if (direction == null && key.needsDirection() || direction != null && !key.takesDirection()) {
            throw syntax(direction == null ? context : direction);
        }
        return new Expression.Ct(key, direction == null ? null
            : direction.REPLY() != null ? Expression.Direction.REPLY : Expression.Direction.ORIGINAL);
    }

    private CtKey addressKey(CtKey key, NftParser.CtKeyContext context) {
        return switch (reading.family()) {
            case IP -> key == CtKey.SOURCE ? CtKey.SOURCE_IP : CtKey.TARGET_IP;
            case IP6 -> key == CtKey.SOURCE ? CtKey.SOURCE_IP6 : CtKey.TARGET_IP6;
            default -> throw reading.error("specify either ip or ip6 for address matching", context);
        };
    }

    private Expression fib(NftParser.PrimaryContext context) {
        List<Expression.FibInput> inputs = new ArrayList<>();
        for (NftParser.FibInputContext input : context.fibInput()) {
            inputs.add(named(Expression.FibInput.values(), input));
        }
        Expression.FibResult result = context.fibResult().TYPE() != null ? Expression.FibResult.TYPE
            : named(Expression.FibResult.values(), context.fibResult());
        boolean hasSource = inputs.contains(Expression.FibInput.SADDR);
        if (hasSource == inputs.contains(Expression.FibInput.DADDR)) {
            throw reading.error("fib: need either saddr or daddr", context);
        }
        if (inputs.contains(Expression.FibInput.IIF) && inputs.contains(Expression.FibInput.OIF)) {
            throw reading.error("fib: iif and oif are mutually exclusive", context);
        }
        inputs.sort(null);
        return new Expression.Fib(inputs, result);
    }

    private <E extends Enum<E>> E named(E[] values, ParseTree word) {
        for (E value : values) {
            if (value.name().equalsIgnoreCase(word.getText())) return value;
        }
        throw syntax(word);
    }

    private Expression route(NftParser.PrimaryContext context) {
        String name = context.IPSEC() != null ? "ipsec" : context.STRING().getText();
        return route(name, context.family(), context);
    }

    private Expression route(String name, NftParser.FamilyContext family, ParseTree context) {
        Expression.RouteKey key = switch (name) {
            case "classid" -> Expression.RouteKey.CLASSID;
            case "mtu" -> Expression.RouteKey.MTU;
            case "ipsec" -> Expression.RouteKey.IPSEC;
            case "nexthop" -> switch (family == null ? reading.family().text() : family.getText()) {
                case "ip" -> Expression.RouteKey.NEXTHOP_IP;
                case "ip6" -> Expression.RouteKey.NEXTHOP_IP6;
                default -> throw reading.error("specify either ip or ip6 for address matching", context);
            };
            default -> throw syntax(context);
        };
        return new Expression.Route(key);
    }

    private Expression socket(NftParser.PrimaryContext context) {
        String key = context.word(0).getText();
        int level = context.LEVEL() == null ? 0 : Integer.parseInt(context.NUMBER(0).getText());
        return switch (key) {
            case "transparent", "wildcard" -> new Expression.Socket(key, DataType.INTEGER, 1, level);
            case "mark" -> new Expression.Socket(key, DataType.MARK, 32, level);
            case "cgroupv2" -> new Expression.Socket(key, DataType.CGROUPV2, 64, level);
            default -> throw syntax(context.word(0));
        };
    }

    private Expression numberGenerator(NftParser.PrimaryContext context) {
        boolean isRandom = context.RANDOM() != null;
        if (!isRandom && !context.STRING().getText().equals("inc")) throw syntax(context.STRING());
        return new Expression.NumberGenerator(isRandom, number(context, NftLexer.MOD),
            number(context, NftLexer.OFFSET));
    }

    private Expression hash(NftParser.PrimaryContext context) {
        Expression input = context.JHASH() == null ? null : read(context.expression(0), null);
        return new Expression.Hash(input, number(context, NftLexer.MOD), context.SEED() != null,
            number(context, NftLexer.SEED), number(context, NftLexer.OFFSET));
    }

    /// The number behind this word, 0 without it.
    private static long number(NftParser.PrimaryContext context, int word) {
        for (int i = 0; i + 1 < context.getChildCount(); i++) {
            if (context.getChild(i) instanceof TerminalNode node && node.getSymbol().getType() == word) {
                return ConstantReader.numberOrNull(context.getChild(i + 1).getText()).longValue();
            }
        }
        return 0;
    }

    /// The types of an expression's fields, as a set keeps them.
    static List<FieldType> types(Expression expression) {
        if (expression instanceof Expression.Concat(List<Expression> parts)) {
            return parts.stream().map(part -> new FieldType(part.type(), part.bits())).toList();
        }
        return List.of(new FieldType(expression.type(), expression.bits()));
    }

    static final Map<String, DataType> TYPE_NAMES = typeNames();

    private static Map<String, DataType> typeNames() {
        Map<String, DataType> names = new java.util.HashMap<>();
        for (DataType type : DataType.values()) names.putIfAbsent(type.text(), type);
        return names;
    }
}
