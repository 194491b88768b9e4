package io.millrace.flow.rules;

import io.millrace.flow.nat.NatRange;
import io.millrace.flow.ruleset.ChainType;
import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Element;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.FieldType;
import io.millrace.flow.ruleset.Hook;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.ObjectKind;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Ruleset;
import io.millrace.flow.ruleset.Statement.NatKind;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.packet.address.IpAddress;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import static io.millrace.flow.rules.RuleParts.ACCEPT;
import static io.millrace.flow.rules.RuleParts.COUNTER;
import static io.millrace.flow.rules.RuleParts.DROP;
import static io.millrace.flow.rules.RuleParts.address;
import static io.millrace.flow.rules.RuleParts.anonymous;
import static io.millrace.flow.rules.RuleParts.ct;
import static io.millrace.flow.rules.RuleParts.field;
import static io.millrace.flow.rules.RuleParts.is;
import static io.millrace.flow.rules.RuleParts.number;
import static io.millrace.flow.rules.RuleParts.range;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// What statements do besides deciding.
class RulesStatementTest {

    private static final String FROM_MAC = "02:00:00:00:00:01";
    private static final String TO_MAC = "02:00:00:00:00:02";
    private static final byte[] FRAME =
        Frame.ethernet(FROM_MAC, TO_MAC).ipv4("10.0.0.1", "10.0.0.2").tcp(1_000, 22).syn().payloadOf(60).bytes();
    private static final byte[] SIX =
        Frame.ethernet(FROM_MAC, TO_MAC).ipv6("2001:db8::1", "2001:db8::2").udp(7, 8).payloadOf(31).bytes();
    private static final Expression PORT = field(Protocol.TCP, "dport");
    private static final long SECOND_NS = 1_000_000_000L;

    private final RuleScene scene = new RuleScene(7);

    private RuleScene run(Statement... statements) throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, statements)).receive(FRAME).forward();
        return scene;
    }

    private int passedOf(int count) {
        int passed = 0;
        for (int i = 0; i < count; i++) if (scene.receive(FRAME).forward() == RuleVerdict.DROPPED) passed++;
        return passed;
    }

    @Test
    void countsPacketsAndBytesFromTheIpHeaderOn() throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, new Statement.Counter(5, 500), is(PORT, 23), COUNTER));
        passedOf(3);
        assertThat(scene.program.rulePackets(Family.INET, "t", 1, 0)).isEqualTo(8);
        assertThat(scene.program.ruleBytes(Family.INET, "t", 1, 0)).isEqualTo(800);
        assertThat(scene.program.rulePackets(Family.INET, "t", 1, 2)).isZero();
    }

    @Test
    void limitsPacketsByTokensThatFillWithTime() throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, new Statement.Limit(10, 1, 5, false, false), DROP));
        assertThat(passedOf(20)).isEqualTo(5);
        scene.nowNs += SECOND_NS / 10 - 1;
        assertThat(passedOf(5)).isZero();
        scene.nowNs += 1;
        assertThat(passedOf(5)).isEqualTo(1);
        scene.nowNs += 100 * SECOND_NS;
        assertThat(passedOf(20)).isEqualTo(5);
    }

    @Test
    void matchesOverTheLimitWhenAsked() throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, new Statement.Limit(1, 60, 2, false, true), DROP));
        assertThat(passedOf(10)).isEqualTo(8);
    }

    @Test
    void limitsBytes() throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, new Statement.Limit(1_000, 1, 500, true, false), DROP));
        assertThat(passedOf(100)).isEqualTo(15);
        scene.nowNs += SECOND_NS / 2;
        assertThat(passedOf(100)).isEqualTo(5);
    }

    @Test
    void consumesAQuota() throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, new Statement.Quota(250, 0, false), DROP));
        assertThat(passedOf(5)).isEqualTo(2);
        scene.load(OneTable.rule(Family.IP, new Statement.Quota(250, 100, true), DROP));
        assertThat(passedOf(5)).isEqualTo(4);
    }

    @Test
    void sharesNamedObjectsAndHandsThemToTheNextRuleset() throws NotExecutable {
        Ruleset shared = shared(22);
        scene.load(shared);
        passedOf(3);
        assertThat(scene.program.packets(Family.INET, "t", "hits")).isEqualTo(6);
        scene.load(shared(23));
        passedOf(1);
        assertThat(scene.program.packets(Family.INET, "t", "hits")).isEqualTo(7);
        assertThat(scene.program.bytes(Family.INET, "t", "hits")).isEqualTo(700);
        assertThat(scene.program.quotaBytes(Family.INET, "t", "volume")).isEqualTo(300);
    }

    private static Ruleset shared(int port) {
        var hits = new Statement.UseObject(ObjectKind.COUNTER, new Value.ObjectName("hits"));
        var volume = new Statement.UseObject(ObjectKind.QUOTA, new Value.ObjectName("volume"));
        return new OneTable(Family.INET).object("hits", COUNTER, ObjectKind.COUNTER)
            .object("volume", new Statement.Quota(1 << 20, 0, false), ObjectKind.QUOTA)
            .base("c", Hook.FORWARD, 0, true, List.of(hits), List.of(is(PORT, port), hits, volume, DROP)).ruleset();
    }

    @Test
    void setsMarks() throws NotExecutable {
        Expression mark = new Expression.Meta(MetaKey.MARK);
        run(new Statement.SetMeta(MetaKey.MARK, number(mark, 0xdead_beefL)));
        assertThat(scene.meta.mark(RuleScene.PACKET)).isEqualTo(0xdead_beef);
        var or = new Expression.Bitwise(Expression.BitOperator.OR, ct(CtKey.MARK), number(ct(CtKey.MARK), 0x10));
        scene.load(OneTable.rule(Family.INET, new Statement.SetCt(CtKey.MARK, null, number(mark, 3)),
            new Statement.SetCt(CtKey.MARK, null, or), new Statement.SetMeta(MetaKey.MARK, ct(CtKey.MARK))));
        scene.receive(FRAME).track(true).forward();
        assertThat(scene.table.connections().mark(scene.tracked.entry())).isEqualTo(0x13);
        assertThat(scene.meta.mark(RuleScene.PACKET)).isEqualTo(0x13);
    }

    @Test
    void setsTheZoneBeforeTracking() throws NotExecutable {
        run(new Statement.SetCt(CtKey.ZONE, null, number(ct(CtKey.ZONE), 9)));
        assertThat(scene.tracked.zone()).isEqualTo(9);
    }

    @Test
    void setsFieldsAndKeepsChecksumsRight() throws NotExecutable {
        run(set(Protocol.IP, "dscp", 46), set(Protocol.IP, "ttl", 9), set(Protocol.TCP, "dport", 8_080),
            new Statement.SetPayload(field(Protocol.IP, "saddr"), address("192.0.2.77")));
        assertThatFrame(scene.frame()).hasValidChecksums().from("192.0.2.77", 1_000).to("10.0.0.2", 8_080).ttl(9)
            .tos(46 << 2);
        run(set(Protocol.TCP, "sequence", 0xfeed_f00dL), set(Protocol.TCP, "window", 1), set(Protocol.TCP, "doff", 5));
        assertThatFrame(scene.frame()).hasValidChecksums().withSequence(0xfeed_f00dL).withWindow(1);
        run(set(Protocol.ETHER, "daddr", 0x0200_0000_00ffL));
        assertThatFrame(scene.frame()).toMac("02:00:00:00:00:ff").hasValidChecksums();
    }

    @Test
    void setsFieldsOfIpv6() throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, set(Protocol.IP6, "hoplimit", 3), set(Protocol.IP6, "flowlabel", 0x12345),
            set(Protocol.UDP, "sport", 999),
            new Statement.SetPayload(field(Protocol.IP6, "daddr"), address("2001:db8:ffff::9"))));
        scene.receive(SIX).forward();
        assertThatFrame(scene.frame()).hasValidChecksums().from("2001:db8::1", 999).to("2001:db8:ffff::9", 8).ttl(3)
            .flowLabel(0x12345);
    }

    @Test
    void lowersTheSegmentSizeAndNeverRaisesIt() throws NotExecutable {
        assertThatFrame(clamped(1_400, Value.Number.of(DataType.INTEGER, 16, 1_300))).withMss(1_300)
            .hasValidChecksums();
        assertThatFrame(clamped(1_200, Value.Number.of(DataType.INTEGER, 16, 1_300))).withMss(1_200)
            .hasValidChecksums();
        assertThatFrame(clamped(9_000, new Expression.Route(Expression.RouteKey.MTU))).withMss(1_460)
            .hasValidChecksums();
    }

    /// The option begins at an odd byte.
    private byte[] clamped(int mss, Expression value) throws NotExecutable {
        var size = new Expression.Option(Expression.OptionKind.TCP_OPTION, 2, "maxseg", "size", DataType.INTEGER, 16,
            16, false);
        scene.load(OneTable.rule(Family.INET, new Statement.SetOption(size, value)));
        scene.receive(Frame.ethernet(FROM_MAC, TO_MAC).ipv4("10.0.0.1", "8.8.8.8").tcp(5, 6).syn().nop().mss(mss)
            .bytes()).forward();
        return scene.frame();
    }

    private static Statement set(Protocol protocol, String name, long value) {
        return new Statement.SetPayload(field(protocol, name), number(field(protocol, name), value));
    }

    @Test
    void recordsTranslations() throws NotExecutable {
        Value addresses = new Value.Range(address("192.0.2.1"), address("192.0.2.9"));
        nat(Hook.POSTROUTING, new Statement.Nat(NatKind.SNAT, Family.IP, addresses, range(PORT, 2_000, 3_000),
            Set.of(Statement.NatFlag.PERSISTENT), false));
        NatRange range = scene.outcome.natRange();
        assertThat(scene.outcome.natKind()).isEqualTo(NatKind.SNAT);
        assertThat(range.minLow()).isEqualTo(IpAddress.parse("192.0.2.1").low());
        assertThat(range.maxLow()).isEqualTo(IpAddress.parse("192.0.2.9").low());
        assertThat(range.portMin()).isEqualTo(2_000);
        assertThat(range.portMax()).isEqualTo(3_000);
        assertThat(range.has(NatRange.PERSISTENT)).isTrue();
        nat(Hook.POSTROUTING, new Statement.Nat(NatKind.MASQUERADE, null, null, null, Set.of(), false));
        assertThat(scene.outcome.natKind()).isEqualTo(NatKind.MASQUERADE);
        assertThat(range.has(NatRange.ADDRESSES) || range.has(NatRange.PORTS)).isFalse();
        assertThat(scene.forward().isAccepted()).isTrue();
        assertThat(scene.outcome.hasNat()).isFalse();
    }

    @Test
    void translatesByMapToAddressAndPort() throws NotExecutable {
        List<FieldType> data = List.of(FieldType.of(DataType.IPV4_ADDR), FieldType.of(DataType.INET_SERVICE));
        var to = new Value.Tuple(List.of(address("10.9.9.9"), number(PORT, 8_022)));
        var map = new Expression.Mapped(PORT, anonymous(PORT, data, Element.of(number(PORT, 22), to)),
            DataType.IPV4_ADDR, 64);
        nat(Hook.PREROUTING, new Statement.Nat(NatKind.DNAT, Family.IP, map, null, Set.of(), false));
        assertThat(scene.outcome.natRange().minLow()).isEqualTo(IpAddress.parse("10.9.9.9").low());
        assertThat(scene.outcome.natRange().maxLow()).isEqualTo(IpAddress.parse("10.9.9.9").low());
        assertThat(scene.outcome.natRange().portMin()).isEqualTo(8_022);
        assertThat(scene.outcome.natRange().portMax()).isEqualTo(8_022);
    }

    private void nat(Hook hook, Statement statement) throws NotExecutable {
        scene.load(new OneTable(Family.INET)
            .base("n", ChainType.NAT, hook, 100, true, List.of(), List.of(statement))
            .base("later", ChainType.NAT, hook, 101, true, List.of(), List.of(DROP)).ruleset()).receive(FRAME);
        assertThat(scene.machine.nat(hook, scene.rulePacket, scene.outcome)).isEqualTo(RuleVerdict.ACCEPTED);
        assertThat(scene.filter(hook)).isEqualTo(RuleVerdict.ACCEPTED);
        scene.machine.nat(hook, scene.rulePacket, scene.outcome);
    }

    @Test
    void recordsOffloadsAndLogsInTheirOrder() throws NotExecutable {
        var log = new Statement.Log("a", Statement.LogLevel.INFO, Set.of(), -1, 0, 0);
        var other = new Statement.Log("b", Statement.LogLevel.WARN, Set.of(), -1, 0, 0);
        scene.load(new OneTable(Family.INET).flowtable("f").base("c", Hook.FORWARD, 0, true,
            List.of(log, new Statement.Offload("f"), other, ACCEPT)).ruleset()).receive(FRAME).forward();
        assertThat(scene.outcome.logCount()).isEqualTo(2);
        assertThat(scene.program.logs().get(scene.outcome.log(1)).prefix()).isEqualTo("b");
        assertThat(scene.outcome.offloadCount()).isEqualTo(1);
        assertThat(scene.program.flowtables().get(scene.outcome.offload(0)).flowtable().name()).isEqualTo("f");
    }

    @Test
    void sendsCopiesAndThePacketElsewhere() throws NotExecutable {
        var device = new Value.Text(DataType.IFACE_INDEX, 32, "wan0", false);
        run(new Statement.Duplicate(address("10.7.7.7"), device),
            new Statement.Forward(Family.IP6, address("2001:db8::7"), device), DROP);
        assertThat(scene.outcome.verdict()).isEqualTo(RuleVerdict.TAKEN);
        assertThat(scene.outcome.copyCount()).isEqualTo(1);
        assertThat(scene.outcome.copy(0).low()).isEqualTo(IpAddress.parse("10.7.7.7").low());
        assertThat(scene.outcome.copy(0).family()).isEqualTo(4);
        assertThat(scene.outcome.copy(0).interfaceIndex()).isEqualTo(RuleScene.WAN);
        assertThat(scene.outcome.forward().family()).isEqualTo(6);
        assertThat(scene.outcome.forward().high()).isEqualTo(IpAddress.parse("2001:db8::7").high());
    }

    @Test
    void leavesOutWhatThereIsNoRoomFor() throws NotExecutable {
        var log = new Statement.Log("", Statement.LogLevel.INFO, Set.of(), -1, 0, 0);
        Statement[] many = new Statement[RuleOutcome.RECORD_MAX + 3];
        Arrays.fill(many, log);
        run(many);
        assertThat(scene.outcome.logCount()).isEqualTo(RuleOutcome.RECORD_MAX);
        assertThat(scene.outcome.leftOutCount()).isEqualTo(3);
    }
}
