package io.millrace.flow.rules;

import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Expression.BitOperator;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Rulesets and packets that often meet: addresses, ports and the rest come from few values.
final class RandomRules {

    private static final int CHAINS = 5;

    private static final List<Expression> EXPRESSIONS = List.of(
        RuleParts.field(Protocol.IP, "saddr"), RuleParts.field(Protocol.IP, "daddr"),
        RuleParts.field(Protocol.IP, "ttl"), RuleParts.field(Protocol.IP, "dscp"),
        RuleParts.field(Protocol.IP, "frag-off"), RuleParts.field(Protocol.IP6, "saddr"),
        RuleParts.field(Protocol.IP6, "flowlabel"), RuleParts.field(Protocol.IP6, "dscp"),
        RuleParts.field(Protocol.TH, "sport"), RuleParts.field(Protocol.TCP, "dport"),
        RuleParts.field(Protocol.TCP, "flags"), RuleParts.field(Protocol.TCP, "ackseq"),
        RuleParts.field(Protocol.TCP, "doff"), RuleParts.field(Protocol.UDP, "length"),
        RuleParts.field(Protocol.ETHER, "saddr"), RuleParts.field(Protocol.ETHER, "type"),
        RuleParts.meta(MetaKey.LENGTH), RuleParts.meta(MetaKey.L4PROTO), RuleParts.meta(MetaKey.NFPROTO),
        RuleParts.meta(MetaKey.MARK), RuleParts.meta(MetaKey.IIF), RuleParts.ct(CtKey.STATE));

    private final Random random;

    RandomRules(Random random) {
        this.random = random;
    }

    Ruleset ruleset() {
        OneTable table = new OneTable(random.nextInt(4) == 0 ? Family.IP : Family.INET);
        // Chains of a larger number only are jumped to.
        table.base("c0", Hook.FORWARD, -1, random.nextBoolean(), rules(0));
        table.base("d0", Hook.FORWARD, 1, random.nextInt(4) != 0, rules(0));
        for (int i = 1; i < CHAINS; i++) table.chain("c" + i, Optional.empty(), rules(i));
        return table.ruleset();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private List<Statement>[] rules(int chain) {
        List<Statement>[] rules = new List[random.nextInt(6)];
        for (int i = 0; i < rules.length; i++) rules[i] = rule(chain);
        return rules;
    }

    private List<Statement> rule(int chain) {
        List<Statement> rule = new ArrayList<>();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) rule.add(test());
        if (random.nextInt(4) == 0) rule.add(setMark());
        rule.add(new Statement.Counter(0, 0));
        switch (random.nextInt(3)) {
            case 0 -> rule.add(new Statement.Decide(verdict(chain)));
            case 1 -> rule.add(decideByMap(chain));
            default -> { }
        }
        return rule;
    }

    private Verdict verdict(int chain) {
        int further = chain + 1 + random.nextInt(CHAINS - chain);
        return switch (random.nextInt(further < CHAINS ? 8 : 4)) {
            case 0 -> Verdict.ACCEPT;
            case 1 -> Verdict.DROP;
            case 2 -> Verdict.RETURN;
            case 3 -> Verdict.CONTINUE;
            case 4 -> Verdict.goTo("c" + further);
            default -> Verdict.jump("c" + further);
        };
    }

    private Expression expression() {
        return EXPRESSIONS.get(random.nextInt(EXPRESSIONS.size()));
    }

    private Statement test() {
        Expression key = expression();
        return switch (random.nextInt(6)) {
            case 0 -> new Statement.Lookup(key, random.nextBoolean(), RuleParts.anonymous(key, List.of(), sorted(key)));
            case 1 -> concatenated();
            case 2 -> masked(key);
            case 3 -> new Statement.Match(key, random.nextBoolean() ? Relation.EQUAL : Relation.NOT_EQUAL,
                interval(key));
            default -> new Statement.Match(key, Relation.values()[random.nextInt(Relation.values().length)],
                value(key));
        };
    }

    private Statement masked(Expression key) {
        BitOperator operator = BitOperator.values()[random.nextInt(3)];
        return new Statement.Match(new Expression.Bitwise(operator, key, value(key)), Relation.EQUAL, value(key));
    }

    private Statement concatenated() {
        Expression first = expression();
        Expression second = expression();
        var key = new Expression.Concat(List.of(first, second));
        Element[] elements = new Element[1 + random.nextInt(4)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Element.of(new Value.Tuple(List.of(interval(first), interval(second))), null);
        }
        return new Statement.Lookup(key, random.nextInt(3) == 0, RuleParts.anonymous(key, List.of(), elements));
    }

    private Statement setMark() {
        Expression key = expression();
        Expression mark = RuleParts.meta(MetaKey.MARK);
        Element[] elements = sorted(key);
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Element.of(elements[i].key(), value(mark));
        }
        return new Statement.SetMeta(MetaKey.MARK, new Expression.Mapped(key,
            RuleParts.anonymous(key, List.of(FieldType.of(DataType.MARK)), elements), DataType.MARK, 32));
    }

    private Statement decideByMap(int chain) {
        Expression key = expression();
        Element[] elements = sorted(key);
        for (int i = 0; i < elements.length; i++) {
            elements[i] = Element.of(elements[i].key(), RuleParts.decision(verdict(chain)));
        }
        return new Statement.DecideByMap(key,
            RuleParts.anonymous(key, List.of(FieldType.of(DataType.VERDICT)), elements));
    }

    /// Intervals that do not overlap, or single values, at times with one for all others.
    private Element[] sorted(Expression key) {
        List<Element> elements = new ArrayList<>();
        boolean isInterval = random.nextBoolean();
        for (int i = 0; i < 4; i++) {
            Value next = isInterval ? interval(key) : value(key);
            boolean overlaps = elements.stream().anyMatch(there ->
                there.key().lowest().number().compareTo(next.highest().number()) <= 0
                    && next.lowest().number().compareTo(there.key().highest().number()) <= 0);
            if (!overlaps) elements.add(Element.of(next, null));
        }
        if (random.nextInt(4) == 0) elements.add(Element.of(new Value.Everything(key.type(), key.bits()), null));
        return elements.toArray(Element[]::new);
    }

    private Value interval(Expression key) {
        Value.Number one = value(key);
        Value.Number other = value(key);
        return one.number().compareTo(other.number()) <= 0 ? new Value.Range(one, other) : new Value.Range(other, one);
    }

    /// Near to what packets have, or anything.
    private Value.Number value(Expression key) {
        BigInteger number = switch (random.nextInt(3)) {
            case 0 -> new BigInteger(key.bits(), random);
            case 1 -> BigInteger.valueOf(near(key)).add(BigInteger.valueOf(random.nextInt(3)));
            default -> BigInteger.valueOf(near(key));
        };
        if (key.bits() == 128 && random.nextBoolean()) number = RuleParts.address("2001:db8::").number().or(number);
        BigInteger most = BigInteger.ONE.shiftLeft(key.bits()).subtract(BigInteger.ONE);
        return new Value.Number(key.type(), key.bits(), number.min(most));
    }

    private long near(Expression key) {
        int small = random.nextInt(4);
        return switch (key.bits()) {
            case 48 -> 0x0200_0000_0000L + small;
            case 16 -> random.nextBoolean() ? 20 + small : 0x0800;
            case 32 -> key.type() == DataType.IPV4_ADDR ? 0x0a00_0000L + small : 40 + small;
            case 8 -> random.nextBoolean() ? 6 : small;
            default -> small;
        };
    }

    byte[] packet() {
        var ethernet = Frame.ethernet("02:00:00:00:00:0" + random.nextInt(4), "02:00:00:00:00:09");
        Layer network = random.nextInt(3) == 0
            ? ethernet.ipv6("2001:db8::" + random.nextInt(4), "2001:db8::9").trafficClass(random.nextInt(16))
                .flowLabel(random.nextInt(4))
            : ethernet.ipv4("10.0.0." + random.nextInt(4), "10.0.0." + random.nextInt(4)).ttl(1 + random.nextInt(4))
                .tos(random.nextInt(16));
        int source = 20 + random.nextInt(4);
        int target = 20 + random.nextInt(4);
        return switch (random.nextInt(3)) {
            case 0 -> network.udp(source, target).payloadOf(random.nextInt(20)).bytes();
            case 1 -> network.tcp(source, target).flags(random.nextInt(32)).bytes();
            default -> network.tcp(source, target).ack().acknowledgement(40).payloadOf(random.nextInt(9)).bytes();
        };
    }
}
