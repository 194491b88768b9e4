package io.millrace.simulation.router;

import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.router.RouterScene.Outcome;
import io.millrace.testkit.CapturedFrame;
import io.millrace.testkit.CaptureFile;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import io.millrace.testkit.Octets;
import io.millrace.testkit.Tshark;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static io.millrace.simulation.router.RouterScene.HOST;
import static io.millrace.simulation.router.RouterScene.LAN_ROUTER;
import static io.millrace.simulation.router.RouterScene.WAN_ROUTER;
import static org.assertj.core.api.Assertions.assertThat;

/// A router whose way out is a PPPoE session, on a port and on a VLAN of it.
class PppoeTest {

    private static final String PEER = "02:00:00:00:00:cc";
    private static final String SESSION = """
          ppp0: { link: wan, pppoe: { session: 0x11, peer: "02:00:00:00:00:cc" }, addresses: [198.18.0.2/32] }
          wan.7: { link: wan, vlan: 7 }
          ppp1: { link: wan.7, pppoe: { session: 0x12, peer: "02:00:00:00:00:cd" } }
        """;
    private static final String ROUTES = """
          - { to: 100.64.0.0/16, port: ppp0 }
          - { to: "2001:db8:9::/48", port: ppp0 }
          - { to: 100.65.0.0/16, port: ppp1 }
        """;

    @TempDir
    private Path folder;
    private RouterScene scene;

    @BeforeEach
    void newScene() {
        scene = new RouterScene(folder).withInterfaces(SESSION).withRoutes(ROUTES);
    }

    private static Layer udp4(String target, int payloadBytes) {
        return Frame.ethernet(HOST, LAN_ROUTER).ipv4("192.0.2.10", target).dontFragment().udp(1, 2)
            .payloadOf(payloadBytes);
    }

    @Test
    void wearsTheSessionsHeaderOnTheWayOut() {
        Outcome outcome = scene.lan(0, udp4("100.64.0.1", 100)).run();
        byte[] expected = Frame.ethernet(WAN_ROUTER, PEER).pppoe(0x11).ipv4("192.0.2.10", "100.64.0.1").dontFragment()
            .ttl(63).udp(1, 2).payloadOf(100).bytes();
        assertThat(outcome.onlyWan()).isEqualTo(expected);
    }

    @Test
    void carriesIpv6AndLiesOnAVlan() {
        Outcome outcome = scene.lan(0, Frame.ethernet(HOST, LAN_ROUTER).ipv6("2001:db8:1::10", "2001:db8:9::1")
            .udp(1, 2).payloadOf(50)).lan(1, udp4("100.65.0.1", 10)).run();
        assertThat(outcome.wan().get(0).bytes()).isEqualTo(Frame.ethernet(WAN_ROUTER, PEER).pppoe(0x11)
            .ipv6("2001:db8:1::10", "2001:db8:9::1").hopLimit(63).udp(1, 2).payloadOf(50).bytes());
        assertThat(outcome.wan().get(1).bytes()).isEqualTo(Frame.ethernet(WAN_ROUTER, "02:00:00:00:00:cd").vlan(7)
            .pppoe(0x12).ipv4("192.0.2.10", "100.65.0.1").dontFragment().ttl(63).udp(1, 2).payloadOf(10).bytes());
    }

    @Test
    void takesTheHeaderOffOnTheWayIn() {
        byte[] padded = Arrays.copyOf(Frame.ethernet(PEER, WAN_ROUTER).pppoe(0x11).ipv4("100.64.0.1", "192.0.2.10")
            .udp(1, 2).payloadOf(4).bytes(), 80);
        Outcome outcome = scene.wan(0, Frame.raw(padded))
            .wan(1, Frame.ethernet(PEER, WAN_ROUTER).pppoe(0x11).ipv4("100.64.0.1", "198.18.0.2")
                .icmpEchoRequest(1, 1).payloadOf(8)).run();
        assertThat(outcome.onlyLan()).isEqualTo(Frame.ethernet(LAN_ROUTER, HOST).ipv4("100.64.0.1", "192.0.2.10")
            .ttl(63).udp(1, 2).payloadOf(4).bytes());
        int drawnId = Octets.u16(outcome.onlyWan(), 22 + 4);
        assertThat(outcome.onlyWan()).isEqualTo(Frame.ethernet(WAN_ROUTER, PEER).pppoe(0x11)
            .ipv4("198.18.0.2", "100.64.0.1").identification(drawnId).icmpEchoReply(1, 1).payloadOf(8).bytes());
    }

    @Test
    void hasEightBytesLessForThePacketAndSaysSo() {
        Outcome outcome = scene.lan(0, udp4("100.64.0.1", 1492 - 28)).lan(1, udp4("100.64.0.1", 1493 - 28)).run();
        assertThat(outcome.wan()).hasSize(1);
        byte[] error = outcome.onlyLan();
        assertThat(error[14 + 20]).isEqualTo((byte) 3);
        assertThat(Octets.u16(error, 14 + 20 + 6)).isEqualTo(1492);
    }

    @Test
    void cutsSuperPacketsBeforeTheyWearAHeader() {
        scene.portsWith("gro: on");
        for (int i = 0; i < 5; i++) {
            scene.lan(0, Frame.ethernet(HOST, LAN_ROUTER).ipv4("192.0.2.10", "100.64.0.1").identification(i)
                .dontFragment().tcp(1, 80).sequence(1 + 1000 * i).payloadOf(1000));
        }
        Outcome outcome = scene.run();
        assertThat(outcome.wan()).hasSize(5);
        assertThat(outcome.ledger().absorbed()).isEqualTo(4);
        outcome.wan().forEach(frame -> assertThat(Octets.u16(frame.bytes(), 18)).isEqualTo(1042));
    }

    @Test
    void dropsByNameWhatBelongsToNoSession() {
        byte[] cut = Frame.ethernet(PEER, WAN_ROUTER).pppoe(0x11).ipv4("100.64.0.1", "192.0.2.10").udp(1, 2).bytes();
        Octets.u16(cut, 18, 500);
        byte[] lcp = Frame.ethernet(PEER, WAN_ROUTER).pppoe(0x11).ipv4("100.64.0.1", "192.0.2.10").udp(1, 2).bytes();
        Octets.u16(lcp, 20, 0xc021);
        Outcome outcome = scene.wan(0, Frame.ethernet(PEER, WAN_ROUTER).pppoe(0x77).ipv4("100.64.0.1", "192.0.2.10")
                .udp(1, 2))
            .wan(1, Frame.ethernet("02:00:00:00:00:cd", WAN_ROUTER).pppoe(0x11).ipv4("100.64.0.1", "192.0.2.10")
                .udp(1, 2))
            .wan(2, Frame.raw(cut)).wan(3, Frame.raw(lcp)).run();
        assertThat(outcome.lan()).isEmpty();
        assertThat(outcome.ledger().count(Verdict.PPPOE_SESSION_UNKNOWN)).isEqualTo(2);
        assertThat(outcome.ledger().count(Verdict.PPPOE_MALFORMED)).isEqualTo(1);
        assertThat(outcome.ledger().count(Verdict.PPP_PROTOCOL_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void tsharkReadsWhatIsSent() {
        Tshark.required();
        Outcome outcome = scene.lan(0, udp4("100.64.0.1", 100)).lan(1, udp4("100.65.0.1", 3)).run();
        Path file = folder.resolve("sent.pcap");
        CaptureFile.write(file, outcome.wan().stream().map(CapturedFrame::bytes).toArray(byte[][]::new));
        assertThat(Tshark.fields(file, "pppoe.session_id", "pppoe.payload_length", "ip.dst", "udp.checksum.status",
            "_ws.malformed")).containsExactly(
                List.of("0x0011", "130", "100.64.0.1", "1", ""), List.of("0x0012", "33", "100.65.0.1", "1", ""));
    }
}
