package io.millrace.flow.path;

import io.millrace.flow.table.FlowLine;
import io.millrace.packet.memory.Burst;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;

import static io.millrace.flow.path.FlowScene.GATEWAY_MAC;
import static io.millrace.flow.path.FlowScene.HOST_MAC;
import static io.millrace.flow.path.FlowScene.LAN;
import static io.millrace.flow.path.FlowScene.LAN_MAC;
import static io.millrace.flow.path.FlowScene.WAN;
import static io.millrace.flow.path.FlowScene.WAN_MAC;
import static org.assertj.core.api.Assertions.assertThat;

/// What a hit makes of a packet: the same bytes that a sender beyond the router would have written.
class FlowPathTest {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int GRE = 47;
    private static final String HOST = "192.168.1.5";
    private static final String SERVER = "198.51.100.7";
    private static final String PUBLIC = "203.0.113.1";
    private static final String HOST6 = "fd00:1::5";
    private static final String SERVER6 = "2001:db8:7::7";
    private static final String PUBLIC6 = "2001:db8:2::1";
    private static final byte[] TEXT = "millrace".getBytes();

    private final Arena arena = Arena.ofConfined();
    private final FlowScene scene = new FlowScene(arena);

    @AfterEach
    void close() {
        arena.close();
    }

    private static Layer fromLan() { return Frame.ethernet(HOST_MAC, LAN_MAC); }
    private static Layer toWan()   { return Frame.ethernet(WAN_MAC, GATEWAY_MAC); }
    private static Layer fromWan() { return Frame.ethernet(GATEWAY_MAC, WAN_MAC); }
    private static Layer toLan()   { return Frame.ethernet(LAN_MAC, HOST_MAC); }

    @Test
    void forwardsWithOneHopLess() {
        scene.between(UDP, HOST, 4000, SERVER, 53).add();
        byte[] sent = scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).payload(TEXT).bytes());
        assertThat(sent).isEqualTo(toWan().ipv4(HOST, SERVER).ttl(63).udp(4000, 53).payload(TEXT).bytes());
        assertThat(scene.path.forwarded().port()).isEqualTo(WAN);
        assertThat(scene.meta.egress(scene.path.forwarded().packet(0))).isEqualTo(WAN);
    }

    @Test
    void translatesTheSourceOfUdpAndBack() {
        scene.between(UDP, HOST, 4000, SERVER, 53, PUBLIC, 61000, SERVER, 53).add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).payload(TEXT).bytes()))
            .isEqualTo(toWan().ipv4(PUBLIC, SERVER).ttl(63).udp(61000, 53).payload(TEXT).bytes());
        assertThat(scene.send(WAN, fromWan().ipv4(SERVER, PUBLIC).ttl(9).udp(53, 61000).payload(TEXT).bytes()))
            .isEqualTo(toLan().ipv4(SERVER, HOST).ttl(8).udp(53, 4000).payload(TEXT).bytes());
    }

    @Test
    void translatesBothEndsOfTcpAndBack() {
        scene.between(TCP, HOST, 4000, PUBLIC, 80, PUBLIC, 61000, SERVER, 8080).add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, PUBLIC).ttl(64).tcp(4000, 80).ack().payload(TEXT).bytes()))
            .isEqualTo(toWan().ipv4(PUBLIC, SERVER).ttl(63).tcp(61000, 8080).ack().payload(TEXT).bytes());
        assertThat(scene.send(WAN, fromWan().ipv4(SERVER, PUBLIC).ttl(9).tcp(8080, 61000).ack().bytes()))
            .isEqualTo(toLan().ipv4(PUBLIC, HOST).ttl(8).tcp(80, 4000).ack().bytes());
    }

    @Test
    void forwardsIpv6() {
        scene.between(TCP, HOST6, 4000, SERVER6, 80).add();
        assertThat(scene.send(LAN, fromLan().ipv6(HOST6, SERVER6).hopLimit(64).tcp(4000, 80).ack().bytes()))
            .isEqualTo(toWan().ipv6(HOST6, SERVER6).hopLimit(63).tcp(4000, 80).ack().bytes());
    }

    @Test
    void translatesIpv6AndBack() {
        scene.between(UDP, HOST6, 4000, SERVER6, 53, PUBLIC6, 61000, SERVER6, 5353).add();
        assertThat(scene.send(LAN, fromLan().ipv6(HOST6, SERVER6).hopLimit(64).udp(4000, 53).payload(TEXT).bytes()))
            .isEqualTo(toWan().ipv6(PUBLIC6, SERVER6).hopLimit(63).udp(61000, 5353).payload(TEXT).bytes());
        assertThat(scene.send(WAN, fromWan().ipv6(SERVER6, PUBLIC6).hopLimit(2).udp(5353, 61000).bytes()))
            .isEqualTo(toLan().ipv6(SERVER6, HOST6).hopLimit(1).udp(53, 4000).bytes());
    }

    @Test
    void forwardsGre() {
        scene.between(GRE, HOST, 0, SERVER, 0).add();
        byte[] inner = Frame.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).bytes();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).gre().protocol(0x0800).payload(inner).bytes()))
            .isEqualTo(toWan().ipv4(HOST, SERVER).ttl(63).gre().protocol(0x0800).payload(inner).bytes());
    }

    @Test
    void leavesAnAbsentUdpChecksumAbsent() {
        scene.between(UDP, HOST, 4000, SERVER, 53, PUBLIC, 61000, SERVER, 53).add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).noChecksum().bytes()))
            .isEqualTo(toWan().ipv4(PUBLIC, SERVER).ttl(63).udp(61000, 53).noChecksum().bytes());
    }

    /// Every checksum that can come out, 0xFFFF for 0 among them.
    @Test
    void computesEveryUdpChecksumAsTheSenderWould() {
        scene.between(UDP, HOST, 4000, SERVER, 53, PUBLIC, 61000, SERVER, 53).add();
        for (int word = 0; word <= 0xffff; word += 1) {
            if (word % 7 != 0 && word < 0xff00) continue;
            byte[] text = {(byte) (word >>> 8), (byte) word};
            byte[] sent = scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).payload(text).bytes());
            assertThat(sent).isEqualTo(toWan().ipv4(PUBLIC, SERVER).ttl(63).udp(61000, 53).payload(text).bytes());
        }
    }

    @Test
    void leavesAWrongChecksumWrongByAsMuch() {
        scene.between(TCP, HOST, 4000, SERVER, 80, PUBLIC, 61000, SERVER, 80).add();
        byte[] right = fromLan().ipv4(HOST, SERVER).ttl(64).tcp(4000, 80).ack().payload(TEXT).bytes();
        byte[] wrong = right.clone();
        wrong[14 + 20 + 17] += 1;
        byte[] sentRight = scene.send(LAN, right);
        byte[] sentWrong = scene.send(LAN, wrong);
        sentRight[14 + 20 + 17] += 1;
        assertThat(sentWrong).isEqualTo(sentRight);
    }

    @Test
    void cutsPaddingOff() {
        scene.between(UDP, HOST, 4000, SERVER, 53).add();
        byte[] frame = fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes();
        assertThat(scene.send(LAN, java.util.Arrays.copyOf(frame, 60)))
            .isEqualTo(toWan().ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
    }

    @Test
    void countsIpBytesOfEachDirection() {
        int slot = scene.between(UDP, HOST, 4000, SERVER, 53).add();
        for (int i = 0; i < 3; i++) scene.send(LAN, fromLan().ipv4(HOST, SERVER).udp(4000, 53).payload(TEXT).bytes());
        scene.nowNs += 5;
        scene.send(WAN, fromWan().ipv4(SERVER, HOST).udp(53, 4000).bytes());
        FlowTally tally = new FlowTally().read(scene.flows, slot);
        assertThat(tally.originalPackets()).isEqualTo(3);
        assertThat(tally.originalBytes()).isEqualTo(3 * (28 + TEXT.length));
        assertThat(tally.replyPackets()).isEqualTo(1);
        assertThat(tally.replyBytes()).isEqualTo(28);
        assertThat(scene.flows.lastUsedNs(slot)).isEqualTo(scene.nowNs);
    }

    @Test
    void takesHitsOutOfABurstAndKeepsTheOrderOfTheRest() {
        scene.between(UDP, HOST, 4000, SERVER, 53).add();
        scene.begin();
        for (int i = 0; i < Burst.PACKETS_MAX; i++) {
            boolean isHit = i % 3 == 1;
            scene.receive(i, LAN, fromLan().ipv4(HOST, SERVER).ttl(i + 2).udp(isHit ? 4000 : 4001, 53).bytes());
        }
        scene.process();
        assertThat(scene.path.forwarded().count()).isEqualTo(21);
        assertThat(scene.burst.count()).isEqualTo(43);
        for (int i = 0; i < 21; i++) assertThat(scene.path.forwarded().packet(i)).isEqualTo(3 * i + 1);
        for (int i = 0; i < 43; i++) {
            assertThat(scene.burst.packet(i)).isEqualTo(scene.path.placeOf(i)).isEqualTo(i / 2 * 3 + i % 2 * 2);
            assertThat(scene.path.missOf(i)).isEqualTo(FlowMiss.UNKNOWN);
        }
        assertThat(scene.path.hitCount()).isEqualTo(21);
        assertThat(scene.path.missCount(FlowMiss.UNKNOWN)).isEqualTo(43);
    }

    @Test
    void saysThatABurstLeavesByTwoPorts() {
        scene.between(UDP, HOST, 4000, SERVER, 53).add();
        scene.begin();
        scene.receive(0, LAN, fromLan().ipv4(HOST, SERVER).udp(4000, 53).bytes());
        scene.receive(1, WAN, fromWan().ipv4(SERVER, HOST).udp(53, 4000).bytes());
        scene.receive(2, WAN, fromWan().ipv4(SERVER, HOST).udp(53, 4000).bytes());
        scene.process();
        assertThat(scene.path.forwarded().count()).isEqualTo(3);
        assertThat(scene.path.forwarded().port()).isEqualTo(Burst.MIXED);
        assertThat(scene.meta.egress(0)).isEqualTo(WAN);
        assertThat(scene.meta.egress(1)).isEqualTo(LAN);
    }

    @Test
    void finAndRstMarkTheFlowAndStayInTheFastPath() {
        int slot = scene.between(TCP, HOST, 4000, SERVER, 80).add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).tcp(4000, 80).fin().ack().bytes()))
            .isEqualTo(toWan().ipv4(HOST, SERVER).ttl(63).tcp(4000, 80).fin().ack().bytes());
        assertThat(scene.flows.state(slot) & FlowLine.CLOSING).isNotZero();
        assertThat(scene.send(WAN, fromWan().ipv4(SERVER, HOST).tcp(80, 4000).rst().bytes())).isNotNull();
        assertThat(scene.ended).isEmpty();
    }

    @Test
    void synStaysInTheFastPathWhileTheFlowIsOpen() {
        scene.between(TCP, HOST, 4000, SERVER, 80).add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).tcp(4000, 80).syn().bytes())).isNotNull();
    }

    @Test
    void synTearsAClosingFlowDown() {
        scene.between(TCP, HOST, 4000, SERVER, 80).add();
        scene.send(WAN, fromWan().ipv4(SERVER, HOST).tcp(80, 4000).rst().bytes());
        byte[] syn = fromLan().ipv4(HOST, SERVER).ttl(64).tcp(4000, 80).syn().bytes();
        assertThat(scene.send(LAN, syn)).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.REOPENED);
        assertThat(scene.bytes(0)).as("the slow path gets it unchanged").isEqualTo(syn);
        assertThat(scene.ended).containsExactly("77 closing 0/0 1/40");
        assertThat(scene.send(LAN, syn)).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.FLOW_ENDED);
        assertThat(scene.ended).as("told once").hasSize(1);
    }
}
