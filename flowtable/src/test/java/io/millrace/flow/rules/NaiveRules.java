package io.millrace.flow.rules;

import io.millrace.flow.ruleset.Chain;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.HeaderField;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.Rule;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Table;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Rules as the model says them, one after another over the objects, with numbers of any size: slow, and obviously
/// right. Packets are IPv4 or IPv6 behind 14 bytes of Ethernet, without options or extension headers.
final class NaiveRules {

    private static final int L3 = 14;

    /// Thrown out of all chains.
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient RuleVerdict verdict;

        Ended(RuleVerdict verdict) {
            super(null, null, false, false);
            this.verdict = verdict;
        }
    }

    private final Ruleset ruleset;
    private final Map<Statement, Long> packets = new IdentityHashMap<>();
    private byte[] frame;
    private BigInteger mark;
    private BigInteger ctState;
    private Table table;

    NaiveRules(Ruleset ruleset) {
        this.ruleset = ruleset;
    }

    RuleVerdict forward(byte[] received, int ctStateBit) {
        frame = received;
        mark = BigInteger.ZERO;
        ctState = BigInteger.valueOf(ctStateBit);
        Family family = isIpv6() ? Family.IP6 : Family.IP;
        for (Ruleset.HookedChain hooked : ruleset.chainsAt(family, Hook.FORWARD)) {
            table = hooked.table();
            try {
                if (rules(hooked.chain()) != Flow.ACCEPTED && !hooked.chain().base().orElseThrow().isAccepting()) {
                    return RuleVerdict.POLICY_DROPPED;
                }
            } catch (Ended ended) {
                return ended.verdict;
            }
        }
        return RuleVerdict.ACCEPTED;
    }

    long packets(Statement counter) {
        return packets.getOrDefault(counter, 0L);
    }

    int mark() {
        return mark.intValue();
    }

    private enum Flow { ACCEPTED, AT_END, NEXT_RULE, NEXT_STATEMENT }

    private Flow rules(Chain chain) {
        for (Rule rule : chain.rules()) {
            Flow flow = Flow.NEXT_STATEMENT;
            for (Statement statement : rule.statements()) {
                flow = statement(statement);
                if (flow != Flow.NEXT_STATEMENT) break;
            }
            if (flow == Flow.ACCEPTED || flow == Flow.AT_END) return flow;
        }
        return Flow.AT_END;
    }

    private Flow statement(Statement statement) {
        return switch (statement) {
            case Statement.Match match -> goesOn(matches(match));
            case Statement.Lookup lookup -> {
                List<BigInteger> key = read(lookup.key());
                yield goesOn(key != null && (find(lookup.set(), key) != null) != lookup.isInverted());
            }
            case Statement.Counter counter -> {
                packets.merge(counter, 1L, Long::sum);
                yield Flow.NEXT_STATEMENT;
            }
            case Statement.SetMeta set -> {
                List<BigInteger> value = read(set.value());
                if (value == null) yield Flow.NEXT_RULE;
                mark = value.getFirst();
                yield Flow.NEXT_STATEMENT;
            }
            case Statement.Decide(Verdict verdict) -> decide(verdict);
            case Statement.DecideByMap decide -> {
                List<BigInteger> key = read(decide.key());
                Element element = key == null ? null : find(decide.map(), key);
                yield element == null ? Flow.NEXT_RULE : decide(((Value.Decision) element.data()).verdict());
            }
            default -> throw new AssertionError(statement);
        };
    }

    private static Flow goesOn(boolean matches) {
        return matches ? Flow.NEXT_STATEMENT : Flow.NEXT_RULE;
    }

    private Flow decide(Verdict verdict) {
        return switch (verdict.kind()) {
            case ACCEPT -> Flow.ACCEPTED;
            case DROP -> throw new Ended(RuleVerdict.DROPPED);
            case CONTINUE -> Flow.NEXT_STATEMENT;
            case RETURN -> Flow.AT_END;
            case JUMP -> rules(table.chains().get(verdict.chain())) == Flow.ACCEPTED
                ? Flow.ACCEPTED : Flow.NEXT_STATEMENT;
            case GOTO -> rules(table.chains().get(verdict.chain()));
        };
    }

    private boolean matches(Statement.Match match) {
        List<BigInteger> values = read(match.left());
        if (values == null) return false;
        BigInteger left = values.getFirst();
        BigInteger low = match.right().lowest().number();
        BigInteger high = match.right().highest().number();
        return switch (match.relation()) {
            case EQUAL -> left.compareTo(low) >= 0 && left.compareTo(high) <= 0;
            case NOT_EQUAL -> left.compareTo(low) < 0 || left.compareTo(high) > 0;
            case LESS -> left.compareTo(low) < 0;
            case LESS_OR_EQUAL -> left.compareTo(low) <= 0;
            case GREATER -> left.compareTo(low) > 0;
            case GREATER_OR_EQUAL -> left.compareTo(low) >= 0;
            case ANY_BIT -> left.and(low).signum() != 0;
            case NO_BIT -> left.and(low).signum() == 0;
        };
    }

    private Element find(SetUse use, List<BigInteger> key) {
        ElementSet set = switch (use) {
            case SetUse.Anonymous(ElementSet own) -> own;
            case SetUse.Named(String name) -> table.sets().get(name);
        };
        Element otherwise = null;
        for (Element element : set.elements()) {
            if (element.key() instanceof Value.Everything) {
                otherwise = element;
                continue;
            }
            List<Value> parts = element.key() instanceof Value.Tuple(List<Value> each) ? each : List.of(element.key());
            boolean holds = true;
            for (int i = 0; i < parts.size(); i++) {
                holds &= key.get(i).compareTo(parts.get(i).lowest().number()) >= 0
                    && key.get(i).compareTo(parts.get(i).highest().number()) <= 0;
            }
            if (holds) return element;
        }
        return otherwise;
    }

    /// The values, one for each part of a concatenation; null if there are none.
    private List<BigInteger> read(Expression expression) {
        return switch (expression) {
            case Value.Number number -> List.of(number.number());
            case Expression.Payload(HeaderField field) -> one(field(field));
            case Expression.Meta meta -> one(meta(meta));
            case Expression.Ct _ -> one(ctState);
            case Expression.Bitwise bitwise -> {
                List<BigInteger> left = read(bitwise.left());
                BigInteger right = ((Value.Number) bitwise.right()).number();
                if (left == null) yield null;
                yield one(switch (bitwise.operator()) {
                    case AND -> left.getFirst().and(right);
                    case OR -> left.getFirst().or(right);
                    case XOR -> left.getFirst().xor(right);
                    default -> throw new AssertionError(bitwise);
                });
            }
            case Expression.Concat concat -> {
                List<BigInteger> values = new ArrayList<>();
                for (Expression part : concat.parts()) {
                    List<BigInteger> value = read(part);
                    if (value == null) yield null;
                    values.addAll(value);
                }
                yield values;
            }
            case Expression.Mapped mapped -> {
                List<BigInteger> key = read(mapped.key());
                Element element = key == null ? null : find(mapped.map(), key);
                yield element == null ? null : one(((Value.Number) element.data()).number());
            }
            default -> throw new AssertionError(expression);
        };
    }

    private static List<BigInteger> one(BigInteger value) {
        return value == null ? null : List.of(value);
    }

    private BigInteger meta(Expression.Meta meta) {
        return switch (meta.key()) {
            case MARK -> mark;
            case LENGTH -> BigInteger.valueOf(frame.length - L3);
            case L4PROTO -> BigInteger.valueOf(frame[isIpv6() ? L3 + 6 : L3 + 9] & 0xff);
            case NFPROTO -> BigInteger.valueOf(isIpv6() ? 10 : 2);
            case IIF -> BigInteger.valueOf(RuleScene.LAN);
            case OIF -> BigInteger.valueOf(RuleScene.WAN);
            default -> throw new AssertionError(meta);
        };
    }

    private boolean isIpv6() {
        return (frame[L3] & 0xf0) == 0x60;
    }

    private BigInteger field(HeaderField field) {
        int base = switch (field.base()) {
            case LINK -> 0;
            case NETWORK -> L3;
            default -> isIpv6() ? L3 + 40 : L3 + 20;
        };
        return bits(8 * base + field.bitOffset(), field.bits());
    }

    private BigInteger bits(int from, int count) {
        if (from + count > 8 * frame.length) return null;
        BigInteger value = BigInteger.ZERO;
        for (int bit = from; bit < from + count; bit++) {
            int each = frame[bit / 8] >> 7 - bit % 8 & 1;
            value = value.shiftLeft(1).add(BigInteger.valueOf(each));
        }
        return value;
    }
}
