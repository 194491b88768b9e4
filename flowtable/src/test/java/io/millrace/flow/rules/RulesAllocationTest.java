package io.millrace.flow.rules;

import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.ElementSet.Flag;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.SetUse;
import io.millrace.flow.ruleset.Statement.NatKind;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.testkit.Allocation;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import static io.millrace.flow.rules.RuleParts.COUNTER;
import static io.millrace.flow.rules.RuleParts.RETURN;
import static io.millrace.flow.rules.RuleParts.address;
import static io.millrace.flow.rules.RuleParts.ct;
import static io.millrace.flow.rules.RuleParts.field;
import static io.millrace.flow.rules.RuleParts.in;
import static io.millrace.flow.rules.RuleParts.is;
import static io.millrace.flow.rules.RuleParts.jump;
import static io.millrace.flow.rules.RuleParts.match;
import static io.millrace.flow.rules.RuleParts.meta;
import static io.millrace.flow.rules.RuleParts.name;
import static io.millrace.flow.rules.RuleParts.named;
import static io.millrace.flow.rules.RuleParts.number;
import static io.millrace.flow.rules.RuleParts.range;
import static io.millrace.flow.rules.RuleParts.type;
import static org.assertj.core.api.Assertions.assertThat;

/// Running packets through rules of every kind allocates nothing. Runs without assertions.
class RulesAllocationTest {

    private static final int ROUNDS = 5_000;
    private static final Expression SOURCE = field(Protocol.IP, "saddr");
    private static final Expression PORT = field(Protocol.UDP, "dport");

    @Test
    void packetsAllocateNothing() throws NotExecutable {
        var scene = new RuleScene(3).load(ruleset());
        byte[][] frames = new byte[64][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frame.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv4("10.0.0." + i, "10.9.9.9")
                .udp(1_000 + i, 53).payloadOf(30).bytes();
        }
        assertThat(Allocation.bytesOnceWarm(() -> rounds(scene, frames))).isZero();
        assertThat(scene.program.rulePackets(Family.INET, "t", 1, 0)).isGreaterThan(ROUNDS - 1);
    }

    private static Ruleset ruleset() {
        var flows = named("s", List.of(type(SOURCE)), List.of(), 16, 2_000, Set.of(Flag.DYNAMIC, Flag.TIMEOUT),
            List.of(), List.of());
        var concat = new Expression.Concat(List.of(SOURCE, PORT));
        var key = new Value.Tuple(List.of(range(SOURCE, 0x0a00_0000L, 0x0a00_0010L), number(PORT, 53)));
        return new OneTable(Family.INET).set(flows)
            .base("c", Hook.FORWARD, 0, true,
                List.of(COUNTER, match(ct(CtKey.STATE), Relation.ANY_BIT, 1), jump("x")),
                List.of(is(meta(MetaKey.IIFNAME), name("eth*")), new Statement.Limit(10, 1, 5, false, false), COUNTER),
                List.of(in(SOURCE, range(SOURCE, 1, 2), range(SOURCE, 0x0a00_0000L, 0x0a00_0004L)), COUNTER),
                List.of(in(concat, key), COUNTER),
                List.of(new Statement.ConnectionCount(5, false), COUNTER),
                List.of(new Statement.UpdateSet(Statement.SetOperation.UPDATE, new SetUse.Named("s"), SOURCE, null, 0,
                    List.of(COUNTER)), COUNTER),
                List.of(new Statement.SetPayload(SOURCE, address("192.0.2.1")),
                    new Statement.SetPayload(PORT, number(PORT, 5_353)),
                    new Statement.SetMeta(MetaKey.MARK, meta(MetaKey.LENGTH))))
            .chain("x", Optional.empty(), List.of(COUNTER, RETURN))
            .base("n", ChainType.NAT, Hook.POSTROUTING, 100, true, List.of(),
                List.of(new Statement.Nat(NatKind.SNAT, Family.IP, new Expression.Mapped(PORT,
                    RuleParts.anonymous(PORT, List.of(type(SOURCE)),
                        Element.of(number(PORT, 5_353), address("192.0.2.9"))), DataType.IPV4_ADDR, 32),
                    null, Set.of(), false)))
            .ruleset();
    }

    private static void rounds(RuleScene scene, byte[][] frames) {
        for (int i = 0; i < ROUNDS; i++) {
            scene.nowNs += 10_000_000;
            scene.receive(frames[i & frames.length - 1]).track(false).forward();
            scene.table.confirm(scene.tracked, scene.nowNs);
            scene.table.release(scene.tracked);
            if ((i & 63) == 0) scene.table.sweep(scene.nowNs, 128);
            scene.machine.nat(Hook.POSTROUTING, scene.rulePacket, scene.outcome);
        }
    }
}
