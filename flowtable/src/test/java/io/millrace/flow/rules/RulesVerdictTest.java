package io.millrace.flow.rules;

import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.ruleset.Verdict;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static io.millrace.flow.rules.RuleParts.ACCEPT;
import static io.millrace.flow.rules.RuleParts.COUNTER;
import static io.millrace.flow.rules.RuleParts.DROP;
import static io.millrace.flow.rules.RuleParts.RETURN;
import static io.millrace.flow.rules.RuleParts.anonymous;
import static io.millrace.flow.rules.RuleParts.decision;
import static io.millrace.flow.rules.RuleParts.field;
import static io.millrace.flow.rules.RuleParts.goTo;
import static io.millrace.flow.rules.RuleParts.is;
import static io.millrace.flow.rules.RuleParts.jump;
import static io.millrace.flow.rules.RuleParts.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What verdicts do to the way through chains.
class RulesVerdictTest {

    private static final String FROM_MAC = "02:00:00:00:00:01";
    private static final String TO_MAC = "02:00:00:00:00:02";
    private static final byte[] FRAME =
        Frame.ethernet(FROM_MAC, TO_MAC).ipv4("10.0.0.1", "10.0.0.2").tcp(1_000, 22).syn().bytes();
    private static final Expression PORT = field(Protocol.TCP, "dport");

    private final RuleScene scene = new RuleScene(7);

    private RuleVerdict run(Ruleset ruleset) throws NotExecutable {
        return scene.load(ruleset).receive(FRAME).forward();
    }

    private static OneTable table() {
        return new OneTable(Family.INET);
    }

    @Test
    void acceptEndsItsBaseChainAlone() throws NotExecutable {
        assertThat(run(table().base("a", Hook.FORWARD, -5, true, List.of(ACCEPT), List.of(DROP))
            .base("b", Hook.FORWARD, 5, true, List.of(COUNTER, DROP)).ruleset())).isEqualTo(RuleVerdict.DROPPED);
        assertThat(run(table().base("a", Hook.FORWARD, -5, true, List.of(ACCEPT), List.of(DROP)).ruleset()))
            .isEqualTo(RuleVerdict.ACCEPTED);
    }

    @Test
    void dropIsFinal() throws NotExecutable {
        Ruleset ruleset = table().base("late", Hook.FORWARD, 5, true, List.of(COUNTER))
            .base("a", Hook.FORWARD, -5, true, List.of(DROP)).ruleset();
        assertThat(run(ruleset)).isEqualTo(RuleVerdict.DROPPED);
        assertThat(scene.program.rulePackets(Family.INET, "t", 1, 0)).isZero();
    }

    @Test
    void thePolicyDecidesAtTheEnd() throws NotExecutable {
        assertThat(run(table().base("a", Hook.FORWARD, 0, false).ruleset())).isEqualTo(RuleVerdict.POLICY_DROPPED);
        assertThat(run(table().base("a", Hook.FORWARD, 0, false, List.of(RETURN), List.of(ACCEPT)).ruleset()))
            .isEqualTo(RuleVerdict.POLICY_DROPPED);
        assertThat(run(table().base("a", Hook.FORWARD, 0, true).ruleset())).isEqualTo(RuleVerdict.ACCEPTED);
    }

    @Test
    void jumpComesBackBehindItselfAndGotoDoesNot() throws NotExecutable {
        assertThat(run(table().base("a", Hook.FORWARD, 0, true, List.of(jump("x")), List.of(DROP))
            .chain("x", Optional.empty(), List.of(is(PORT, 23), DROP)).ruleset())).isEqualTo(RuleVerdict.DROPPED);
        assertThat(run(table().base("a", Hook.FORWARD, 0, true, List.of(jump("x")), List.of(DROP))
            .chain("x", Optional.empty(), List.of(ACCEPT)).ruleset())).isEqualTo(RuleVerdict.ACCEPTED);
        assertThat(run(table().base("a", Hook.FORWARD, 0, true, List.of(goTo("x")), List.of(DROP))
            .chain("x", Optional.empty()).ruleset())).isEqualTo(RuleVerdict.ACCEPTED);
        // A goto inside of a jump comes back to behind the jump.
        assertThat(run(table().base("a", Hook.FORWARD, 0, true, List.of(jump("x")), List.of(DROP))
            .chain("x", Optional.empty(), List.of(goTo("y")), List.of(ACCEPT))
            .chain("y", Optional.empty(), List.of(RETURN), List.of(ACCEPT)).ruleset()))
            .isEqualTo(RuleVerdict.DROPPED);
    }

    @Test
    void takesSixteenChainsInARow() throws NotExecutable {
        assertThat(run(chainOf(16))).isEqualTo(RuleVerdict.DROPPED);
        assertThatThrownBy(() -> run(chainOf(17))).isInstanceOf(NotExecutable.class).hasMessageContaining("too deep");
    }

    private static Ruleset chainOf(int count) {
        OneTable table = table();
        table.base("c0", Hook.FORWARD, 0, true, List.of(jump("c1")), List.of(DROP));
        for (int i = 1; i < count - 1; i++) table.chain("c" + i, Optional.empty(), List.of(jump("c" + (i + 1))));
        return table.chain("c" + (count - 1), Optional.empty()).ruleset();
    }

    @Test
    void decidesByMap() throws NotExecutable {
        assertThat(run(vmap(22, Verdict.DROP))).isEqualTo(RuleVerdict.DROPPED);
        assertThat(run(vmap(23, Verdict.DROP))).isEqualTo(RuleVerdict.POLICY_DROPPED);
        assertThat(run(vmap(22, Verdict.ACCEPT))).isEqualTo(RuleVerdict.ACCEPTED);
        assertThat(run(vmap(22, Verdict.RETURN))).isEqualTo(RuleVerdict.POLICY_DROPPED);
        assertThat(run(vmap(22, Verdict.jump("yes")))).isEqualTo(RuleVerdict.ACCEPTED);
        assertThat(run(vmap(22, Verdict.jump("no")))).isEqualTo(RuleVerdict.POLICY_DROPPED);
        assertThat(run(vmap(22, Verdict.goTo("yes")))).isEqualTo(RuleVerdict.ACCEPTED);
    }

    private static Ruleset vmap(int port, Verdict verdict) {
        var map = anonymous(PORT, List.of(FieldType.of(DataType.VERDICT)),
            Element.of(number(PORT, port), decision(verdict)), Element.of(number(PORT, 9), decision(Verdict.DROP)));
        return table().base("a", Hook.FORWARD, 0, false, List.of(new Statement.DecideByMap(PORT, map)))
            .chain("yes", Optional.empty(), List.of(ACCEPT)).chain("no", Optional.empty()).ruleset();
    }

    @Test
    void findsTheElementForAllOthers() throws NotExecutable {
        var map = anonymous(PORT, List.of(FieldType.of(DataType.VERDICT)),
            Element.of(number(PORT, 23), decision(Verdict.ACCEPT)),
            Element.of(new Value.Everything(PORT.type(), 16), decision(Verdict.DROP)));
        assertThat(run(OneTable.rule(Family.INET, new Statement.DecideByMap(PORT, map))))
            .isEqualTo(RuleVerdict.DROPPED);
    }

    @Test
    void rejectsWithTypeAndCode() throws NotExecutable {
        run(OneTable.rule(Family.INET, new Statement.Reject(Statement.RejectKind.ICMPX, 3)));
        assertThat(scene.outcome.verdict()).isEqualTo(RuleVerdict.REJECTED);
        assertThat(scene.outcome.rejectKind()).isEqualTo(Statement.RejectKind.ICMPX);
        assertThat(scene.outcome.rejectCode()).isEqualTo(3);
    }

    @Test
    void queuesByNumber() throws NotExecutable {
        Value number = Value.Number.of(DataType.INTEGER, 16, 5);
        assertThat(run(OneTable.rule(Family.INET, new Statement.Queue(number, false, false))))
            .isEqualTo(RuleVerdict.QUEUED);
        assertThat(scene.outcome.queue()).isEqualTo(5);
        assertThat(run(OneTable.rule(Family.INET, new Statement.Queue(number, true, false), DROP)))
            .isEqualTo(RuleVerdict.ACCEPTED);
    }

    @Test
    void runsTheChainsBetweenTwoPriorities() throws NotExecutable {
        scene.load(table().base("raw", Hook.PREROUTING, -300, true, List.of(new Statement.NoTrack()))
            .base("mangle", Hook.PREROUTING, -150, true, List.of(DROP)).ruleset()).receive(FRAME);
        assertThat(scene.machine.filter(Hook.PREROUTING, Integer.MIN_VALUE, -200, scene.rulePacket, scene.outcome))
            .isEqualTo(RuleVerdict.ACCEPTED);
        assertThat(scene.tracked.state().nftBit()).isEqualTo(64);
        assertThat(scene.machine.filter(Hook.PREROUTING, -200, -100, scene.rulePacket, scene.outcome))
            .isEqualTo(RuleVerdict.DROPPED);
    }

    @Test
    void showsPacketsToTheChainsOfTheirFamily() throws NotExecutable {
        scene.load(OneTable.rule(Family.IP6, DROP)).receive(FRAME);
        assertThat(scene.forward()).isEqualTo(RuleVerdict.ACCEPTED);
        byte[] six = Frame.ethernet(FROM_MAC, TO_MAC).ipv6("2001:db8::1", "2001:db8::2").udp(1, 2).bytes();
        assertThat(scene.receive(six).forward()).isEqualTo(RuleVerdict.DROPPED);
    }

    @Test
    void runsIngressChainsOfTheirInterfaces() throws NotExecutable {
        scene.load(new OneTable(Family.NETDEV)
            .base("i", ChainType.FILTER, Hook.INGRESS, 0, true, List.of("wan0"), List.of(DROP)).ruleset());
        scene.receive(FRAME);
        assertThat(frame(RuleScene.LAN)).isEqualTo(RuleVerdict.ACCEPTED);
        assertThat(frame(RuleScene.WAN)).isEqualTo(RuleVerdict.DROPPED);
    }

    private RuleVerdict frame(int ingress) {
        scene.rulePacket.beginFrame(RuleScene.PACKET, RuleScene.L3, scene.tracked, scene.nowNs)
            .interfaces(ingress, -1);
        return scene.machine.frame(false, Integer.MIN_VALUE, Integer.MAX_VALUE, scene.rulePacket, scene.outcome);
    }

    @Test
    void namesWhatItCannotExecute() {
        assertThatThrownBy(() -> run(OneTable.rule(Family.INET, new Statement.Synproxy(0, 0, false, false))))
            .isInstanceOf(NotExecutable.class).hasMessage("inet t, chain c, rule 1: synproxy");
        var helper = new Statement.UseObject(ObjectKind.CT_HELPER,
            new Value.ObjectName("ftp"));
        assertThatThrownBy(() -> run(OneTable.rule(Family.INET, helper))).hasMessageContaining("ct helper");
    }
}
