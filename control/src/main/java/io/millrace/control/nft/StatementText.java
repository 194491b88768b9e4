package io.millrace.control.nft;

import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Expression.BitOperator;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Statements as a listing of a table of `family` writes them. `isStateless`: without what was counted.
record StatementText(ExpressionText expressions, boolean isStateless, Family family) {

    String text(Statement statement) {
        return switch (statement) {
            case Statement.Match match -> match(match);
            case Statement.Lookup lookup -> text(lookup.key()) + " " + (lookup.isInverted() ? "!= " : "")
                + expressions.set(lookup.set());
            case Statement.Decide decide -> ValueText.verdict(decide.verdict());
            case Statement.DecideByMap decide -> text(decide.key()) + " vmap " + expressions.set(decide.map());
            case Statement.Counter counter -> isStateless ? "counter"
                : "counter packets " + counter.packets() + " bytes " + counter.bytes();
            case Statement.Quota quota -> "quota " + quota(quota, isStateless);
            case Statement.Limit limit -> "limit " + limit(limit);
            case Statement.ConnectionCount count -> "ct count " + (count.isOver() ? "over " : "") + count.count();
            case Statement.Last _ -> isStateless ? "last" : "last used never";
            case Statement.UseObject use -> useObject(use);
            case Statement.Log log -> log(log);
            case Statement.Reject reject -> reject(reject);
            case Statement.Nat nat -> nat(nat);
            case Statement.SetPayload set -> text(set.field()) + " set " + text(set.value());
            case Statement.SetOption set -> text(set.option()) + " set " + text(set.value());
            case Statement.ResetOption reset -> "reset " + text(reset.option());
            case Statement.SetMeta set -> "meta " + set.key().text() + " set " + text(set.value());
            case Statement.SetCt set -> "ct " + ExpressionText.direction(set.direction()) + set.key().text() + " set "
                + assigned(set.value());
            case Statement.NoTrack _ -> "notrack";
            case Statement.Duplicate copy -> "dup to " + (copy.address() == null ? text(copy.device())
                : text(copy.address()) + (copy.device() == null ? "" : " device " + text(copy.device())));
            case Statement.Forward forward -> forward.address() == null ? "fwd to " + text(forward.device())
                : "fwd " + forward.family().text() + " to " + text(forward.address()) + " device "
                    + text(forward.device());
            case Statement.Offload offload -> "flow add @" + offload.flowtable();
            case Statement.Queue queue -> "queue " + (queueFlags(queue).isEmpty() ? "" : "flags " + queueFlags(queue)
                + " ") + "to " + text(queue.number());
            case Statement.TransparentProxy proxy -> "tproxy " + (proxy.family() == null ? ""
                : proxy.family().text() + " ") + "to " + target(proxy.address(), proxy.port());
            case Statement.Synproxy synproxy -> ("synproxy " + synproxy(synproxy)).trim();
            case Statement.UpdateSet update -> update(update);
        };
    }

    private String text(Expression expression) {
        return expressions.text(expression);
    }

    /// Flags that are set stand with commas.
    private String assigned(Expression value) {
        return value instanceof Value.Number number && number.type().isBitmask()
            && number.type() != io.millrace.flow.ruleset.DataType.CT_LABEL
            ? String.join(",", expressions.values().flags(number)) : text(value);
    }

    private String match(Statement.Match match) {
        String left = text(match.left());
        boolean isFlags = match.right() instanceof Value.Number number && number.type().isBitmask()
            && number.type() != io.millrace.flow.ruleset.DataType.CT_LABEL;
        if (match.relation() == Relation.ANY_BIT) {
            return left + " " + (isFlags ? commas(match.right()) : text(match.right()));
        }
        if (match.relation() == Relation.NO_BIT) return left + " ! " + commas(match.right());
        boolean isMasked = match.left() instanceof Expression.Bitwise;
        if (isMasked && isFlags && isEquality(match.relation())) {
            var bitwise = (Expression.Bitwise) match.left();
            boolean isList = bitwise.operator() == BitOperator.AND
                && bitwise.right() instanceof Value.Number mask && mask.number().bitCount() > 1;
            if (isList) {
                return text(bitwise.left()) + (match.relation() == Relation.NOT_EQUAL ? " != " : " ")
                    + commas(match.right()) + " / " + commas((Value) bitwise.right());
            }
        }
        boolean isRaw = match.left() instanceof Expression.RawPayload
            || match.left() instanceof Expression.Bitwise bitwise && bitwise.left() instanceof Expression.RawPayload;
        if (isRaw && match.right() instanceof Value.Number number) {
            String hex = "0x" + number.number().toString(16);
            return isMasked ? rawMask((Expression.Bitwise) match.left()) + " " + match.relation().text() + " " + hex
                : left + (match.relation() == Relation.EQUAL ? " " : " " + match.relation().text() + " ") + hex;
        }
        String operator = match.relation() == Relation.EQUAL && !isMasked ? " " : " " + match.relation().text() + " ";
        return left + operator + text(match.right());
    }

    /// Bits of no named field stand in hexadecimal.
    private String rawMask(Expression.Bitwise bitwise) {
        String mask = bitwise.right() instanceof Value.Number number ? "0x" + number.number().toString(16)
            : text(bitwise.right());
        return text(bitwise.left()) + " " + bitwise.operator().text() + " " + mask;
    }

    private static boolean isEquality(Relation relation) {
        return relation == Relation.EQUAL || relation == Relation.NOT_EQUAL;
    }

    private String commas(Value value) {
        return String.join(",", expressions.values().flags((Value.Number) value));
    }

    static String quota(Statement.Quota quota, boolean isStateless) {
        String used = quota.usedBytes() == 0 || isStateless ? "" : " used " + size(quota.usedBytes());
        return (quota.isOver() ? "over " : "") + size(quota.bytes()) + used;
    }

    /// Bytes in the largest unit that leaves no rest.
    static String size(long bytes) {
        if (bytes == 0) return "0 bytes";
        if (bytes % (1 << 20) == 0) return bytes / (1 << 20) + " mbytes";
        return bytes % 1024 == 0 ? bytes / 1024 + " kbytes" : bytes + " bytes";
    }

    static String period(long seconds) {
        return switch ((int) seconds) {
            case 1 -> "second";
            case 60 -> "minute";
            case 3_600 -> "hour";
            case 86_400 -> "day";
            default -> "week";
        };
    }

    static String limit(Statement.Limit limit) {
        String rate = limit.isBytes() ? size(limit.rate()) : Long.toString(limit.rate());
        boolean isUsual = limit.burst() == (limit.isBytes() ? 0 : StatefulReader.DEFAULT_BURST_PACKETS);
        String burst = isUsual ? "" : " burst " + (limit.isBytes() ? size(limit.burst()) : limit.burst() + " packets");
        return "rate " + (limit.isOver() ? "over " : "") + rate + "/" + period(limit.periodSeconds()) + burst;
    }

    private String useObject(Statement.UseObject use) {
        boolean isCt = use.kind() == ObjectKind.CT_HELPER || use.kind() == ObjectKind.CT_TIMEOUT
            || use.kind() == ObjectKind.CT_EXPECTATION;
        return use.kind().text() + (isCt ? " set " : " name ") + text(use.name());
    }

    private static String log(Statement.Log log) {
        var text = new StringBuilder("log");
        if (!log.prefix().isEmpty()) text.append(" prefix \"").append(log.prefix()).append('"');
        if (log.group() >= 0) text.append(" group ").append(log.group());
        if (log.snapBytes() > 0) text.append(" snaplen ").append(log.snapBytes());
        if (log.queueThreshold() > 0) text.append(" queue-threshold ").append(log.queueThreshold());
        if (log.level() != Statement.LogLevel.WARN) {
            text.append(" level ").append(log.level().name().toLowerCase(Locale.ROOT));
        }
        Set<Statement.LogFlag> flags = log.flags();
        if (flags.size() == Statement.LogFlag.values().length) return text.append(" flags all").toString();
        boolean hasSequence = flags.contains(Statement.LogFlag.TCP_SEQUENCE);
        boolean hasOptions = flags.contains(Statement.LogFlag.TCP_OPTIONS);
        if (hasSequence || hasOptions) {
            text.append(" flags tcp ").append(hasSequence ? "sequence" : "")
                .append(hasSequence && hasOptions ? "," : "")
                .append(hasOptions ? "options" : "");
        }
        if (flags.contains(Statement.LogFlag.IP_OPTIONS)) text.append(" flags ip options");
        if (flags.contains(Statement.LogFlag.SKUID)) text.append(" flags skuid");
        if (flags.contains(Statement.LogFlag.ETHER)) text.append(" flags ether");
        return text.toString();
    }

    private String reject(Statement.Reject reject) {
        return switch (reject.kind()) {
            case TCP_RESET -> "reject with tcp reset";
            case ICMPX -> reject.code() == 1 ? "reject" : "reject with icmpx " + RejectNames.of(reject);
            case ICMP -> "reject with icmp " + RejectNames.of(reject);
            case ICMPV6 -> "reject with icmpv6 " + RejectNames.of(reject);
        };
    }

    private String nat(Statement.Nat nat) {
        var text = new StringBuilder(nat.kind().name().toLowerCase(Locale.ROOT));
        if (showsFamily(nat, family)) text.append(' ').append(nat.family().text());
        if (nat.isPrefix()) text.append(" prefix");
        if (nat.address() != null || nat.port() != null) text.append(" to ").append(target(nat.address(), nat.port()));
        if (!nat.flags().isEmpty()) text.append(' ').append(flags(nat.flags()));
        return text.toString();
    }

    /// The family stands where the table does not say it, and where the address may be more than one value.
    static boolean showsFamily(Statement.Nat nat, Family table) {
        if (nat.address() == null || nat.family() != Family.IP && nat.family() != Family.IP6) return false;
        boolean givesPort = nat.address() instanceof Expression.Mapped mapped && mapped.bits() > mapped.type().bits();
        return table == Family.INET || nat.isPrefix() || givesPort;
    }

    private static String flags(Set<Statement.NatFlag> flags) {
        return String.join(",", java.util.Arrays.stream(Statement.NatFlag.values()).filter(flags::contains)
            .map(flag -> flag.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList());
    }

    private String target(Expression address, Expression port) {
        if (address == null) return ":" + text(port);
        if (port == null) return text(address);
        boolean isIp6 = address.type() == io.millrace.flow.ruleset.DataType.IPV6_ADDR;
        String where = !isIp6 ? text(address) : switch (address) {
            case Value.Number _ -> "[" + text(address) + "]";
            case Value.Range(Value.Number low, Value.Number high) -> "[" + text(low) + "]-[" + text(high) + "]";
            default -> text(address);
        };
        return where + ":" + text(port);
    }

    private static String queueFlags(Statement.Queue queue) {
        return (queue.isBypass() ? "bypass" : "") + (queue.isBypass() && queue.isFanout() ? "," : "")
            + (queue.isFanout() ? "fanout" : "");
    }

    static String synproxy(Statement.Synproxy synproxy) {
        return ((synproxy.mss() >= 0 ? "mss " + synproxy.mss() + " " : "")
            + (synproxy.windowScale() >= 0 ? "wscale " + synproxy.windowScale() + " " : "")
            + (synproxy.hasTimestamp() ? "timestamp " : "") + (synproxy.isSackPermitted() ? "sack-perm" : "")).trim();
    }

    private String update(Statement.UpdateSet update) {
        var inner = new StringBuilder(text(update.key()));
        if (update.timeoutMs() > 0) inner.append(" timeout ").append(TimeText.format(update.timeoutMs()));
        for (Statement statement : update.statements()) inner.append(' ').append(text(statement));
        if (update.data() != null) inner.append(" : ").append(text(update.data()));
        return switch (update.set()) {
            case SetUse.Named(String name) -> update.operation().name().toLowerCase(Locale.ROOT) + " @" + name + " { "
                + inner + " }";
            case SetUse.Anonymous(ElementSet set) -> "meter " + set.name() + " size " + set.size() + " { " + inner
                + " }";
        };
    }

    /// All statements of a rule on one line.
    String line(List<Statement> statements) {
        return String.join(" ", statements.stream().map(this::text).toList());
    }
}
