package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Origin;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.DiscoveryLayer;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Ipv6Layer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;

import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN;
import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_LINK_LOCAL;
import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_MAC;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

class NeighbourDiscoveryTest {

    private static final String HOST = "02:00:00:00:00:aa";
    private static final String OTHER = "02:00:00:00:00:bb";
    private static final String OWN = "fd00:1::1";
    private static final String OWN_GROUP = "ff02::1:ff00:1";
    private static final String OWN_GROUP_MAC = "33:33:ff:00:00:01";
    private static final String HOST_ADDRESS = "fd00:1::50";
    private static final int OVERRIDE = 0x20;
    private static final int SOLICITED = 0x40;
    private static final int ROUTER = 0x80;
    private static final int MESSAGE_AT = 14 + 40;

    private final NeighbourWorld world = new NeighbourWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void answersAMulticastSolicitationWithItsLinkAddress() {
        assertThat(receive(multicast(HOST_ADDRESS).neighbourSolicitation(OWN).sourceLinkLayer(HOST)))
            .isEqualTo(Verdict.ND_LEARNED);
        byte[] answer = world.onlySent().bytes();
        assertThatFrame(answer).isIcmpv6(136, 0).toMac(HOST).fromMac(LAN_MAC).from(OWN).to(HOST_ADDRESS).ttl(255)
            .tos(0).flowLabel(0).hasValidChecksums().frameBytes(86);
        assertThat(flags(answer)).isEqualTo(ROUTER | SOLICITED | OVERRIDE);
        assertThat(hex(answer, MESSAGE_AT + 8, 16)).isEqualTo("fd000001000000000000000000000001");
        assertThat(hex(answer, MESSAGE_AT + 24, 8)).isEqualTo("0201" + "020000000001");
        assertThat(world.created(Origin.NEIGHBOUR_ADVERTISEMENT)).isEqualTo(1);
        // The answer itself put the stale neighbour to use.
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("DELAY");
    }

    @Test
    void answersAUnicastSolicitationWithoutLinkAddress() {
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN).sourceLinkLayer(HOST)))
            .isEqualTo(Verdict.ND_LEARNED);
        byte[] answer = world.onlySent().bytes();
        assertThatFrame(answer).isIcmpv6(136, 0).toMac(HOST).from(OWN).to(HOST_ADDRESS).hasValidChecksums()
            .frameBytes(78);
        assertThat(flags(answer)).isEqualTo(ROUTER | SOLICITED);
    }

    @Test
    void asksForAUnicastSolicitorThatNamesNoLinkAddress() {
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN))).isEqualTo(Verdict.ND_LEARNED);
        byte[] question = world.onlySent().bytes();
        assertThatFrame(question).isIcmpv6(135, 0).toMac("33:33:ff:00:00:50").to("ff02::1:ff00:50").from(OWN);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("INCOMPLETE");
        assertThat(receive(Frame.ethernet(HOST, LAN_MAC).ipv6(HOST_ADDRESS, OWN).hopLimit(255)
            .neighbourAdvertisement(HOST_ADDRESS).solicited().override().targetLinkLayer(HOST)))
            .isEqualTo(Verdict.ND_LEARNED);
        assertThatFrame(world.onlySent().bytes()).isIcmpv6(136, 0).toMac(HOST).to(HOST_ADDRESS);
    }

    @Test
    void multicastSolicitorThatNamesNoLinkAddressAndIsUnknownGetsNoAnswer() {
        assertThat(receive(multicast(HOST_ADDRESS).neighbourSolicitation(OWN))).isEqualTo(Verdict.ND_LEARNED);
        assertThat(world.sent).isEmpty();
        assertThat(world.table.count()).isZero();
    }

    @Test
    void defendsItsAddressAgainstAProbe() {
        assertThat(receive(multicast("::").neighbourSolicitation(OWN))).isEqualTo(Verdict.ND_LEARNED);
        byte[] answer = world.onlySent().bytes();
        assertThatFrame(answer).isIcmpv6(136, 0).toMac("33:33:00:00:00:01").to("ff02::1").from(OWN).ttl(255)
            .hasValidChecksums().frameBytes(86);
        assertThat(flags(answer)).isEqualTo(ROUTER | OVERRIDE);
        assertThat(world.table.count()).isZero();
    }

    @Test
    void answersForTheSubnetRouterAnycastAddressWithoutOverride() {
        byte[] frame = Frame.ethernet(HOST, "33:33:ff:00:00:00").ipv6(HOST_ADDRESS, "ff02::1:ff00:0").hopLimit(255)
            .neighbourSolicitation("fd00:1::").sourceLinkLayer(HOST).bytes();
        assertThat(world.receiveDiscovery(frame, LAN)).isEqualTo(Verdict.ND_LEARNED);
        byte[] answer = world.onlySent().bytes();
        assertThatFrame(answer).isIcmpv6(136, 0).from(OWN).to(HOST_ADDRESS).hasValidChecksums();
        assertThat(flags(answer)).isEqualTo(ROUTER | SOLICITED);
    }

    @Test
    void keepsSilentAboutAddressesOfOthersAndOfOtherInterfaces() {
        assertThat(receive(multicast(HOST_ADDRESS).neighbourSolicitation("fd00:1::77").sourceLinkLayer(HOST)))
            .isEqualTo(Verdict.ND_NOT_FOR_US);
        assertThat(receive(multicast(HOST_ADDRESS).neighbourSolicitation("fd00:2::1").sourceLinkLayer(HOST)))
            .isEqualTo(Verdict.ND_NOT_FOR_US);
        assertThat(world.sent).isEmpty();
        assertThat(world.table.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 254})
    void rejectsOtherHopLimits(int hopLimit) {
        assertThat(receive(Frame.ethernet(HOST, LAN_MAC).ipv6(HOST_ADDRESS, OWN).hopLimit(hopLimit)
            .neighbourSolicitation(OWN).sourceLinkLayer(HOST))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(world.sent).isEmpty();
    }

    @Test
    void rejectsWhatRfc4861CallsInvalid() {
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN).code(1))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation("ff02::1"))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast("::").neighbourSolicitation(OWN))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(multicast("::").neighbourSolicitation(OWN).sourceLinkLayer(HOST)))
            .isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN)
            .options((byte) 1, (byte) 0, (byte) 0, (byte) 0,
            (byte) 0, (byte) 0, (byte) 0, (byte) 0))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN)
            .options((byte) 1, (byte) 2, (byte) 0, (byte) 0,
            (byte) 0, (byte) 0, (byte) 0, (byte) 0))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN).option(1, new byte[14])))
            .isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast(HOST_ADDRESS).neighbourAdvertisement("ff02::1"))).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(Frame.ethernet(HOST, "33:33:00:00:00:01").ipv6(HOST_ADDRESS, "ff02::1").hopLimit(255)
            .neighbourAdvertisement(HOST_ADDRESS).solicited())).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(receive(unicast(HOST_ADDRESS).routerAdvertisement())).isEqualTo(Verdict.ND_MALFORMED);
        assertThat(world.sent).isEmpty();
        assertThat(world.table.count()).isZero();
    }

    @Test
    void rejectsWrongChecksum() {
        assertThat(receive(unicast(HOST_ADDRESS).neighbourSolicitation(OWN).sourceLinkLayer(HOST).checksum(0x1234)))
            .isEqualTo(Verdict.ICMP_CHECKSUM_WRONG);
    }

    @Test
    void rejectsMessageCutAtEveryLength() {
        byte[] whole = unicast(HOST_ADDRESS).neighbourSolicitation(OWN).sourceLinkLayer(HOST).bytes();
        for (int length = MESSAGE_AT + 8; length < whole.length; length++) {
            if (length == MESSAGE_AT + 24) continue;   // complete without its option
            byte[] cut = unicast(HOST_ADDRESS).icmpv6(135, 0).payload(Arrays.copyOfRange(whole, MESSAGE_AT + 8, length))
                .bytes();
            assertThat(world.receiveDiscovery(cut, LAN)).as("%d bytes", length).isEqualTo(Verdict.ND_MALFORMED);
        }
        assertThat(world.sent).isEmpty();
    }

    @Test
    void skipsOptionsOfOtherTypesAndTakesTheFirstOfTwo() {
        assertThat(receive(multicast(HOST_ADDRESS).neighbourSolicitation(OWN).option(14, new byte[6])
            .option(200, new byte[22]).sourceLinkLayer(HOST).sourceLinkLayer(OTHER))).isEqualTo(Verdict.ND_LEARNED);
        assertThatFrame(world.onlySent().bytes()).toMac(HOST);
    }

    @Test
    void asksWithItsLinkLocalAddressForForwardedPackets() {
        world.send(udp("2001:db8::1"), world.resolve(LAN, HOST_ADDRESS));
        byte[] question = world.onlySent().bytes();
        assertThatFrame(question).isIcmpv6(135, 0).fromMac(LAN_MAC).toMac("33:33:ff:00:00:50").from(LAN_LINK_LOCAL)
            .to("ff02::1:ff00:50").ttl(255).hasValidChecksums().frameBytes(86);
        assertThat(hex(question, MESSAGE_AT + 8, 16)).isEqualTo("fd000001000000000000000000000050");
        assertThat(hex(question, MESSAGE_AT + 24, 8)).isEqualTo("0101" + "020000000001");
    }

    @Test
    void asksWithTheSourceOfItsOwnPacketIfTheInterfaceHasIt() {
        world.send(udp(OWN), world.resolve(LAN, HOST_ADDRESS));
        assertThatFrame(world.onlySent().bytes()).isIcmpv6(135, 0).from(OWN);
        world.send(udp("fd00:2::1"), world.resolve(LAN, "fd00:1::51"));
        assertThatFrame(world.onlySent().bytes()).isIcmpv6(135, 0).from(LAN_LINK_LOCAL);
    }

    @Test
    void solicitedAdvertisementMakesTheNeighbourReachableAndSendsWhatWaited() {
        world.send(udp("2001:db8::1"), world.resolve(LAN, HOST_ADDRESS));
        world.sent.clear();
        assertThat(advertise(HOST, "SO")).isEqualTo(Verdict.ND_LEARNED);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("REACHABLE");
        assertThatFrame(world.onlySent().bytes()).toMac(HOST).isUdp().from("2001:db8::1").hasValidChecksums();
    }

    @Test
    void advertisementWithoutLinkAddressResolvesNothing() {
        world.send(udp("2001:db8::1"), world.resolve(LAN, HOST_ADDRESS));
        receive(unicast(HOST_ADDRESS).neighbourAdvertisement(HOST_ADDRESS).solicited().override());
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("INCOMPLETE");
    }

    @Test
    void advertisementOfAStrangerTeachesNothing() {
        assertThat(advertise(HOST, "SO")).isEqualTo(Verdict.ND_NOT_FOR_US);
        assertThat(receive(Frame.ethernet(HOST, "33:33:00:00:00:01").ipv6(HOST_ADDRESS, "ff02::1").hopLimit(255)
            .neighbourAdvertisement(OWN).override().targetLinkLayer(HOST))).isEqualTo(Verdict.ND_NOT_FOR_US);
        assertThat(world.table.count()).isZero();
    }

    /// RFC 4861 §7.2.5 and appendix C, from each state that has a link-layer address: what an advertisement with these
    /// flags and the same (=) or another (≠) address makes of it.
    @ParameterizedTest
    @CsvSource({
        "REACHABLE, '',  =, REACHABLE, HOST",
        "REACHABLE, 'S', =, REACHABLE, HOST",
        "REACHABLE, 'O', =, REACHABLE, HOST",
        "REACHABLE, '',  ≠, STALE,     HOST",
        "REACHABLE, 'S', ≠, STALE,     HOST",
        "REACHABLE, 'O', ≠, STALE,     OTHER",
        "REACHABLE, SO,  ≠, REACHABLE, OTHER",
        "STALE,     '',  =, STALE,     HOST",
        "STALE,     'S', =, REACHABLE, HOST",
        "STALE,     'O', =, STALE,     HOST",
        "STALE,     '',  ≠, STALE,     HOST",
        "STALE,     'S', ≠, STALE,     HOST",
        "STALE,     'O', ≠, STALE,     OTHER",
        "STALE,     SO,  ≠, REACHABLE, OTHER",
        "DELAY,     'S', =, REACHABLE, HOST",
        "DELAY,     'S', ≠, DELAY,     HOST",
        "DELAY,     'O', ≠, STALE,     OTHER",
        "PROBE,     'S', =, REACHABLE, HOST",
        "PROBE,     '',  =, PROBE,     HOST",
        "PROBE,     SO,  ≠, REACHABLE, OTHER",
    })
    void advertisementFollowsTheFlags(String from, String flags, String address, String to, String mac) {
        bringTo(from);
        advertise("=".equals(address) ? HOST : OTHER, flags);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo(to);
        String expected = "HOST".equals(mac) ? HOST : OTHER;
        assertThat(Addresses.mac(world.table.mac(world.entry(LAN, HOST_ADDRESS)))).isEqualTo(expected);
    }

    @Test
    void advertisementDoesNotReviveAFailedNeighbour() {
        world.send(udp("2001:db8::1"), world.resolve(LAN, HOST_ADDRESS));
        world.passSeconds(10);
        assertThat(advertise(HOST, "SO")).isEqualTo(Verdict.ND_NOT_FOR_US);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("FAILED");
    }

    @Test
    void advertisementTellsWhetherTheNeighbourRoutes() {
        bringTo("REACHABLE");
        advertise(HOST, "RSO");
        assertThat(world.table.isRouter(world.entry(LAN, HOST_ADDRESS))).isTrue();
        advertise(OTHER, "S");   // does not override, so is not believed in this either
        assertThat(world.table.isRouter(world.entry(LAN, HOST_ADDRESS))).isTrue();
        advertise(HOST, "SO");
        assertThat(world.table.isRouter(world.entry(LAN, HOST_ADDRESS))).isFalse();
    }

    @Test
    void learnsHostsAndRoutersFromTheirSolicitationsAndAdvertisements() {
        byte[] solicitation = Frame.ethernet(HOST, "33:33:00:00:00:02").ipv6("fe80::50", "ff02::2").hopLimit(255)
            .routerSolicitation().sourceLinkLayer(HOST).bytes();
        assertThat(world.receiveDiscovery(solicitation, LAN)).isEqualTo(Verdict.ND_LEARNED);
        assertThat(world.state(LAN, "fe80::50")).isEqualTo("STALE");
        byte[] advertisement = Frame.ethernet(OTHER, "33:33:00:00:00:01").ipv6("fe80::51", "ff02::1").hopLimit(255)
            .routerAdvertisement().sourceLinkLayer(OTHER).bytes();
        assertThat(world.receiveDiscovery(advertisement, WAN)).isEqualTo(Verdict.ND_LEARNED);
        assertThat(world.state(WAN, "fe80::51")).isEqualTo("STALE");
        assertThat(world.table.isRouter(world.entry(WAN, "fe80::51"))).isTrue();
        assertThat(world.sent).isEmpty();
    }

    @Test
    void ignoresSolicitationsForRoutersWithoutASource() {
        assertThat(receive(Frame.ethernet(HOST, "33:33:00:00:00:02").ipv6("::", "ff02::2").hopLimit(255)
            .routerSolicitation()))
            .isEqualTo(Verdict.ND_NOT_FOR_US);
    }

    @Test
    void obeysNoRedirect() {
        byte[] body = new byte[36];
        assertThat(world.receiveDiscovery(unicast("fe80::50").icmpv6(137, 0).payload(body).bytes(), LAN))
            .isIn(Verdict.ND_NOT_FOR_US, Verdict.ND_MALFORMED);
        assertThat(world.receiveDiscovery(unicast("fe80::50").icmpv6(137, 0).payload(new byte[32]).bytes(), LAN))
            .isEqualTo(Verdict.ND_NOT_FOR_US);
    }

    @Test
    void coversItsFiveTypes() {
        for (int type = 0; type < 256; type++) {
            assertThat(NeighbourDiscovery.covers(type)).isEqualTo(type >= 133 && type <= 137);
        }
    }

    private void bringTo(String state) {
        world.send(udp("2001:db8::1"), world.resolve(LAN, HOST_ADDRESS));
        advertise(HOST, "SO");
        if (!"REACHABLE".equals(state)) world.passSeconds(46);
        if ("DELAY".equals(state) || "PROBE".equals(state)) world.send(udp("2001:db8::1"),
            world.entry(LAN, HOST_ADDRESS));
        if ("PROBE".equals(state)) world.passSeconds(5.5);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo(state);
        world.sent.clear();
    }

    private Verdict advertise(String mac, String flags) {
        DiscoveryLayer message = unicast(HOST_ADDRESS).neighbourAdvertisement(HOST_ADDRESS).targetLinkLayer(mac);
        if (flags.contains("R")) message.router();
        if (flags.contains("S")) message.solicited();
        if (flags.contains("O")) message.override();
        return receive(message);
    }

    private Verdict receive(DiscoveryLayer message) {
        return world.receiveDiscovery(message.bytes(), LAN);
    }

    private static Ipv6Layer unicast(String source) {
        return Frame.ethernet(HOST, LAN_MAC).ipv6(source, OWN).hopLimit(255);
    }

    private static Ipv6Layer multicast(String source) {
        return Frame.ethernet(HOST, OWN_GROUP_MAC).ipv6(source, OWN_GROUP).hopLimit(255);
    }

    private static byte[] udp(String source) {
        return Frame.ethernet(OTHER, LAN_MAC).ipv6(source, HOST_ADDRESS).udp(1000, 2000).payload(new byte[] {1, 2, 3})
            .bytes();
    }

    private static int flags(byte[] advertisement) {
        return advertisement[MESSAGE_AT + 4] & 0xff;
    }

    private static String hex(byte[] bytes, int from, int byteCount) {
        return HexFormat.of().formatHex(bytes, from, from + byteCount);
    }
}
