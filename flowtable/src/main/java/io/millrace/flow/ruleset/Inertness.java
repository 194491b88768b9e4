package io.millrace.flow.ruleset;

import java.util.List;

/// Why a rule or chain can do nothing in a forwarder, which has no sockets, users or processes.
public final class Inertness {

    /// The reason that the whole chain never sees a packet, or null.
    public static String of(Family family, Chain chain) {
        if (chain.base().isEmpty()) return null;
        HookedChain base = chain.base().get();
        if (base.type() == ChainType.ROUTE) {
            return "type route: routes again what this host sends, and it sends nothing";
        }
        return switch (family) {
            case ARP -> "family arp: address resolution is not given to rules";
            case BRIDGE -> "family bridge: frames are routed, not bridged";
            default -> null;
        };
    }

    /// The reason that the rule never matches or does nothing, or null.
    public static String of(Rule rule) {
        for (Statement statement : rule.statements()) {
            String reason = of(statement);
            if (reason != null) return reason;
        }
        return null;
    }

    private static String of(Statement statement) {
        return switch (statement) {
            case Statement.Match match -> of(match.left());
            case Statement.Lookup lookup -> of(lookup.key());
            case Statement.DecideByMap decide -> of(decide.key());
            case Statement.Queue _ -> "queue: no program in user space takes packets";
            case Statement.TransparentProxy _ -> "tproxy: there is no local socket to hand packets to";
            default -> null;
        };
    }

    private static String of(Expression expression) {
        return switch (expression) {
            case Expression.Meta meta when meta.key().needsHost() ->
                "meta " + meta.key().text() + ": a forwarded packet has no such property";
            case Expression.Socket socket -> "socket " + socket.key() + ": a forwarded packet has no local socket";
            case Expression.Concat(List<Expression> parts) -> {
                String reason = null;
                for (Expression part : parts) {
                    if (reason == null) reason = of(part);
                }
                yield reason;
            }
            case Expression.Bitwise bitwise -> of(bitwise.left());
            default -> null;
        };
    }

    private Inertness() {}
}
