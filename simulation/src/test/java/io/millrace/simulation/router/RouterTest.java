package io.millrace.simulation.router;

import io.millrace.packet.memory.Verdict;
import io.millrace.simulation.router.RouterScene.Outcome;
import io.millrace.testkit.EthernetLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Layer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static io.millrace.simulation.router.RouterScene.GATEWAY;
import static io.millrace.simulation.router.RouterScene.HOST;
import static io.millrace.simulation.router.RouterScene.LAN_ROUTER;
import static io.millrace.simulation.router.RouterScene.WAN_ROUTER;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

/// What the whole router does with packets, one fact a test.
class RouterTest {

    private static final String HOST_4 = "192.0.2.10";
    private static final String HOST_6 = "2001:db8:1::10";
    private static final String FAR_4 = "198.51.100.7";
    private static final String FAR_6 = "2001:db8:8::7";

    @TempDir
    private Path folder;
    private RouterScene scene;

    @BeforeEach
    void newScene() {
        scene = new RouterScene(folder);
    }

    private static EthernetLayer toRouter() {
        return Frame.ethernet(HOST, LAN_ROUTER);
    }

    private static Layer udp4(int ttl, int payloadBytes) {
        return toRouter().ipv4(HOST_4, FAR_4).ttl(ttl).udp(1000, 2000).payloadOf(payloadBytes);
    }

    private static Layer udp6(int hopLimit, int payloadBytes) {
        return toRouter().ipv6(HOST_6, FAR_6).hopLimit(hopLimit).udp(1000, 2000).payloadOf(payloadBytes);
    }

    @Test
    void forwardsIpv4WithOneTtlLess() {
        Outcome outcome = scene.lan(0, udp4(64, 100)).run();
        assertThatFrame(outcome.onlyWan()).fromMac(WAN_ROUTER).toMac(GATEWAY).from(HOST_4, 1000).to(FAR_4, 2000).ttl(63)
            .withPayloadBytes(100).hasValidChecksums();
    }

    @Test
    void forwardsIpv6WithOneHopLess() {
        Outcome outcome = scene.lan(0, udp6(64, 100)).run();
        assertThatFrame(outcome.onlyWan()).fromMac(WAN_ROUTER).toMac(GATEWAY).from(HOST_6, 1000).to(FAR_6, 2000).ttl(63)
            .withPayloadBytes(100).hasValidChecksums();
    }

    @Test
    void mergesWhatCameTogetherAndCutsItAgain() {
        RouterScene merging = scene.portsWith("gro: on");
        for (int i = 0; i < 10; i++) {
            merging.lan(0, toRouter().ipv4(HOST_4, FAR_4).identification(100 + i).dontFragment().ttl(64)
                .tcp(1000, 80).sequence(1 + 1000 * i).payloadOf(1000));
        }
        Outcome outcome = merging.run();
        assertThat(outcome.ledger().absorbed()).isEqualTo(9);
        assertThat(outcome.ledger().split()).isEqualTo(9);
        assertThat(outcome.wan()).hasSize(10);
        outcome.wan().forEach(frame -> assertThatFrame(frame.bytes()).ttl(63).withPayloadBytes(1000)
            .hasValidChecksums());
    }

    @Test
    void aSuperPacketGoesAsFarAsItsSegmentsDo() {
        RouterScene merging = scene.portsWith("gro: on").wanMtu(900);
        for (int i = 0; i < 10; i++) {
            merging.lan(0, toRouter().ipv4(HOST_4, FAR_4).identification(100 + i).dontFragment().ttl(64)
                .tcp(1000, 80).sequence(1 + 1000 * i).payloadOf(1000));
        }
        Outcome outcome = merging.run();
        assertThat(outcome.wan()).isEmpty();
        assertThat(outcome.ledger().count(Verdict.FRAGMENTATION_NEEDED)).isPositive();
    }

    @Test
    void leavesPaddingBehind() {
        byte[] frame = udp4(64, 1).bytes();
        byte[] padded = java.util.Arrays.copyOf(frame, 60);
        assertThat(scene.lan(0, padded).run().onlyWan()).hasSize(frame.length);
    }

    @Test
    void aWrongTransportChecksumLeavesAsWrongAsItCame() {
        Outcome outcome = scene
            .lan(0, toRouter().ipv4(HOST_4, FAR_4).udp(1, 2).checksum(0x1234).payloadOf(9))
            .lan(1, toRouter().ipv6(HOST_6, FAR_6).udp(1, 2).checksum(0x1234).payloadOf(9)).run();
        assertThat(outcome.wan()).hasSize(2);
        outcome.wan().forEach(frame -> assertThatFrame(frame.bytes()).hasWrongTransportChecksum());
    }

    @Test
    void aWrongHeaderChecksumIsDropped() {
        Outcome outcome = scene.lan(0, toRouter().ipv4(HOST_4, FAR_4).checksum(0x1234).udp(1, 2).payloadOf(9)).run();
        assertThat(outcome.wan()).isEmpty();
        assertThat(outcome.ledger().count(Verdict.IPV4_CHECKSUM_WRONG)).isOne();
    }

    @Test
    void answersArpAndLearnsTheAsker() {
        Outcome outcome = scene.withoutNeighbours()
            .lan(0, Frame.ethernet(HOST, "ff:ff:ff:ff:ff:ff").arpRequest(HOST, HOST_4, "192.0.2.1"))
            .wan(1, Frame.ethernet(GATEWAY, WAN_ROUTER).ipv4(FAR_4, HOST_4).udp(1, 2).payloadOf(3)).run();
        assertThat(outcome.lan()).hasSize(2);
        assertThatFrame(outcome.lan().get(0).bytes()).isArpReply().fromMac(LAN_ROUTER).toMac(HOST).from("192.0.2.1");
        assertThatFrame(outcome.lan().get(1).bytes()).isUdp().toMac(HOST);
    }

    @Test
    void packetsWaitUntilTheNeighbourAnswers() {
        Outcome outcome = scene.withoutNeighbours().lan(0, udp4(64, 10)).lan(1, udp4(64, 11))
            .wan(500, Frame.ethernet(GATEWAY, WAN_ROUTER).arpReply(GATEWAY, "203.0.113.254", WAN_ROUTER, "203.0.113.1"))
            .run();
        assertThat(outcome.wan()).hasSize(3);
        assertThatFrame(outcome.wan().get(0).bytes()).isArpRequest().toMac("ff:ff:ff:ff:ff:ff").to("203.0.113.254");
        assertThatFrame(outcome.wan().get(1).bytes()).isUdp().withPayloadBytes(10).toMac(GATEWAY);
        assertThatFrame(outcome.wan().get(2).bytes()).isUdp().withPayloadBytes(11);
    }

    @Test
    void packetsWaitUntilTheIpv6NeighbourAnswers() {
        Outcome outcome = scene.withoutNeighbours().lan(0, udp6(64, 10))
            .wan(500, Frame.ethernet(GATEWAY, WAN_ROUTER).ipv6("2001:db8:2::fe", "2001:db8:2::1").hopLimit(255)
                .neighbourAdvertisement("2001:db8:2::fe").solicited().override().targetLinkLayer(GATEWAY))
            .run();
        assertThat(outcome.wan()).hasSize(2);
        assertThatFrame(outcome.wan().get(0).bytes()).isNeighbourSolicitation("2001:db8:2::fe");
        assertThatFrame(outcome.wan().get(1).bytes()).isUdp().toMac(GATEWAY);
    }

    @Test
    void aNeighbourThatNeverAnswersIsReportedToTheSender() {
        Outcome outcome = scene.with("").lan(0, toRouter().ipv4(HOST_4, "203.0.113.77").udp(1, 2).payloadOf(8)).run();
        assertThat(outcome.wan()).hasSize(3).allSatisfy(frame -> assertThatFrame(frame.bytes()).isArpRequest());
        assertThatFrame(outcome.onlyLan()).isIcmp(3, 1).from("192.0.2.1").to(HOST_4).hasValidChecksums();
        assertThat(outcome.ledger().count(Verdict.NEIGHBOUR_UNRESOLVED)).isOne();
    }

    @Test
    void answersEchoRequestsOfBothFamilies() {
        Outcome outcome = scene
            .lan(0, toRouter().ipv4(HOST_4, "203.0.113.1").icmpEchoRequest(5, 6).payloadOf(56))
            .lan(1, toRouter().ipv6(HOST_6, "2001:db8:1::1").icmpv6EchoRequest(5, 6).payloadOf(56)).run();
        assertThatFrame(outcome.lan().get(0).bytes()).isIcmp(0, 0).from("203.0.113.1").to(HOST_4).withEcho(5, 6)
            .hasValidChecksums();
        assertThatFrame(outcome.lan().get(1).bytes()).isIcmpv6(129, 0).from("2001:db8:1::1").to(HOST_6).withEcho(5, 6)
            .hasValidChecksums();
    }

    @Test
    void anEchoLongerThanASlotComesBackInPieces() {
        byte[] packet = Frame.packetIn(toRouter().ipv4(HOST_4, "192.0.2.1").icmpEchoRequest(5, 6).payloadOf(9000)
            .bytes());
        byte[] frame = new byte[14 + packet.length];
        System.arraycopy(toRouter().ipv4(HOST_4, "192.0.2.1").udp(1, 1).bytes(), 0, frame, 0, 14);
        System.arraycopy(packet, 0, frame, 14, packet.length);
        Outcome outcome = scene.lan(0, frame).run();
        assertThat(outcome.lan()).hasSize(7);
        assertThat(outcome.lan()).allSatisfy(piece -> assertThat(piece.bytes().length).isLessThanOrEqualTo(1514));
        assertThat(outcome.ledger().split()).isEqualTo(6);
    }

    @Test
    void reportsTtlExceededFromTheAddressTowardsTheSender() {
        Outcome outcome = scene.lan(0, udp4(1, 20)).lan(1, udp6(1, 20)).run();
        assertThatFrame(outcome.lan().get(0).bytes()).isIcmp(11, 0).from("192.0.2.1").to(HOST_4).ttl(64).tos(0xc0)
            .quotes(Frame.packetIn(udp4(1, 20).bytes())).hasValidChecksums();
        assertThatFrame(outcome.lan().get(1).bytes()).isIcmpv6(3, 0).from("2001:db8:1::1").to(HOST_6)
            .quotes(Frame.packetIn(udp6(1, 20).bytes())).hasValidChecksums();
        assertThat(outcome.ledger().count(Verdict.TTL_EXPIRED)).isEqualTo(2);
    }

    @Test
    void eachTypeOfRouteRefusesInItsWay() {
        Outcome outcome = scene   // seconds apart, for errors about routes share a small bucket per sender
            .lan(0, toRouter().ipv4(HOST_4, "10.1.1.1").udp(1, 2).payloadOf(8))
            .lan(3_000, toRouter().ipv4(HOST_4, "10.2.1.1").udp(1, 2).payloadOf(8))
            .lan(6_000, toRouter().ipv4(HOST_4, "10.3.1.1").udp(1, 2).payloadOf(8))
            .lan(9_000, toRouter().ipv4(HOST_4, "10.4.1.1").udp(1, 2).payloadOf(8)).run();
        assertThat(outcome.lan()).hasSize(3);
        assertThatFrame(outcome.lan().get(0).bytes()).isIcmp(3, 1);
        assertThatFrame(outcome.lan().get(1).bytes()).isIcmp(3, 13);
        assertThatFrame(outcome.lan().get(2).bytes()).isIcmp(3, 0);
        assertThat(outcome.ledger().count(Verdict.ROUTE_BLACKHOLE)).isOne();
        assertThat(outcome.ledger().count(Verdict.NO_ROUTE)).isOne();
    }

    @Test
    void cutsIpv4ThatMayBeCutToTheMtu() {
        Outcome outcome = scene.wanMtu(600).lan(0, udp4(64, 1200)).run();
        assertThat(outcome.wan()).hasSize(3);
        assertThatFrame(outcome.wan().get(0).bytes()).isFragment(0, true).ttl(63).hasValidChecksums();
        assertThatFrame(outcome.wan().get(1).bytes()).isFragment(576, true);
        assertThatFrame(outcome.wan().get(2).bytes()).isFragment(1152, false);
    }

    @Test
    void saysWhatFitsWhereIpv4MayNotBeCut() {
        Outcome outcome = scene.wanMtu(600)
            .lan(0, toRouter().ipv4(HOST_4, FAR_4).dontFragment().udp(1, 2).payloadOf(1200)).run();
        assertThat(outcome.wan()).isEmpty();
        assertThatFrame(outcome.onlyLan()).isIcmp(3, 4).withMtu(600).hasValidChecksums();
    }

    @Test
    void saysWhatFitsToIpv6Senders() {
        Outcome outcome = scene.wanMtu(1300).lan(0, udp6(64, 1400)).run();
        assertThat(outcome.wan()).isEmpty();
        assertThatFrame(outcome.onlyLan()).isIcmpv6(2, 0).withMtu(1300).hasValidChecksums();
    }

    @Test
    void refusesMartians() {
        Outcome outcome = scene
            .lan(0, toRouter().ipv4("127.0.0.1", FAR_4).udp(1, 2).payloadOf(8))
            .lan(1, toRouter().ipv4("224.0.0.5", FAR_4).udp(1, 2).payloadOf(8))
            .lan(2, toRouter().ipv4("203.0.113.1", FAR_4).udp(1, 2).payloadOf(8))
            .lan(3, toRouter().ipv4(HOST_4, "127.0.0.1").udp(1, 2).payloadOf(8))
            .lan(4, toRouter().ipv6("::1", FAR_6).udp(1, 2).payloadOf(8)).run();
        assertThat(outcome.wan()).isEmpty();
        assertThat(outcome.lan()).isEmpty();
        assertThat(outcome.ledger().count(Verdict.MARTIAN_SOURCE)).isEqualTo(4);
        assertThat(outcome.ledger().count(Verdict.MARTIAN_TARGET)).isOne();
    }

    @Test
    void dropsRfc1812MartiansOnlyWhereTold() {
        Layer classE = toRouter().ipv4("240.0.0.1", FAR_4).udp(1, 2).payloadOf(8);
        assertThat(scene.lan(0, classE).run().wan()).hasSize(1);
        Outcome strict = new RouterScene(folder.resolve("strict"))
            .with("sysctl: { net.millrace.drop_martians: 1 }\n").lan(0, classE).run();
        assertThat(strict.wan()).isEmpty();
        assertThat(strict.ledger().count(Verdict.MARTIAN_SOURCE)).isOne();
    }

    @Test
    void framesForOthersAreNotForwarded() {
        Outcome outcome = scene
            .lan(0, Frame.ethernet(HOST, "02:00:00:00:00:77").ipv4(HOST_4, FAR_4).udp(1, 2).payloadOf(8))
            .lan(1, Frame.ethernet(HOST, "ff:ff:ff:ff:ff:ff").ipv4(HOST_4, FAR_4).udp(1, 2).payloadOf(8)).run();
        assertThat(outcome.wan()).isEmpty();
        assertThat(outcome.ledger().count(Verdict.OTHER_HOST)).isOne();
        assertThat(outcome.ledger().count(Verdict.NOT_UNICAST_FRAME)).isOne();
    }

    @Test
    void redirectsWhoCouldSendDirectly() {
        Outcome outcome = scene.lan(0, toRouter().ipv4(HOST_4, "192.0.2.20").udp(1, 2).payloadOf(8)).run();
        assertThatFrame(outcome.lan().get(0).bytes()).isIcmp(5, 1).to(HOST_4);
        Outcome quiet = new RouterScene(folder.resolve("quiet"))
            .with("sysctl: { net.ipv4.conf.all.send_redirects: 0, net.ipv4.conf.default.send_redirects: 0 }\n")
            .lan(0, toRouter().ipv4(HOST_4, "192.0.2.20").udp(1, 2).payloadOf(8)).run();
        assertThat(quiet.ledger().createdBy(io.millrace.dataplane.account.Origin.REDIRECT)).isZero();
    }

    @Test
    void limitsErrorsToOneSender() {
        for (int i = 0; i < 40; i++) scene.lan(i, udp4(1, i));
        Outcome outcome = scene.run();
        assertThat(outcome.lan()).hasSize(6);   // a burst of six a second, as Linux
        assertThat(outcome.ledger().count(Verdict.TTL_EXPIRED)).isEqualTo(40);
    }

    @Test
    void aLimitCanBeSwitchedOff() {
        for (int i = 0; i < 40; i++) scene.lan(i, udp4(1, i));
        assertThat(scene.with("sysctl: { net.ipv4.icmp_ratemask: 0 }\n").run().lan()).hasSize(40);
    }

    @Test
    void forwardingCanBeSwitchedOff() {
        Outcome outcome = scene.with("sysctl: { net.ipv4.ip_forward: 0 }\n").lan(0, udp4(64, 1)).lan(1, udp6(64, 1))
            .run();
        assertThatFrame(outcome.onlyWan()).isIpv6();
        assertThat(outcome.ledger().count(Verdict.FORWARDING_OFF)).isOne();
    }

    @Test
    void routesBetweenTheVlansOfOneWire() {
        Outcome outcome = new RouterScene(folder).with("""
              lan.10: { link: lan, vlan: 10, addresses: [198.18.10.1/24] }
              outer: { link: lan, vlan: 100, protocol: 802.1ad }
              inner: { link: outer, vlan: 30, addresses: [198.18.30.1/24] }
            """.indent(0).replaceAll("(?m)^(\\S)", "  $1"))
            .lan(0, Frame.ethernet(HOST, LAN_ROUTER).vlan(10).ipv4("198.18.10.5", FAR_4).udp(1, 2).payloadOf(8))
            .lan(1, Frame.ethernet(HOST, LAN_ROUTER).serviceVlan(100).vlan(30).ipv4("198.18.30.5", "198.18.10.9")
                .udp(1, 2).payloadOf(8))
            .lan(2, Frame.ethernet(HOST, LAN_ROUTER).vlan(11).ipv4("198.18.11.5", FAR_4).udp(1, 2).payloadOf(8))
            .lan(3, Frame.ethernet("02:00:00:00:01:09", LAN_ROUTER).vlan(10)
                .arpReply("02:00:00:00:01:09", "198.18.10.9", LAN_ROUTER, "198.18.10.1")).run();
        assertThatFrame(outcome.onlyWan()).isUdp().from("198.18.10.5", 1).vlan();
        assertThat(outcome.lan()).hasSize(2);
        assertThatFrame(outcome.lan().get(0).bytes()).isArpRequest().vlan(10).to("198.18.10.9");
        assertThatFrame(outcome.lan().get(1).bytes()).isUdp().vlan(10).ttl(63).toMac("02:00:00:00:01:09");
        assertThat(outcome.ledger().count(Verdict.VLAN_UNKNOWN)).isOne();
    }

    @Test
    void aPriorityTagIsAsGoodAsNone() {
        Outcome outcome = scene
            .lan(0, Frame.ethernet(HOST, LAN_ROUTER).vlan(0).ipv4(HOST_4, FAR_4).udp(1, 2).payloadOf(8)).run();
        assertThatFrame(outcome.onlyWan()).isUdp().vlan();
    }

    @Test
    void aPacketLeavesWithTheTimeItCame() {
        Outcome outcome = scene.lan(0, udp4(64, 1)).lan(1234, udp4(64, 1)).run();
        assertThat(outcome.wanMs(0)).isZero();
        assertThat(outcome.wanMs(1)).isEqualTo(1234);
    }

    @Test
    void aJumboPacketIsAChainAndForwardedWhole() {
        Outcome outcome = scene.wanMtu(9000).lan(0, udp4(64, 8000)).run();
        assertThatFrame(outcome.onlyWan()).isUdp().ttl(63).withPayloadBytes(8000).hasValidChecksums();
    }
}
