package io.millrace.flow.ruleset;

import java.util.List;
import java.util.Set;

/// One step of a rule, in the order of the text: a match that ends the rule when it fails, or something to do.
///
/// Dependencies that the text leaves out (`meta l4proto tcp` before `tcp dport`) are statements like any other. Only
/// [Decide], [DecideByMap], [Reject], [Nat], [Forward], [Queue] and [Synproxy] may end the rule by themselves.
public sealed interface Statement {

    /// Goes on when `left` stands in `relation` to `right`.
    record Match(Expression left, Relation relation, Value right) implements Statement {
    }

    /// How a match compares. Ranges and prefixes are compared by `EQUAL` and `NOT_EQUAL`.
    enum Relation {
        EQUAL("=="), NOT_EQUAL("!="), LESS("<"), GREATER(">"), LESS_OR_EQUAL("<="), GREATER_OR_EQUAL(">="),
        /// Any bit of the right side is set in the left.
        ANY_BIT("in"),
        /// No bit of the right side is set in the left.
        NO_BIT("!");

        private final String text;

        Relation(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// Goes on when the set holds the key, or with `isInverted` when it does not.
    record Lookup(Expression key, boolean isInverted, SetUse set) implements Statement {
    }

    record Decide(Verdict verdict) implements Statement {
    }

    /// `vmap`: no hit ends the rule.
    record DecideByMap(Expression key, SetUse map) implements Statement {
    }

    /// Counts packets and bytes from the IP header on.
    record Counter(long packets, long bytes) implements Statement {
    }

    /// Goes on while at most `bytes` were consumed, with `isOver` once more were. Every packet is consumed.
    record Quota(long bytes, long usedBytes, boolean isOver) implements Statement {
    }

    /// A token bucket. Rate is `rate` packets, or bytes with `isBytes`, every `periodSeconds`; `burst` counts the same.
    /// Goes on while there are tokens; with `isOver` when there are none.
    record Limit(long rate, long periodSeconds, long burst, boolean isBytes, boolean isOver) implements Statement {
    }

    /// Goes on while the connections of this element number at most `count`, with `isOver` when they are more.
    record ConnectionCount(long count, boolean isOver) implements Statement {
    }

    /// Goes on if the last match lay longer ago; always true and kept for listing: when was the rule last reached.
    record Last() implements Statement {
    }

    /// A named object; `name` is constant, or comes from an object map.
    record UseObject(ObjectKind kind, Expression name) implements Statement {
    }

    /// Writes a line, or hands the packet to a `group` (-1: none). `snapBytes`, `queueThreshold`: 0 where not given.
    record Log(String prefix, LogLevel level, Set<LogFlag> flags, int group, long snapBytes, int queueThreshold)
        implements Statement {
        public Log {
            flags = Set.copyOf(flags);
        }
    }

    /// In the order of syslog; `AUDIT` goes elsewhere.
    enum LogLevel { EMERG, ALERT, CRIT, ERR, WARN, NOTICE, INFO, DEBUG, AUDIT }

    enum LogFlag { TCP_SEQUENCE, TCP_OPTIONS, IP_OPTIONS, SKUID, ETHER }

    /// Drops the packet and answers its sender. `code` is of the ICMP type that `kind` says.
    record Reject(RejectKind kind, int code) implements Statement {
    }

    enum RejectKind { ICMP, ICMPV6, ICMPX, TCP_RESET }

    /// Translates. Addresses and ports are values, maps or other expressions, null where not given.
    ///
    /// With `isPrefix` the network part alone is replaced (netmap). `address` may be a concatenation of address and
    /// port, given by a map; then `port` is null.
    record Nat(NatKind kind, Family family, Expression address, Expression port, Set<NatFlag> flags, boolean isPrefix)
        implements Statement {
        public Nat {
            flags = Set.copyOf(flags);
        }
    }

    enum NatKind { SNAT, DNAT, MASQUERADE, REDIRECT }

    enum NatFlag { RANDOM, FULLY_RANDOM, PERSISTENT }

    /// Writes `value` into a header field; checksums follow.
    record SetPayload(Expression field, Expression value) implements Statement {
    }

    /// Writes into a TCP option or an extension header. `tcp option maxseg size` only ever lowers the size.
    record SetOption(Expression option, Expression value) implements Statement {
    }

    /// Overwrites a TCP option by no-operations.
    record ResetOption(Expression.Option option) implements Statement {
    }

    record SetMeta(MetaKey key, Expression value) implements Statement {
    }

    /// `direction` is null unless given.
    record SetCt(CtKey key, Expression.Direction direction, Expression value) implements Statement {
    }

    record NoTrack() implements Statement {
    }

    /// Sends a copy to `address` (ip, ip6) through `device`, or straight to the device (netdev). Null where not given.
    record Duplicate(Expression address, Expression device) implements Statement {
    }

    /// Sends the packet itself out of `device`; with `address` to that neighbour. Nothing else happens to it.
    record Forward(Family family, Expression address, Expression device) implements Statement {
    }

    /// From now on the packets of this connection take the fast path of the flowtable.
    record Offload(String flowtable) implements Statement {
    }

    /// To a program in user space. `number` is a value, a range or an expression.
    record Queue(Expression number, boolean isBypass, boolean isFanout) implements Statement {
    }

    /// To a local socket; `address`, `port` null where not given.
    record TransparentProxy(Family family, Expression address, Expression port) implements Statement {
    }

    /// Answers a SYN in place of the server. `mss`, `windowScale` -1 where not given.
    record Synproxy(int mss, int windowScale, boolean hasTimestamp, boolean isSackPermitted) implements Statement {
    }

    /// Adds, refreshes or removes an element. `data` is null unless a map is written; `timeoutMs` 0: that of the set.
    /// An anonymous set is that of a `meter`, which has the name of the meter.
    record UpdateSet(SetOperation operation, SetUse set, Expression key, Expression data, long timeoutMs,
                     List<Statement> statements) implements Statement {
        public UpdateSet {
            statements = List.copyOf(statements);
        }
    }

    enum SetOperation { ADD, UPDATE, DELETE }
}
