package io.millrace.control.nft;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Expression.BitOperator;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Value;

import java.util.List;
import java.util.Locale;

/// Expressions as a listing writes them.
record ExpressionText(ValueText values) {

    String text(Expression expression) {
        return switch (expression) {
            case Value value -> values.text(value);
            case Expression.Payload payload -> payload.field().toString();
            case Expression.RawPayload raw -> "@" + raw.base().text() + "," + raw.bitOffset() + "," + raw.bits();
            case Expression.Extension extension -> extension.field().protocol() == Protocol.RT0
                ? "rt0 addr[0]" : extension.field().toString();
            case Expression.ExtensionPresent present -> "exthdr " + present.header().text();
            case Expression.Option option -> option(option);
            case Expression.Meta(MetaKey key) -> meta(key);
            case Expression.Ct ct -> "ct " + direction(ct.direction()) + ct.key().text();
            case Expression.Fib fib -> fib(fib);
            case Expression.Route route -> "rt " + route(route.key());
            case Expression.Socket socket -> "socket " + socket.key()
                + (socket.level() > 0 ? " level " + socket.level() : "");
            case Expression.NumberGenerator generator -> "numgen " + (generator.isRandom() ? "random" : "inc") + " mod "
                + generator.modulus() + offset(generator.offset());
            case Expression.Hash hash -> hash(hash);
            case Expression.Bitwise bitwise -> bitwise(bitwise);
            case Expression.Concat(List<Expression> parts) ->
                String.join(" . ", parts.stream().map(this::text).toList());
            case Expression.Mapped mapped -> text(mapped.key()) + " map " + set(mapped.map());
        };
    }

    private static String option(Expression.Option option) {
        String head = switch (option.kind()) {
            case TCP_OPTION -> "tcp option ";
            case SCTP_CHUNK -> "sctp chunk ";
            case IP_OPTION -> "ip option ";
        };
        if (option.field().equals("@")) {
            return head + "@" + option.number() + "," + option.bitOffset() + "," + option.bits();
        }
        return head + option.name() + (option.isPresence() ? "" : " " + option.field());
    }

    static String meta(MetaKey key) {
        return isAlone(key) ? key.text() : "meta " + key.text();
    }

    private static boolean isAlone(MetaKey key) {
        return switch (key) {
            case IIF, IIFNAME, IIFGROUP, OIF, OIFNAME, OIFGROUP -> true;
            default -> false;
        };
    }

    static String direction(Expression.Direction direction) {
        return direction == null ? "" : direction.name().toLowerCase(Locale.ROOT) + " ";
    }

    private static String fib(Expression.Fib fib) {
        String inputs = String.join(" . ",
            fib.inputs().stream().map(input -> input.name().toLowerCase(Locale.ROOT)).toList());
        boolean isPresence = fib.result() == Expression.FibResult.PRESENT;
        return "fib " + inputs + " " + (isPresence ? "oif" : fib.result().name().toLowerCase(Locale.ROOT));
    }

    static String route(Expression.RouteKey key) {
        return switch (key) {
            case CLASSID -> "classid";
            case NEXTHOP_IP -> "ip nexthop";
            case NEXTHOP_IP6 -> "ip6 nexthop";
            case MTU -> "mtu";
            case IPSEC -> "ipsec";
        };
    }

    private static String offset(long offset) {
        return offset == 0 ? "" : " offset " + offset;
    }

    private String hash(Expression.Hash hash) {
        String head = hash.input() == null ? "symhash" : "jhash " + text(hash.input());
        return head + " mod " + hash.modulus() + (hash.hasSeed() ? " seed 0x" + Long.toHexString(hash.seed()) : "")
            + offset(hash.offset());
    }

    private String bitwise(Expression.Bitwise bitwise) {
        return operand(bitwise.left(), bitwise.operator()) + " " + bitwise.operator().text() + " "
            + operand(bitwise.right(), bitwise.operator());
    }

    private String operand(Expression operand, BitOperator outer) {
        String text = text(operand);
        boolean isLoose = operand instanceof Expression.Bitwise inner && binding(inner.operator()) > binding(outer);
        boolean isFlags = operand instanceof Value.Number number && number.type().isBitmask()
            && text.contains(" | ");
        return isLoose || isFlags ? "(" + text + ")" : text;
    }

    /// Shifts bind most.
    private static int binding(BitOperator operator) {
        return switch (operator) {
            case SHIFT_LEFT, SHIFT_RIGHT -> 0;
            case AND -> 1;
            case XOR -> 2;
            case OR -> 3;
        };
    }

    /// A set as it stands in a rule.
    String set(SetUse use) {
        return switch (use) {
            case SetUse.Named(String name) -> "@" + name;
            case SetUse.Anonymous(ElementSet set) -> "{ " + String.join(", ",
                SortedElements.of(set).stream().map(this::element).toList()) + " }";
        };
    }

    String element(Element element) {
        var text = new StringBuilder(key(element.key()));
        if (element.timeoutMs() > 0) text.append(" timeout ").append(TimeText.format(element.timeoutMs()));
        if (element.expiresMs() > 0) text.append(" expires ").append(TimeText.format(element.expiresMs()));
        if (!element.statements().isEmpty()) {
            var statements = new StatementText(this, false, Family.INET);
            element.statements().forEach(statement -> text.append(' ').append(statements.text(statement)));
        }
        if (!element.comment().isEmpty()) text.append(" comment \"").append(element.comment()).append('"');
        if (element.data() != null) text.append(" : ").append(key(element.data()));
        return text.toString();
    }

    /// Flags of an element stand without blanks around their bars.
    private String key(Value value) {
        boolean isFlags = value instanceof Value.Number number && number.type().isBitmask()
            && number.type() != DataType.CT_LABEL;
        return isFlags ? String.join(" | ", values.flags((Value.Number) value)) : values.text(value);
    }
}
