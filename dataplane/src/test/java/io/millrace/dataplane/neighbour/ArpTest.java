package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Origin;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.ArpLayer;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;

import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN;
import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_10;
import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_MAC;
import static io.millrace.dataplane.neighbour.NeighbourWorld.SECOND_NS;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN_MAC;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;

class ArpTest {

    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    private static final String ZERO = "00:00:00:00:00:00";
    private static final String HOST = "02:00:00:00:00:aa";
    private static final String OTHER = "02:00:00:00:00:bb";
    private static final String HOST_ADDRESS = "192.168.1.50";

    private final NeighbourWorld world = new NeighbourWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void answersARequestForItsAddress() {
        assertThat(receive(request(HOST, HOST_ADDRESS, "192.168.1.1"))).isEqualTo(Verdict.ARP_LEARNED);
        assertThatFrame(world.onlySent().bytes()).isArpReply().toMac(HOST).fromMac(LAN_MAC).frameBytes(42)
            .from("192.168.1.1").fromArpMac(LAN_MAC).to(HOST_ADDRESS).toArpMac(HOST);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("STALE");
        assertThat(world.created(Origin.ARP_REPLY)).isEqualTo(1);
    }

    @Test
    void answerCarriesTheTimeOfTheRequest() {
        long requestNs = world.nowNs;
        int packet = world.receive(request(HOST, HOST_ADDRESS, "192.168.1.1"), LAN);
        assertThat(world.arp.receive(packet, LAN, requestNs + 77)).isEqualTo(Verdict.ARP_LEARNED);
        world.ledger.deliver(packet, Verdict.ARP_LEARNED);
        assertThat(world.onlySent().timeNs()).isEqualTo(requestNs);
    }

    @Test
    void answersForTheAddressOfAnotherPort() {
        assertThat(receive(request(HOST, HOST_ADDRESS, "203.0.113.1"))).isEqualTo(Verdict.ARP_LEARNED);
        assertThatFrame(world.onlySent().bytes()).isArpReply().from("203.0.113.1").fromArpMac(LAN_MAC);
    }

    @Test
    void answersWithTheTagsOfTheInterface() {
        byte[] request = Frame.ethernet(HOST, BROADCAST).vlan(10)
            .arpRequest(HOST, "10.10.0.9", "10.10.0.1").bytes();
        assertThat(world.receiveArp(request, LAN_10)).isEqualTo(Verdict.ARP_LEARNED);
        assertThatFrame(world.onlySent().bytes()).isArpReply().vlan(10).toMac(HOST);
    }

    @Test
    void answersAProbeWithoutLearning() {
        assertThat(receive(request(HOST, "0.0.0.0", "192.168.1.1"))).isEqualTo(Verdict.ARP_LEARNED);
        assertThatFrame(world.onlySent().bytes()).isArpReply().toMac(HOST).from("192.168.1.1").to("0.0.0.0")
            .toArpMac(HOST);
        assertThat(world.table.count()).isZero();
    }

    @Test
    void keepsSilentAboutAddressesOfOthers() {
        assertThat(receive(request(HOST, HOST_ADDRESS, "192.168.1.77"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(receive(request(HOST, "0.0.0.0", "192.168.1.77"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(receive(request(HOST, HOST_ADDRESS, "192.168.1.255"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(receive(request(HOST, HOST_ADDRESS, "224.0.0.1"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(receive(request(HOST, HOST_ADDRESS, "127.0.0.1"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(world.sent).isEmpty();
        assertThat(world.table.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"224.0.0.9", "255.255.255.255", "127.0.0.1", "192.168.1.1", "203.0.113.1"})
    void keepsSilentTowardsSendersThatCannotBe(String sender) {
        assertThat(receive(request(HOST, sender, "192.168.1.1"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(world.sent).isEmpty();
        assertThat(world.table.count()).isZero();
    }

    @Test
    void answersSendersOfOtherSubnets() {
        assertThat(receive(request(HOST, "10.77.0.1", "192.168.1.1"))).isEqualTo(Verdict.ARP_LEARNED);
        assertThatFrame(world.onlySent().bytes()).isArpReply().to("10.77.0.1");
    }

    @Test
    void learnsFromNobodyElsesAnswer() {
        assertThat(receive(reply(HOST, HOST_ADDRESS, LAN_MAC, "192.168.1.1"))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(world.table.count()).isZero();
    }

    @Test
    void answerMakesTheNeighbourReachableAndSendsWhatWaited() {
        int entry = world.resolve(LAN, HOST_ADDRESS);
        world.send(udp("10.0.0.1", HOST_ADDRESS), entry);
        assertThatFrame(world.onlySent().bytes()).isArpRequest().toMac(BROADCAST).fromArpMac(LAN_MAC)
            .from("192.168.1.1").to(HOST_ADDRESS).toArpMac(ZERO);
        world.passSeconds(0.5);
        assertThat(receive(reply(HOST, HOST_ADDRESS, LAN_MAC, "192.168.1.1"))).isEqualTo(Verdict.ARP_LEARNED);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("REACHABLE");
        NeighbourWorld.Sent released = world.onlySent();
        assertThatFrame(released.bytes()).toMac(HOST).fromMac(LAN_MAC).isUdp().from("10.0.0.1").hasValidChecksums();
        assertThat(released.timeNs()).isEqualTo(world.nowNs);
    }

    @Test
    void broadcastAnswerMakesTheNeighbourStale() {
        world.send(udp("10.0.0.1", HOST_ADDRESS), world.resolve(LAN, HOST_ADDRESS));
        byte[] frame = Frame.ethernet(HOST, BROADCAST).arpReply(HOST, HOST_ADDRESS, LAN_MAC, "192.168.1.1")
            .bytes();
        assertThat(receive(frame)).isEqualTo(Verdict.ARP_LEARNED);
        // Sending what waited put the stale neighbour to use.
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("DELAY");
    }

    @Test
    void firstOfTwoAnswersWins() {
        world.send(udp("10.0.0.1", HOST_ADDRESS), world.resolve(LAN, HOST_ADDRESS));
        receive(reply(HOST, HOST_ADDRESS, LAN_MAC, "192.168.1.1"));
        world.pass(SECOND_NS);
        receive(reply(OTHER, HOST_ADDRESS, LAN_MAC, "192.168.1.1"));
        assertThat(mac()).isEqualTo(HOST);
        world.pass(1);
        receive(reply(OTHER, HOST_ADDRESS, LAN_MAC, "192.168.1.1"));
        assertThat(mac()).isEqualTo(OTHER);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("REACHABLE");
    }

    @Test
    void announcementIsBelievedAtOnce() {
        receive(request(HOST, HOST_ADDRESS, "192.168.1.1"));
        assertThat(receive(request(OTHER, HOST_ADDRESS, HOST_ADDRESS))).isEqualTo(Verdict.ARP_LEARNED);
        assertThat(mac()).isEqualTo(OTHER);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("STALE");
    }

    @Test
    void announcingReplyMustRepeatTheMac() {
        receive(request(HOST, HOST_ADDRESS, "192.168.1.1"));
        byte[] unequal = Frame.ethernet(OTHER, BROADCAST).arpReply(OTHER, HOST_ADDRESS, ZERO, HOST_ADDRESS)
            .bytes();
        receive(unequal);
        assertThat(mac()).isEqualTo(HOST);
        byte[] equal = Frame.ethernet(OTHER, BROADCAST).arpReply(OTHER, HOST_ADDRESS, OTHER, HOST_ADDRESS)
            .bytes();
        receive(equal);
        assertThat(mac()).isEqualTo(OTHER);
    }

    @Test
    void announcementOfAStrangerTeachesNothing() {
        assertThat(receive(request(HOST, HOST_ADDRESS, HOST_ADDRESS))).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(world.table.count()).isZero();
    }

    @Test
    void requestOverridesAtOnce() {
        receive(request(HOST, HOST_ADDRESS, "192.168.1.1"));
        receive(request(OTHER, HOST_ADDRESS, "192.168.1.1"));
        assertThat(mac()).isEqualTo(OTHER);
        assertThatFrame(world.sent.get(1).bytes()).toMac(OTHER);
    }

    @Test
    void requestForSomebodyElseKeepsAReachableNeighbourReachable() {
        world.send(udp("10.0.0.1", HOST_ADDRESS), world.resolve(LAN, HOST_ADDRESS));
        receive(reply(HOST, HOST_ADDRESS, LAN_MAC, "192.168.1.1"));
        assertThat(receive(request(HOST, HOST_ADDRESS, "192.168.1.77"))).isEqualTo(Verdict.ARP_LEARNED);
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("REACHABLE");
    }

    @Test
    void permanentNeighbourIsNotOverridden() {
        world.table.add(LAN, IpAddress.parse(HOST_ADDRESS), 0x020000000011L,
            NeighbourState.PERMANENT, 0);
        receive(request(OTHER, HOST_ADDRESS, "192.168.1.1"));
        assertThat(mac()).isEqualTo("02:00:00:00:00:11");
        assertThatFrame(world.onlySent().bytes()).isArpReply().toMac(OTHER);
    }

    @Test
    void asksWithTheSourceOfItsOwnPacket() {
        world.send(udp("203.0.113.1", HOST_ADDRESS), world.resolve(LAN, HOST_ADDRESS));
        assertThatFrame(world.onlySent().bytes()).isArpRequest().from("203.0.113.1").fromArpMac(LAN_MAC);
    }

    @Test
    void refusesASenderWhoseMacIsAGroup() {
        assertThat(receive(request("03:00:00:00:00:aa", HOST_ADDRESS, "192.168.1.1"))).isEqualTo(Verdict.ARP_MALFORMED);
        assertThat(world.sent).isEmpty();
    }

    @Test
    void rejectsPacketCutAtEveryLength() {
        byte[] whole = request(HOST, HOST_ADDRESS, "192.168.1.1");
        for (int length = 14; length < 42; length++) {
            assertThat(receive(Arrays.copyOf(whole, length))).as("%d bytes", length).isEqualTo(Verdict.ARP_MALFORMED);
        }
        assertThat(receive(Arrays.copyOf(whole, 60))).isEqualTo(Verdict.ARP_LEARNED);   // padded
    }

    @Test
    void rejectsOtherHardwareAndProtocols() {
        ArpLayer arp = Frame.ethernet(HOST, BROADCAST).arpRequest(HOST, HOST_ADDRESS, "192.168.1.1");
        assertThat(receive(arp.hardware(2, 6).bytes())).isEqualTo(Verdict.ARP_MALFORMED);
        assertThat(receive(arp.hardware(1, 8).bytes())).isEqualTo(Verdict.ARP_MALFORMED);
        assertThat(receive(arp.hardware(1, 6).protocol(0x0801, 4).bytes())).isEqualTo(Verdict.ARP_MALFORMED);
        assertThat(receive(arp.protocol(0x0800, 4).operation(3).bytes())).isEqualTo(Verdict.ARP_NOT_FOR_US);
        assertThat(receive(arp.hardware(6, 6).operation(1).bytes())).isEqualTo(Verdict.ARP_LEARNED);
    }

    @Test
    void answersNothingWhenPacketMemoryIsExhausted() {
        byte[] request = request(HOST, HOST_ADDRESS, "192.168.1.1");
        int packet = world.receive(request, LAN);
        var taken = new ArrayList<Integer>();
        for (int slot = world.pool.allocate(); slot != PacketMemory.NONE; slot = world.pool.allocate()) taken.add(slot);
        assertThat(world.arp.receive(packet, LAN, world.nowNs)).isEqualTo(Verdict.ARP_LEARNED);
        taken.forEach(world.pool::release);
        world.ledger.deliver(packet, Verdict.ARP_LEARNED);
        assertThat(world.sent).isEmpty();
        assertThat(world.created(Origin.ARP_REPLY)).isZero();
        assertThat(world.state(LAN, HOST_ADDRESS)).isEqualTo("STALE");
    }

    private Verdict receive(byte[] frame) {
        return world.receiveArp(frame, LAN);
    }

    private String mac() {
        return Addresses.mac(world.table.mac(world.entry(LAN, HOST_ADDRESS)));
    }

    private static byte[] request(String mac, String sender, String target) {
        return Frame.ethernet(mac, BROADCAST).arpRequest(mac, sender, target).bytes();
    }

    private static byte[] reply(String mac, String sender, String targetMac, String target) {
        return Frame.ethernet(mac, targetMac).arpReply(mac, sender, targetMac, target).bytes();
    }

    private static byte[] udp(String source, String target) {
        return Frame.ethernet(OTHER, WAN_MAC).ipv4(source, target).udp(1000, 2000).payload(new byte[] {1, 2, 3})
            .bytes();
    }
}
