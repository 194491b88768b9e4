package io.millrace.flow.path;

import io.millrace.packet.address.Addresses;
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

/// Tags and PPPoE sessions: part of the key where packets arrive, taken off and put on where they leave.
class FlowEncapsulationTest {

    private static final int UDP = 17;
    private static final String HOST = "192.168.1.5";
    private static final String SERVER = "198.51.100.7";
    private static final String PUBLIC = "203.0.113.1";
    private static final String HOST6 = "fd00:1::5";
    private static final String SERVER6 = "2001:db8:7::7";
    private static final int TAG_10 = 0x8100_000a;
    private static final int TAG_20 = 0x8100_0014;
    private static final int SERVICE_TAG_5 = 0x88a8_0005;

    private final Arena arena = Arena.ofConfined();
    private final FlowScene scene = new FlowScene(arena);

    @AfterEach
    void close() {
        arena.close();
    }

    private static Layer fromLan() { return Frame.ethernet(HOST_MAC, LAN_MAC); }
    private static Layer toWan()   { return Frame.ethernet(WAN_MAC, GATEWAY_MAC); }

    /// The flow's original direction arrives with these tags and session.
    private void arrives(long vlans, int session) {
        int attachment = scene.attachments.encapsulated(LAN, vlans, session, Addresses.parseMac(LAN_MAC));
        scene.original.of(4, UDP, attachment);
    }

    @Test
    void takesATagOffWhateverItsPriority() {
        scene.between(UDP, HOST, 4000, SERVER, 53, PUBLIC, 61000, SERVER, 53);
        arrives(TAG_10 & 0xffff_ffffL, 0);
        scene.add();
        byte[] expected = toWan().ipv4(PUBLIC, SERVER).ttl(63).udp(61000, 53).bytes();
        assertThat(scene.send(LAN, fromLan().vlan(10).ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes()))
            .isEqualTo(expected);
        assertThat(scene.send(LAN, fromLan().vlan(10).priority(5).ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes()))
            .isEqualTo(expected);
    }

    @Test
    void tagsArePartOfTheKey() {
        scene.between(UDP, HOST, 4000, SERVER, 53);
        arrives(TAG_10 & 0xffff_ffffL, 0);
        scene.add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).udp(4000, 53).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.UNKNOWN);
        assertThat(scene.send(LAN, fromLan().vlan(11).ipv4(HOST, SERVER).udp(4000, 53).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.ENCAPSULATION);
        assertThat(scene.send(LAN, fromLan().serviceVlan(10).ipv4(HOST, SERVER).udp(4000, 53).bytes())).isNull();
        assertThat(scene.send(LAN, fromLan().vlan(10).vlan(10).ipv4(HOST, SERVER).udp(4000, 53).bytes())).isNull();
        assertThat(scene.send(LAN, fromLan().mpls(10).ipv4(HOST, SERVER).udp(4000, 53).bytes())).isNull();
    }

    @Test
    void putsATagOn() {
        scene.between(UDP, HOST, 4000, SERVER, 53);
        scene.original.link().encapsulated(TAG_20, 0, 0);
        scene.add();
        assertThat(scene.send(LAN, fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes()))
            .isEqualTo(toWan().vlan(20).ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
    }

    @Test
    void exchangesTwoTagsForTwo() {
        scene.between(UDP, HOST, 4000, SERVER, 53);
        arrives(SERVICE_TAG_5 & 0xffff_ffffL | (long) TAG_10 << 32, 0);
        scene.original.link().encapsulated(SERVICE_TAG_5, TAG_20, 0);
        scene.add();
        assertThat(scene.send(LAN,
            fromLan().serviceVlan(5).vlan(10).ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes()))
            .isEqualTo(toWan().serviceVlan(5).vlan(20).ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
    }

    @Test
    void takesPppoeOff() {
        scene.between(UDP, HOST, 4000, SERVER, 53);
        arrives(0, 0x11);
        scene.add();
        assertThat(scene.send(LAN, fromLan().pppoe(0x11).ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes()))
            .isEqualTo(toWan().ipv4(HOST, SERVER).ttl(63).udp(4000, 53).bytes());
        assertThat(scene.send(LAN, fromLan().pppoe(0x12).ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes())).isNull();
        assertThat(scene.miss()).isEqualTo(FlowMiss.ENCAPSULATION);
    }

    @Test
    void putsPppoeOnWithTheLengthOfEachPacket() {
        scene.between(UDP, HOST, 4000, SERVER, 53);
        scene.original.link().encapsulated(TAG_20, 0, 0x11);
        scene.add();
        for (int bytes : new int[] {0, 1, 700}) {
            assertThat(scene.send(LAN,
                fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).payloadOf(bytes).bytes()))
                .isEqualTo(toWan().vlan(20).pppoe(0x11).ipv4(HOST, SERVER).ttl(63).udp(4000, 53).payloadOf(bytes)
                    .bytes());
        }
    }

    @Test
    void putsPppoeOnIpv6() {
        scene.between(UDP, HOST6, 4000, SERVER6, 53);
        scene.original.link().encapsulated(0, 0, 0x11);
        scene.add();
        assertThat(scene.send(LAN, fromLan().ipv6(HOST6, SERVER6).hopLimit(64).udp(4000, 53).bytes()))
            .isEqualTo(toWan().pppoe(0x11).ipv6(HOST6, SERVER6).hopLimit(63).udp(4000, 53).bytes());
    }

    @Test
    void packetWithoutHeadroomGoesOn() {
        scene.between(UDP, HOST, 4000, SERVER, 53);
        scene.original.link().encapsulated(TAG_20, 0, 0x11);
        scene.add();
        byte[] frame = fromLan().ipv4(HOST, SERVER).ttl(64).udp(4000, 53).bytes();
        scene.begin();
        scene.receive(0, LAN, frame);
        scene.meta.dataAt(0, 128);
        java.lang.foreign.MemorySegment.copy(frame, 0, scene.packets.segment(),
            java.lang.foreign.ValueLayout.JAVA_BYTE, scene.meta.frameAt(0), frame.length);
        scene.process();
        assertThat(scene.miss()).isEqualTo(FlowMiss.NO_HEADROOM);
        assertThat(scene.bytes(0)).isEqualTo(frame);
    }
}
