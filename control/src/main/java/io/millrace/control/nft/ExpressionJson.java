package io.millrace.control.nft;

import static io.millrace.control.nft.JsonText.object;

import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.HeaderField;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Expressions and constants as JSON.
record ExpressionJson(ValueText values) {

    Object json(Expression expression) {
        return switch (expression) {
            case Value value -> value(value);
            case Expression.Payload(HeaderField field) ->
                object("payload", object("protocol", field.protocol().text(), "field", field.name()));
            case Expression.RawPayload raw -> object("payload",
                object("base", raw.base().text(), "offset", raw.bitOffset(), "len", raw.bits()));
            case Expression.Extension(HeaderField field) -> extension(field);
            case Expression.ExtensionPresent present -> object("exthdr", object("name", present.header().text()));
            case Expression.Option option -> option(option);
            case Expression.Meta meta -> object("meta", object("key", meta.key().text()));
            case Expression.Ct ct -> object("ct", object("key", ct.key().text(), "dir", direction(ct.direction())));
            case Expression.Fib fib -> fib(fib);
            case Expression.Route route -> route(route.key());
            case Expression.Socket socket -> object("socket", object("key", socket.key()));
            case Expression.NumberGenerator generator -> object("numgen", object("mode",
                generator.isRandom() ? "random" : "inc", "mod", generator.modulus(), "offset", generator.offset()));
            case Expression.Hash hash -> hash(hash);
            case Expression.Bitwise bitwise -> object(bitwise.operator().text(),
                List.of(json(bitwise.left()), mask(bitwise.right())));
            case Expression.Concat(List<Expression> parts) -> object("concat", parts.stream().map(this::json).toList());
            case Expression.Mapped mapped ->
                object("map", object("key", json(mapped.key()), "data", set(mapped.map())));
        };
    }

    /// Flags as an operand are a list.
    private Object mask(Expression operand) {
        return operand instanceof Value.Number number && number.type().isBitmask() ? flags(number) : json(operand);
    }

    /// One flag by itself, several as a list.
    Object flags(Value.Number number) {
        List<String> names = values.flags(number);
        if (number.type() == DataType.CT_LABEL) return number.number().getLowestSetBit();
        List<Object> items = new ArrayList<>();
        for (String name : names) items.add(name.startsWith("0x") ? new BigInteger(name.substring(2), 16) : name);
        return items.size() == 1 ? items.getFirst() : items;
    }

    private static Object extension(HeaderField field) {
        return object("exthdr", object("name", field.protocol().text().equals("rt0") ? "rt0" : field.protocol().text(),
            "field", field.name().startsWith("addr[") ? "addr" : field.name(),
            "offset", field.name().startsWith("addr[") ? 0 : null));
    }

    private static Object option(Expression.Option option) {
        String kind = switch (option.kind()) {
            case TCP_OPTION -> "tcp option";
            case SCTP_CHUNK -> "sctp chunk";
            case IP_OPTION -> "ip option";
        };
        if (option.field().equals("@")) {
            return object(kind, object("base", option.number(), "offset", option.bitOffset(), "len", option.bits()));
        }
        Object name = option.name().matches("[0-9]+")
            ? object("base", option.number(), "offset", 0, "len", 8) : null;
        if (name != null && option.isPresence()) return object(kind, name);
        return object(kind, object("name", option.name(), "field", option.isPresence() ? null : option.field()));
    }

    static String direction(Expression.Direction direction) {
        return direction == null ? null : direction.name().toLowerCase(Locale.ROOT);
    }

    private static Object fib(Expression.Fib fib) {
        List<String> flags = fib.inputs().stream().map(input -> input.name().toLowerCase(Locale.ROOT)).toList();
        String result = fib.result() == Expression.FibResult.PRESENT ? "oif"
            : fib.result().name().toLowerCase(Locale.ROOT);
        return object("fib", object("result", result, "flags", flags.size() == 1 ? List.of(flags.getFirst()) : flags));
    }

    private static Object route(Expression.RouteKey key) {
        return switch (key) {
            case NEXTHOP_IP -> object("rt", object("key", "nexthop", "family", "ip"));
            case NEXTHOP_IP6 -> object("rt", object("key", "nexthop", "family", "ip6"));
            default -> object("rt", object("key", ExpressionText.route(key)));
        };
    }

    private Object hash(Expression.Hash hash) {
        Long offset = hash.offset() == 0 ? null : hash.offset();
        if (hash.input() == null) return object("symhash", object("mod", hash.modulus(), "offset", offset));
        return object("jhash", object("mod", hash.modulus(), "seed", hash.hasSeed() ? hash.seed() : null,
            "offset", offset, "expr", json(hash.input())));
    }

    Object value(Value value) {
        return switch (value) {
            case Value.Number number -> number(number);
            case Value.Text text -> text.text().replace("*", "\\*") + (text.isPrefix() ? "*" : "");
            case Value.Range(Value.Number low, Value.Number high) ->
                object("range", List.of(number(low), number(high)));
            case Value.Prefix(Value.Number base, int length) ->
                object("prefix", object("addr", number(base), "len", length));
            case Value.Everything _ -> "*";
            case Value.Tuple(List<Value> parts) -> object("concat", parts.stream().map(this::value).toList());
            case Value.Decision(Verdict verdict) -> verdict(verdict);
            case Value.ObjectName(String name) -> name;
        };
    }

    private Object number(Value.Number number) {
        return switch (number.type()) {
            case IPV4_ADDR, IPV6_ADDR, ETHER_ADDR, LL_ADDR, CLASSID -> values.number(number);
            case DAY, DEVGROUP -> {
                String name = Symbols.name(number.type(), number.asLong());
                yield name == null ? number.number() : name;
            }
            case HOUR, TIMESTAMP -> Words.unquoted(values.number(number));
            case TIME -> number.asLong() / 1_000;
            case BOOLEAN -> number.number().signum() != 0;
            case INTEGER, MARK, INET_SERVICE, UID, GID, IFACE_INDEX -> number.number();
            default -> number.type().isBitmask() ? bar(number) : symbol(number);
        };
    }

    private Object bar(Value.Number number) {
        Object flags = flags(number);
        if (!(flags instanceof List<?> list)) return flags;
        Object joined = list.getFirst();
        for (Object flag : list.subList(1, list.size())) joined = object("|", List.of(joined, flag));
        return joined;
    }

    /// Flags that are compared by order are joined by bars.
    Object barred(Expression.Bitwise bitwise) {
        Object right = bitwise.right() instanceof Value.Number number ? bar(number) : json(bitwise.right());
        return object(bitwise.operator().text(), List.of(json(bitwise.left()), right));
    }

    private Object symbol(Value.Number number) {
        String name = values.isNumeric() ? null : Symbols.name(number.type(), number.asLong());
        return name == null ? number.number() : name;
    }

    static Map<String, Object> verdict(Verdict verdict) {
        return verdict.hasChain() ? object(verdict.kind().text(), object("target", verdict.chain()))
            : JsonText.flag(verdict.kind().text());
    }

    Object set(SetUse use) {
        return switch (use) {
            case SetUse.Named(String name) -> "@" + name;
            case SetUse.Anonymous(ElementSet set) -> object("set", elements(set));
        };
    }

    List<Object> elements(ElementSet set) {
        List<Object> items = new ArrayList<>();
        for (Element element : SortedElements.of(set)) items.add(element(element));
        return items;
    }

    private Object element(Element element) {
        Object key = value(element.key());
        boolean isPlain = element.timeoutMs() == 0 && element.expiresMs() == 0 && element.comment().isEmpty()
            && element.statements().isEmpty();
        if (!isPlain) {
            Map<String, Object> wrapped = object("val", key,
                "timeout", element.timeoutMs() == 0 ? null : element.timeoutMs() / 1_000,
                "expires", element.expiresMs() == 0 ? null : element.expiresMs() / 1_000,
                "comment", element.comment().isEmpty() ? null : element.comment());
            var statements = new StatementJson(this, Family.INET);
            element.statements().forEach(statement -> wrapped.putAll(statements.json(statement)));
            key = object("elem", wrapped);
        }
        return element.data() == null ? key : List.of(key, value(element.data()));
    }
}
