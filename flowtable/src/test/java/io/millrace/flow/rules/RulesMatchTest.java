package io.millrace.flow.rules;

import io.millrace.flow.ruleset.CtKey;
import io.millrace.flow.ruleset.DataType;
import io.millrace.flow.ruleset.Expression.BitOperator;
import io.millrace.flow.ruleset.Expression.FibInput;
import io.millrace.flow.ruleset.Expression.FibResult;
import io.millrace.flow.ruleset.Expression;
import io.millrace.flow.ruleset.Family;
import io.millrace.flow.ruleset.MetaKey;
import io.millrace.flow.ruleset.PayloadBase;
import io.millrace.flow.ruleset.Protocol;
import io.millrace.flow.ruleset.Statement.Relation;
import io.millrace.flow.ruleset.Statement;
import io.millrace.flow.ruleset.Value;
import io.millrace.flow.track.ConnectionStatus;
import io.millrace.packet.memory.LinkClass;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv4Layer;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

import static io.millrace.flow.rules.RuleParts.DROP;
import static io.millrace.flow.rules.RuleParts.address;
import static io.millrace.flow.rules.RuleParts.ct;
import static io.millrace.flow.rules.RuleParts.field;
import static io.millrace.flow.rules.RuleParts.is;
import static io.millrace.flow.rules.RuleParts.match;
import static io.millrace.flow.rules.RuleParts.meta;
import static io.millrace.flow.rules.RuleParts.name;
import static io.millrace.flow.rules.RuleParts.number;
import static io.millrace.flow.rules.RuleParts.range;
import static org.assertj.core.api.Assertions.assertThat;

/// Every match that a rule can make, once true and once false: a rule that matches drops.
class RulesMatchTest {

    private static final String FROM_MAC = "02:00:00:00:00:01";
    private static final String TO_MAC = "02:00:00:00:00:02";
    private static final byte[] SYN = ipv4().tcp(40_000, 443).syn().sequence(77).bytes();
    private static final byte[] SIX = ipv6().udp(5_353, 53).payloadOf(12).bytes();

    private final RuleScene scene = new RuleScene(7);

    private static Ipv4Layer ipv4() {
        return Frame.ethernet(FROM_MAC, TO_MAC).ipv4("10.1.2.3", "198.51.100.9").ttl(61).tos(0x2d);
    }

    private static Ipv6Layer ipv6() {
        return Frame.ethernet(FROM_MAC, TO_MAC).ipv6("2001:db8::1", "2001:db8:0:1::2").hopLimit(9).flowLabel(0xabcde);
    }

    private boolean matches(byte[] frame, Statement... statements) throws NotExecutable {
        Statement[] rule = Arrays.copyOf(statements, statements.length + 1);
        rule[statements.length] = DROP;
        int l3 = Byte.toUnsignedInt(frame[12]) == 0x81 ? 18 : 14;
        scene.load(OneTable.rule(Family.INET, rule)).receive(frame, l3);
        return scene.forward() == RuleVerdict.DROPPED;
    }

    private void assertIs(byte[] frame, Expression left, long right) throws NotExecutable {
        assertThat(matches(frame, is(left, right))).as("%s is %d", left, right).isTrue();
        assertThat(matches(frame, is(left, right ^ 1))).as("%s is not %d", left, right).isFalse();
    }

    @Test
    void readsFieldsOfIpv4AndTcp() throws NotExecutable {
        assertIs(SYN, field(Protocol.IP, "version"), 4);
        assertIs(SYN, field(Protocol.IP, "hdrlength"), 5);
        assertIs(SYN, field(Protocol.IP, "dscp"), 0x2d >> 2);
        assertIs(SYN, field(Protocol.IP, "ecn"), 1);
        assertIs(SYN, field(Protocol.IP, "length"), 40);
        assertIs(SYN, field(Protocol.IP, "ttl"), 61);
        assertIs(SYN, field(Protocol.IP, "protocol"), 6);
        assertIs(SYN, field(Protocol.IP, "saddr"), 0x0a01_0203);
        assertIs(SYN, field(Protocol.TCP, "sport"), 40_000);
        assertIs(SYN, field(Protocol.TH, "dport"), 443);
        assertIs(SYN, field(Protocol.TCP, "sequence"), 77);
        assertIs(SYN, field(Protocol.TCP, "doff"), 5);
        assertIs(SYN, field(Protocol.TCP, "flags"), 2);
    }

    @Test
    void readsFieldsOfIpv6AndUdp() throws NotExecutable {
        assertIs(SIX, field(Protocol.IP6, "flowlabel"), 0xabcde);
        assertIs(SIX, field(Protocol.IP6, "length"), 20);
        assertIs(SIX, field(Protocol.IP6, "nexthdr"), 17);
        assertIs(SIX, field(Protocol.IP6, "hoplimit"), 9);
        assertIs(SIX, field(Protocol.UDP, "dport"), 53);
        assertIs(SIX, field(Protocol.UDP, "length"), 20);
        assertThat(matches(SIX, is(field(Protocol.IP6, "daddr"), address("2001:db8:0:1::2")))).isTrue();
        assertThat(matches(SIX, is(field(Protocol.IP6, "daddr"), address("2001:db8:0:1::3")))).isFalse();
        assertThat(matches(SIX, new Statement.Match(field(Protocol.IP6, "daddr"), Relation.NOT_EQUAL,
            address("2001:db8:0:1::3")))).isTrue();
    }

    @Test
    void readsTheLinkAndItsTags() throws NotExecutable {
        byte[] tagged = Frame.ethernet(FROM_MAC, TO_MAC).vlan(1005).priority(3).ipv4("10.1.2.3", "10.9.9.9")
            .udp(1, 2).bytes();
        assertIs(tagged, field(Protocol.ETHER, "saddr"), 0x02_00_00_00_00_01L);
        assertIs(tagged, field(Protocol.ETHER, "type"), 0x8100);
        assertIs(tagged, field(Protocol.VLAN, "id"), 1005);
        assertIs(tagged, field(Protocol.VLAN, "pcp"), 3);
        assertIs(tagged, field(Protocol.VLAN, "type"), 0x0800);
    }

    @Test
    void readsIcmp() throws NotExecutable {
        byte[] echo = ipv4().icmpEchoRequest(0x1234, 9).bytes();
        assertIs(echo, field(Protocol.ICMP, "type"), 8);
        assertIs(echo, field(Protocol.ICMP, "id"), 0x1234);
        assertIs(echo, field(Protocol.ICMP, "sequence"), 9);
        assertIs(ipv6().icmpv6EchoRequest(1, 2).bytes(), field(Protocol.ICMPV6, "type"), 128);
    }

    @Test
    void readsBitsAnywhere() throws NotExecutable {
        assertIs(SYN, new Expression.RawPayload(PayloadBase.NETWORK, 67, 9), (61 & 0x1f) << 4);
        assertIs(SYN, new Expression.RawPayload(PayloadBase.TRANSPORT, 16, 16), 443);
        assertIs(SYN, new Expression.RawPayload(PayloadBase.LINK, 0, 8), 2);
        assertIs(SIX, new Expression.RawPayload(PayloadBase.INNER, 8, 16), 0x0102);
        var addresses = new Expression.RawPayload(PayloadBase.NETWORK, 96, 64);
        assertIs(SYN, addresses, 0x0a01_0203L << 32 | 0xc633_6409L);
    }

    @Test
    void hasNoTransportInLaterFragments() throws NotExecutable {
        byte[] later = ipv4().fragmentOffsetBytes(64).protocol(17).payloadOf(40).bytes();
        assertThat(matches(later, is(field(Protocol.UDP, "dport"), 0x0203))).isFalse();
        assertThat(matches(later, match(field(Protocol.UDP, "dport"), Relation.GREATER_OR_EQUAL, 0))).isFalse();
        assertIs(later, meta(MetaKey.L4PROTO), 17);
    }

    @Test
    void endsTheRuleAtAFieldThatThePacketLacks() throws NotExecutable {
        byte[] cut = ipv4().protocol(6).payloadOf(10).bytes();
        assertThat(matches(cut, match(field(Protocol.TCP, "flags"), Relation.GREATER_OR_EQUAL, 0))).isFalse();
        assertThat(matches(cut, match(field(Protocol.TCP, "ackseq"), Relation.NOT_EQUAL, 1))).isFalse();
        assertThat(matches(cut, match(field(Protocol.TCP, "sequence"), Relation.GREATER_OR_EQUAL, 0))).isTrue();
    }

    @Test
    void compares() throws NotExecutable {
        Expression port = field(Protocol.TCP, "dport");
        assertThat(matches(SYN, match(port, Relation.LESS, 443))).isFalse();
        assertThat(matches(SYN, match(port, Relation.LESS, 444))).isTrue();
        assertThat(matches(SYN, match(port, Relation.LESS, 0))).isFalse();
        assertThat(matches(SYN, match(port, Relation.LESS_OR_EQUAL, 443))).isTrue();
        assertThat(matches(SYN, match(port, Relation.GREATER, 443))).isFalse();
        assertThat(matches(SYN, match(port, Relation.GREATER, 442))).isTrue();
        assertThat(matches(SYN, match(port, Relation.GREATER_OR_EQUAL, 443))).isTrue();
        assertThat(matches(SYN, match(port, Relation.NOT_EQUAL, 443))).isFalse();
        assertThat(matches(SYN, is(port, range(port, 400, 443)))).isTrue();
        assertThat(matches(SYN, is(port, range(port, 444, 500)))).isFalse();
        assertThat(matches(SYN, new Statement.Match(port, Relation.NOT_EQUAL, range(port, 444, 500)))).isTrue();
        Expression source = field(Protocol.IP, "saddr");
        assertThat(matches(SYN, is(source, new Value.Prefix(address("10.1.0.0"), 16)))).isTrue();
        assertThat(matches(SYN, is(source, new Value.Prefix(address("10.2.0.0"), 16)))).isFalse();
        Value.Prefix wide = new Value.Prefix(address("2001:db8:0:1::"), 64);
        assertThat(matches(SIX, is(field(Protocol.IP6, "daddr"), wide))).isTrue();
        assertThat(matches(SIX, is(field(Protocol.IP6, "saddr"), wide))).isFalse();
        // Unsigned: the upper half of the addresses lies above the lower one.
        assertThat(matches(SYN, match(field(Protocol.IP, "daddr"), Relation.GREATER, 0x7fff_ffffL))).isTrue();
    }

    @Test
    void calculatesBitwise() throws NotExecutable {
        Expression flags = field(Protocol.TCP, "flags");
        var masked = new Expression.Bitwise(BitOperator.AND, flags, number(flags, 0x17));
        assertThat(matches(SYN, is(masked, number(flags, 2)))).isTrue();
        assertThat(matches(SYN, is(masked, number(flags, 0x12)))).isFalse();
        assertThat(matches(SYN, match(flags, Relation.ANY_BIT, 6))).isTrue();
        assertThat(matches(SYN, match(flags, Relation.ANY_BIT, 5))).isFalse();
        assertThat(matches(SYN, match(flags, Relation.NO_BIT, 5))).isTrue();
        assertThat(matches(SYN, match(flags, Relation.NO_BIT, 2))).isFalse();
        Expression port = field(Protocol.TCP, "dport");
        assertIs(SYN, new Expression.Bitwise(BitOperator.SHIFT_RIGHT, port, number(port, 3)), 443 >> 3);
        assertIs(SYN, new Expression.Bitwise(BitOperator.SHIFT_LEFT, port, number(port, 9)), 443 << 9 & 0xffff);
        assertIs(SYN, new Expression.Bitwise(BitOperator.XOR, port, number(port, 0x5555)), 443 ^ 0x5555);
        assertIs(SYN, new Expression.Bitwise(BitOperator.OR, port, number(port, 0x5555)), 443 | 0x5555);
    }

    @Test
    void knowsWhatIsBesideThePacket() throws NotExecutable {
        assertIs(SYN, meta(MetaKey.LENGTH), 40);
        assertIs(SYN, meta(MetaKey.PROTOCOL), 0x0800);
        assertIs(SIX, meta(MetaKey.PROTOCOL), 0x86dd);
        assertIs(SYN, meta(MetaKey.NFPROTO), 2);
        assertIs(SIX, meta(MetaKey.NFPROTO), 10);
        assertIs(SYN, meta(MetaKey.L4PROTO), 6);
        assertIs(SYN, meta(MetaKey.IIF), RuleScene.LAN);
        assertIs(SYN, meta(MetaKey.OIF), RuleScene.WAN);
        assertIs(SYN, meta(MetaKey.IIFTYPE), 1);
        assertIs(SYN, meta(MetaKey.OIFTYPE), 512);
        assertIs(SYN, meta(MetaKey.OIFGROUP), 7);
        assertIs(SYN, meta(MetaKey.CPU), 3);
        assertIs(SYN, meta(MetaKey.PKTTYPE), LinkClass.HOST);
        assertIs(SYN, meta(MetaKey.MARK), 0);
    }

    @Test
    void comparesInterfacesByNameNumberAndWildcard() throws NotExecutable {
        assertThat(matches(SYN, is(meta(MetaKey.IIFNAME), name("eth0")))).isTrue();
        assertThat(matches(SYN, is(meta(MetaKey.IIFNAME), name("eth00")))).isFalse();
        assertThat(matches(SYN, is(meta(MetaKey.OIFNAME), name("wan*")))).isTrue();
        assertThat(matches(SYN, is(meta(MetaKey.IIFNAME), name("wan*")))).isFalse();
        assertThat(matches(SYN, is(meta(MetaKey.IIFNAME), name("eth0*")))).isTrue();
        var lan = new Value.Text(DataType.IFACE_INDEX, 32, "eth0", false);
        assertThat(matches(SYN, is(meta(MetaKey.IIF), lan))).isTrue();
        assertThat(matches(SYN, is(meta(MetaKey.OIF), lan))).isFalse();
    }

    @Test
    void seesNoNameAndNoNumberWhereThereIsNoInterface() throws NotExecutable {
        Statement other = new Statement.Match(meta(MetaKey.OIFNAME), Relation.NOT_EQUAL, name("wan0"));
        scene.load(OneTable.rule(Family.INET, other, DROP)).receive(SYN);
        assertThat(scene.forward()).isEqualTo(RuleVerdict.ACCEPTED);
        scene.rulePacket.interfaces(RuleScene.LAN, -1);
        assertThat(scene.forward()).isEqualTo(RuleVerdict.DROPPED);
        scene.load(OneTable.rule(Family.INET, match(meta(MetaKey.OIF), Relation.NOT_EQUAL, 1), DROP));
        assertThat(scene.forward()).isEqualTo(RuleVerdict.DROPPED);
        scene.load(OneTable.rule(Family.INET, match(meta(MetaKey.OIFTYPE), Relation.NOT_EQUAL, 1), DROP));
        assertThat(scene.forward()).isEqualTo(RuleVerdict.ACCEPTED);
    }

    @Test
    void neverMatchesWhatOnlyAHostHas() throws NotExecutable {
        Expression user = meta(MetaKey.SKUID);
        assertThat(matches(SYN, match(user, Relation.EQUAL, 0))).isFalse();
        assertThat(matches(SYN, match(user, Relation.NOT_EQUAL, 0))).isFalse();
    }

    @Test
    void knowsTheConnection() throws NotExecutable {
        connected(match(ct(CtKey.STATE), Relation.ANY_BIT, 8), true);
        connected(match(ct(CtKey.STATE), Relation.ANY_BIT, 2 | 4), false);
        connected(match(ct(CtKey.STATUS), Relation.ANY_BIT, ConnectionStatus.CONFIRMED), true);
        connected(match(ct(CtKey.STATUS), Relation.ANY_BIT, ConnectionStatus.ASSURED), false);
        connected(is(ct(CtKey.DIRECTION), 0), true);
        connected(is(ct(CtKey.MARK), 0), true);
        connected(is(ct(CtKey.PROTOCOL), 6), true);
        connected(is(ct(CtKey.L3PROTOCOL), 2), true);
        connected(match(ct(CtKey.EXPIRATION), Relation.LESS_OR_EQUAL, 120_000), true);
        connected(match(ct(CtKey.EXPIRATION), Relation.GREATER, 100_000), true);
        connected(is(ct(CtKey.LABEL), 0), true);
        connected(is(ct(CtKey.ZONE), 0), true);
        connected(is(ct(CtKey.BYTES), 0), true);
        var reply = new Expression.Ct(CtKey.SOURCE_IP, Expression.Direction.REPLY);
        connected(is(reply, address("198.51.100.9")), true);
        var port = new Expression.Ct(CtKey.PROTO_TARGET, Expression.Direction.ORIGINAL);
        connected(is(port, 443), true);
        connected(is(new Expression.Ct(CtKey.SOURCE_IP6, Expression.Direction.REPLY), address("::1")), false);
    }

    private void connected(Statement statement, boolean isMatch) throws NotExecutable {
        scene.load(OneTable.rule(Family.INET, statement, DROP)).receive(SYN).track(true);
        assertThat(scene.forward() == RuleVerdict.DROPPED).as(statement.toString()).isEqualTo(isMatch);
    }

    @Test
    void knowsNothingOfNoConnectionButItsState() throws NotExecutable {
        assertThat(matches(SYN, match(ct(CtKey.STATE), Relation.ANY_BIT, 1))).isTrue();
        assertThat(matches(SYN, is(ct(CtKey.MARK), 0))).isFalse();
        scene.load(OneTable.rule(Family.INET, match(ct(CtKey.STATE), Relation.ANY_BIT, 64), DROP)).receive(SYN);
        scene.tracked.untracked();
        assertThat(scene.forward()).isEqualTo(RuleVerdict.DROPPED);
    }

    @Test
    void asksTheRoutes() throws NotExecutable {
        var reverse = new Expression.Fib(List.of(FibInput.SADDR, FibInput.IIF), FibResult.PRESENT);
        assertThat(matches(SYN, is(reverse, 1))).isTrue();
        byte[] spoofed = Frame.ethernet(FROM_MAC, TO_MAC).ipv4("8.8.8.8", "10.0.0.1").udp(1, 2).bytes();
        assertThat(matches(spoofed, is(reverse, 0))).isTrue();
        var type = new Expression.Fib(List.of(FibInput.DADDR), FibResult.TYPE);
        byte[] own = Frame.ethernet(FROM_MAC, TO_MAC).ipv4("10.0.0.1", "192.0.2.1").udp(1, 2).bytes();
        assertIs(own, type, 2);
        assertThat(matches(SYN, is(type, 1))).isTrue();
        var egress = new Expression.Fib(List.of(FibInput.DADDR), FibResult.OIFNAME);
        assertThat(matches(SYN, is(egress, name("wan0")))).isTrue();
        byte[] nowhere = Frame.ethernet(FROM_MAC, TO_MAC).ipv4("10.0.0.1", "203.0.113.7").udp(1, 2).bytes();
        assertThat(matches(nowhere, is(egress, name("wan0")))).isFalse();
    }

    @Test
    void findsTcpOptions() throws NotExecutable {
        byte[] options = ipv4().tcp(1, 2).syn().nop().windowScale(7).mss(1_460).bytes();
        assertIs(options, option(2, "size", 16, 16), 1_460);
        assertIs(options, option(3, "count", 16, 8), 7);
        assertIs(options, present(2), 1);
        assertIs(options, present(8), 0);
        assertIs(SYN, present(2), 0);
        assertThat(matches(SYN, match(option(2, "size", 16, 16), Relation.GREATER_OR_EQUAL, 0))).isFalse();
        assertThat(matches(SIX, match(option(2, "size", 16, 16), Relation.GREATER_OR_EQUAL, 0))).isFalse();
    }

    @Test
    void survivesMalformedOptions() throws NotExecutable {
        for (byte length = 0; length < 9; length++) {
            byte[] malformed = ipv4().tcp(1, 2).options((byte) 2, length, (byte) 5, (byte) 6).bytes();
            assertIs(malformed, present(2), length >= 2 && length <= 4 ? 1 : 0);
            assertThat(matches(malformed, is(option(2, "size", 16, 16), 0x0506))).isEqualTo(length == 4);
        }
    }

    private static Expression option(int number, String field, int bitOffset, int bits) {
        return new Expression.Option(Expression.OptionKind.TCP_OPTION, number, "o", field, DataType.INTEGER, bitOffset,
            bits, false);
    }

    private static Expression present(int number) {
        return new Expression.Option(Expression.OptionKind.TCP_OPTION, number, "o", "", DataType.BOOLEAN, 0, 8, true);
    }

    @Test
    void findsExtensionHeaders() throws NotExecutable {
        byte[] fragment = ipv6().hopByHop().fragment(0x1234_5678L, 0, true).udp(5, 6).payloadOf(32).bytes();
        assertIs(fragment, new Expression.ExtensionPresent(Protocol.FRAG), 1);
        assertIs(fragment, new Expression.ExtensionPresent(Protocol.HBH), 1);
        assertIs(fragment, new Expression.ExtensionPresent(Protocol.RT), 0);
        assertIs(fragment, new Expression.Extension(Protocol.FRAG.field("id")), 0x1234_5678L);
        assertIs(fragment, new Expression.Extension(Protocol.FRAG.field("more-fragments")), 1);
        assertThat(matches(SYN, is(new Expression.ExtensionPresent(Protocol.FRAG), 0))).isFalse();
        byte[] behind = ipv6().hopByHop().destinationOptions().udp(5, 6).bytes();
        assertIs(behind, field(Protocol.UDP, "dport"), 6);
        assertIs(behind, meta(MetaKey.L4PROTO), 17);
    }

    @Test
    void generatesNumbers() throws NotExecutable {
        var third = new Expression.NumberGenerator(false, 3, 10);
        scene.load(OneTable.rule(Family.INET, is(third, 11), DROP));
        boolean[] dropped = new boolean[6];
        for (int i = 0; i < 6; i++) dropped[i] = scene.receive(SYN).forward() == RuleVerdict.DROPPED;
        assertThat(dropped).containsExactly(false, true, false, false, true, false);
        var tenth = new Expression.NumberGenerator(true, 10, 0);
        scene.load(OneTable.rule(Family.INET, is(tenth, 0), DROP));
        int count = 0;
        for (int i = 0; i < 10_000; i++) if (scene.receive(SYN).forward() == RuleVerdict.DROPPED) count++;
        assertThat(count).isBetween(850, 1_150);
    }
}
