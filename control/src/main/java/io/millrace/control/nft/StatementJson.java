package io.millrace.control.nft;

import static io.millrace.control.nft.JsonText.flag;
import static io.millrace.control.nft.JsonText.object;

import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Statements as JSON, each an object with one member.
record StatementJson(ExpressionJson expressions, Family family) {

    Map<String, Object> json(Statement statement) {
        return switch (statement) {
            case Statement.Match match -> match(match);
            case Statement.Lookup lookup -> object("match", object("op", lookup.isInverted() ? "!=" : "==",
                "left", json(lookup.key()), "right", expressions.set(lookup.set())));
            case Statement.Decide decide -> ExpressionJson.verdict(decide.verdict());
            case Statement.DecideByMap decide ->
                object("vmap", object("key", json(decide.key()), "data", expressions.set(decide.map())));
            case Statement.Counter counter ->
                object("counter", object("packets", counter.packets(), "bytes", counter.bytes()));
            case Statement.Quota quota -> quota(quota);
            case Statement.Limit limit -> object("limit", limit(limit));
            case Statement.ConnectionCount count ->
                object("ct count", object("val", count.count(), "inv", count.isOver() ? true : null));
            case Statement.Last _ -> flag("last");
            case Statement.UseObject use -> object(use.kind().text(), json(use.name()));
            case Statement.Log log -> log(log);
            case Statement.Reject reject -> reject(reject);
            case Statement.Nat nat -> nat(nat);
            case Statement.SetPayload set -> mangle(json(set.field()), set.value());
            case Statement.SetOption set -> mangle(json(set.option()), set.value());
            case Statement.ResetOption reset -> object("reset", json(reset.option()));
            case Statement.SetMeta set -> mangle(object("meta", object("key", set.key().text())), set.value());
            case Statement.SetCt set -> mangle(object("ct", object("key", set.key().text(),
                "dir", ExpressionJson.direction(set.direction()))), set.value());
            case Statement.NoTrack _ -> flag("notrack");
            case Statement.Duplicate copy -> object("dup", object("addr",
                json(copy.address() == null ? copy.device() : copy.address()),
                "dev", copy.address() == null || copy.device() == null ? null : json(copy.device())));
            case Statement.Forward forward -> object("fwd", object("dev", json(forward.device()),
                "family", forward.address() == null ? null : forward.family().text(),
                "addr", forward.address() == null ? null : json(forward.address())));
            case Statement.Offload offload ->
                object("flow", object("op", "add", "flowtable", "@" + offload.flowtable()));
            case Statement.Queue queue -> object("queue", object("num", json(queue.number()), "flags", flags(queue)));
            case Statement.TransparentProxy proxy -> object("tproxy", object("family",
                proxy.family() == null ? null : proxy.family().text(), "addr",
                proxy.address() == null ? null : json(proxy.address()), "port",
                proxy.port() == null ? null : json(proxy.port())));
            case Statement.Synproxy synproxy -> synproxy(synproxy);
            case Statement.UpdateSet update -> update(update);
        };
    }

    List<Object> json(List<Statement> statements) {
        List<Object> items = new ArrayList<>();
        statements.forEach(statement -> items.add(json(statement)));
        return items;
    }

    private Object json(Expression expression) {
        return expressions.json(expression);
    }

    private Map<String, Object> mangle(Object key, Expression value) {
        boolean isFlags = value instanceof Value.Number number && number.type().isBitmask();
        return object("mangle", object("key", key, "value",
            isFlags ? expressions.flags((Value.Number) value) : json(value)));
    }

    private Map<String, Object> match(Statement.Match match) {
        boolean isFlags = match.right() instanceof Value.Number number && number.type().isBitmask();
        boolean isList = isFlags && (match.relation() == Relation.ANY_BIT || match.relation() == Relation.NO_BIT
            || match.left() instanceof Expression.Bitwise);
        boolean isOrder = isFlags && match.relation() != Relation.EQUAL && match.relation() != Relation.NOT_EQUAL;
        Object left = isOrder && match.left() instanceof Expression.Bitwise bitwise ? expressions.barred(bitwise)
            : json(match.left());
        return object("match", object("op", match.relation().text(), "left", left,
            "right", isList ? expressions.flags((Value.Number) match.right()) : json(match.right())));
    }

    private static Map<String, Object> quota(Statement.Quota quota) {
        String[] size = StatementText.size(quota.bytes()).split(" ");
        String[] used = StatementText.size(quota.usedBytes()).split(" ");
        boolean hasUsed = quota.usedBytes() > 0;
        return object("quota", object("val", Long.parseLong(size[0]), "val_unit", size[1],
            "used", hasUsed ? Long.parseLong(used[0]) : null, "used_unit", hasUsed ? used[1] : null,
            "inv", quota.isOver() ? true : null));
    }

    static Map<String, Object> limit(Statement.Limit limit) {
        if (!limit.isBytes()) {
            return object("rate", limit.rate(), "burst", limit.burst(),
                "per", StatementText.period(limit.periodSeconds()), "inv", limit.isOver() ? true : null);
        }
        String[] rate = StatementText.size(limit.rate()).split(" ");
        String[] burst = StatementText.size(limit.burst()).split(" ");
        boolean hasBurst = limit.burst() > 0;
        return object("rate", Long.parseLong(rate[0]), "burst", hasBurst ? Long.parseLong(burst[0]) : 0,
            "per", StatementText.period(limit.periodSeconds()), "inv", limit.isOver() ? true : null,
            "rate_unit", rate[1], "burst_unit", hasBurst ? burst[1] : "bytes");
    }

    private static Map<String, Object> log(Statement.Log log) {
        List<String> flags = new ArrayList<>();
        for (Statement.LogFlag logFlag : Statement.LogFlag.values()) {
            if (log.flags().contains(logFlag)) flags.add(logFlag.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        boolean isAll = flags.size() == Statement.LogFlag.values().length;
        Map<String, Object> options = object("prefix", log.prefix().isEmpty() ? null : log.prefix(),
            "group", log.group() < 0 ? null : log.group(), "snaplen", log.snapBytes() == 0 ? null : log.snapBytes(),
            "queue-threshold", log.queueThreshold() == 0 ? null : log.queueThreshold(),
            "level", log.level() == Statement.LogLevel.WARN ? null : log.level().name().toLowerCase(Locale.ROOT),
            "flags", flags.isEmpty() ? null : isAll ? "all" : flags.size() == 1 ? flags.getFirst() : flags);
        return options.isEmpty() ? flag("log") : object("log", options);
    }

    private static Map<String, Object> reject(Statement.Reject reject) {
        if (reject.kind() == Statement.RejectKind.TCP_RESET) return object("reject", object("type", "tcp reset"));
        return object("reject", object("type", reject.kind().name().toLowerCase(Locale.ROOT),
            "expr", RejectNames.of(reject)));
    }

    private Map<String, Object> nat(Statement.Nat nat) {
        List<String> flags = new ArrayList<>();
        for (Statement.NatFlag natFlag : Statement.NatFlag.values()) {
            if (nat.flags().contains(natFlag)) flags.add(natFlag.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (nat.isPrefix()) flags.add("netmap");
        boolean hasFamily = StatementText.showsFamily(nat, family);
        Map<String, Object> options = object("family", hasFamily ? nat.family().text() : null,
            "addr", nat.address() == null ? null : json(nat.address()),
            "port", nat.port() == null ? null : json(nat.port()),
            "flags", flags.isEmpty() ? null : flags.size() == 1 ? flags.getFirst() : flags,
            "type_flags", nat.isPrefix() ? "prefix" : null);
        String name = nat.kind().name().toLowerCase(Locale.ROOT);
        return options.isEmpty() ? flag(name) : object(name, options);
    }

    private static Object flags(Statement.Queue queue) {
        List<String> flags = new ArrayList<>();
        if (queue.isBypass()) flags.add("bypass");
        if (queue.isFanout()) flags.add("fanout");
        return flags.isEmpty() ? null : flags.size() == 1 ? flags.getFirst() : flags;
    }

    static Map<String, Object> synproxy(Statement.Synproxy synproxy) {
        List<String> flags = new ArrayList<>();
        if (synproxy.hasTimestamp()) flags.add("timestamp");
        if (synproxy.isSackPermitted()) flags.add("sack-perm");
        Map<String, Object> options = object("mss", synproxy.mss() < 0 ? null : synproxy.mss(),
            "wscale", synproxy.windowScale() < 0 ? null : synproxy.windowScale(),
            "flags", flags.isEmpty() ? null : flags.size() == 1 ? flags.getFirst() : flags);
        return options.isEmpty() ? flag("synproxy") : object("synproxy", options);
    }

    private Map<String, Object> update(Statement.UpdateSet update) {
        Object key = json(update.key());
        if (update.timeoutMs() > 0) {
            key = object("elem", object("val", key, "timeout", update.timeoutMs() / 1_000));
        }
        List<Object> statements = json(update.statements());
        return switch (update.set()) {
            case SetUse.Named(String name) -> object(update.data() == null ? "set" : "map",
                object("op", update.operation().name().toLowerCase(Locale.ROOT), "elem", key,
                    "data", update.data() == null ? null : json(update.data()),
                    update.data() == null ? "set" : "map", "@" + name,
                    "stmt", statements.isEmpty() ? null : statements));
            case SetUse.Anonymous(ElementSet set) -> object("meter", object("key", key,
                "stmt", statements.isEmpty() ? null : statements.getFirst(), "size", set.size(), "name", set.name()));
        };
    }

    /// What a named object of this kind holds, as members of it.
    static Map<String, Object> members(ObjectKind kind, Statement statement) {
        return switch (statement) {
            case Statement.Counter counter -> object("packets", counter.packets(), "bytes", counter.bytes());
            case Statement.Quota quota -> object("bytes", quota.bytes(), "used", quota.usedBytes(),
                "inv", quota.isOver());
            case Statement.Limit limit -> limit(limit);
            case Statement.Synproxy synproxy -> {
                Object members = synproxy(synproxy).get("synproxy");
                yield members instanceof Map<?, ?> ? object("mss", synproxy.mss() < 0 ? null : synproxy.mss(),
                    "wscale", synproxy.windowScale() < 0 ? null : synproxy.windowScale()) : object();
            }
            default -> throw new IllegalStateException("no object holds " + kind + " " + statement);
        };
    }
}
