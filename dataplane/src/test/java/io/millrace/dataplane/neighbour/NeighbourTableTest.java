package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.InterfaceSettings;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.Verdict;
import io.millrace.testkit.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeSet;

import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN;
import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_10;
import static io.millrace.dataplane.neighbour.NeighbourWorld.LAN_MAC;
import static io.millrace.dataplane.neighbour.NeighbourWorld.SECOND_NS;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN;
import static io.millrace.dataplane.neighbour.NeighbourWorld.WAN_MAC;
import static io.millrace.testkit.FrameAssert.assertThatFrame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NeighbourTableTest {

    private static final String HOST = "192.168.1.50";
    private static final long MAC = 0x0200_0000_00aaL;

    private NeighbourWorld world = new NeighbourWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void asksThreeTimesASecondApartThenFails() {
        int entry = world.resolve(LAN, HOST);
        assertThat(world.state(LAN, HOST)).isEqualTo("NONE");
        world.send(udp(HOST), entry);
        world.send(udp(HOST), entry);
        assertThat(world.state(LAN, HOST)).isEqualTo("INCOMPLETE");
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(1);
        world.pass(SECOND_NS - 1);
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(1);
        world.pass(1);
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(2);
        world.pass(SECOND_NS);
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(3);
        assertThat(world.ledger.held()).isEqualTo(2);
        world.pass(SECOND_NS);
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(3);
        assertThat(world.state(LAN, HOST)).isEqualTo("FAILED");
        assertThat(world.unresolved).hasSize(2);
        assertThat(world.ledger.count(Verdict.NEIGHBOUR_UNRESOLVED)).isEqualTo(2);
        assertThat(world.ledger.held()).isZero();
    }

    @Test
    void questionOfATimerCarriesTheClock() {
        int entry = world.resolve(LAN, HOST);
        long arrivedNs = world.nowNs;
        world.send(udp(HOST), entry);
        world.passSeconds(1);
        assertThat(world.sent).extracting(NeighbourWorld.Sent::timeNs)
            .containsExactly(arrivedNs, arrivedNs + SECOND_NS);
    }

    @Test
    void failedNeighbourIsAskedForAgainWithTheNextPacket() {
        int entry = world.resolve(LAN, HOST);
        world.send(udp(HOST), entry);
        world.passSeconds(10);
        assertThat(world.state(LAN, HOST)).isEqualTo("FAILED");
        world.send(udp(HOST), entry);
        assertThat(world.state(LAN, HOST)).isEqualTo("INCOMPLETE");
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(4);
    }

    @Test
    void reachableTimeIsHalfToOneAndAHalfOfTheBase() {
        var seen = new TreeSet<Long>();
        for (int seed = 0; seed < 40; seed++) {
            try (var other = new NeighbourWorld(NeighbourSettings.IPV4, NeighbourSettings.IPV6, seed)) {
                other.table.add(LAN, IpAddress.parse(HOST), MAC, NeighbourState.REACHABLE, other.nowNs);
                long startNs = other.nowNs;
                while (other.state(LAN, HOST).equals("REACHABLE")) other.pass(SECOND_NS / 10);
                assertThat(other.state(LAN, HOST)).isEqualTo("STALE");
                seen.add((other.nowNs - startNs) / SECOND_NS);
            }
        }
        assertThat(seen.first()).isBetween(15L, 20L);
        assertThat(seen.last()).isBetween(40L, 46L);
    }

    @Test
    void usedStaleNeighbourIsProbedByUnicastAfterFiveSeconds() {
        int entry = stale(HOST);
        world.send(udp(HOST), entry);
        assertThat(world.state(LAN, HOST)).isEqualTo("DELAY");
        assertThatFrame(world.onlySent().bytes()).toMac("02:00:00:00:00:aa").isUdp();
        world.pass(5 * SECOND_NS - 1);
        assertThat(world.created(Origin.ARP_REQUEST)).isZero();
        world.pass(1);
        assertThat(world.state(LAN, HOST)).isEqualTo("PROBE");
        assertThatFrame(world.onlySent().bytes()).isArpRequest().toMac("02:00:00:00:00:aa")
            .toArpMac("00:00:00:00:00:00")
            .to(HOST);
        world.send(udp(HOST), entry);
        assertThat(world.sent).hasSize(1);   // still in use
        world.passSeconds(2);
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(3);
        assertThat(world.state(LAN, HOST)).isEqualTo("PROBE");
        world.passSeconds(1);
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(3);
        assertThat(world.state(LAN, HOST)).isEqualTo("FAILED");
        assertThat(world.table.use(entry, world.nowNs)).isFalse();
    }

    @Test
    void confirmationDuringTheDelayMakesItReachableWithoutAQuestion() {
        int entry = stale(HOST);
        world.table.use(entry, world.nowNs);
        world.passSeconds(1);
        world.table.update(entry, MAC, NeighbourState.REACHABLE, 0, world.nowNs, world.nowNs);
        assertThat(world.state(LAN, HOST)).isEqualTo("REACHABLE");
        world.passSeconds(10);
        assertThat(world.created(Origin.ARP_REQUEST)).isZero();
    }

    @Test
    void oldestWaitingPacketGoesWhenTheQueueIsFull() {
        int entry = world.resolve(LAN, HOST);
        int capacity = 212_992 / PacketMemory.CHUNK_BYTES;
        for (int i = 0; i < capacity + 3; i++) world.send(udp(HOST, i), entry);
        assertThat(world.ledger.count(Verdict.NEIGHBOUR_QUEUE_FULL)).isEqualTo(3);
        assertThat(world.ledger.held()).isEqualTo(capacity);
        world.sent.clear();
        world.table.update(entry, MAC, NeighbourState.REACHABLE, 0, world.nowNs, world.nowNs);
        assertThat(world.sent).hasSize(capacity);
        for (int i = 0; i < capacity; i++) assertThatFrame(world.sent.get(i).bytes()).isUdp().fromPort(i + 3);
    }

    @Test
    void chainWaitsAsOnePacketAndWeighsItsSlots() {
        var settings = withQueueBytes(4 * PacketMemory.CHUNK_BYTES);
        world.close();
        world = new NeighbourWorld(settings, NeighbourSettings.IPV6, 1);
        int entry = world.resolve(LAN, HOST);
        world.send(udp(HOST, 1), entry);
        world.send(udp(HOST, 2), entry);
        int chain = chained(udp(HOST, 3), 3);
        world.toNeighbour(chain, entry, world.nowNs);   // 3 slots: one of the two has to go
        assertThat(world.ledger.count(Verdict.NEIGHBOUR_QUEUE_FULL)).isEqualTo(1);
        world.sent.clear();
        world.table.update(entry, MAC, NeighbourState.REACHABLE, 0, world.nowNs, world.nowNs);
        assertThat(world.sent).hasSize(2);
        assertThatFrame(world.sent.get(0).bytes()).isUdp().fromPort(2);
        assertThat(world.sent.get(1).bytes()).hasSize(udp(HOST, 3).length + 2 * 100);
    }

    @Test
    void packetHeavierThanTheWholeQueueStillWaitsAlone() {
        world.close();
        world = new NeighbourWorld(withQueueBytes(PacketMemory.CHUNK_BYTES), NeighbourSettings.IPV6, 1);
        int entry = world.resolve(LAN, HOST);
        world.send(udp(HOST, 1), entry);
        world.toNeighbour(chained(udp(HOST, 2), 3), entry, world.nowNs);
        assertThat(world.ledger.held()).isEqualTo(1);
        assertThat(world.ledger.count(Verdict.NEIGHBOUR_QUEUE_FULL)).isEqualTo(1);
    }

    @Test
    void writesTheHeaderOfEveryInterface() {
        for (int index : new int[] {LAN, WAN, LAN_10}) {
            world.table.add(index, IpAddress.parse(HOST), MAC, NeighbourState.PERMANENT, 0);
            world.table.add(index, IpAddress.parse("fd00:1::50"), MAC + 1, NeighbourState.PERMANENT, 0);
            String ownMac = index == WAN ? WAN_MAC : LAN_MAC;
            world.send(udp(HOST), world.entry(index, HOST));
            assertThatFrame(world.sent.removeFirst().bytes()).toMac("02:00:00:00:00:aa").fromMac(ownMac).isUdp()
                .hasValidChecksums();
            world.send(udp6(), world.entry(index, "fd00:1::50"));
            byte[] frame = world.sent.removeFirst().bytes();
            assertThatFrame(frame).toMac("02:00:00:00:00:ab").fromMac(ownMac).isUdp().hasValidChecksums();
            assertThatFrame(frame).vlan(index == LAN_10 ? new Integer[] {10} : new Integer[] {});
        }
    }

    @Test
    void headerCarriesTwoTagsAndShrinksAgain() {
        var doubleTagged = new Interface(3, "lan.20.30", 0, 0x88a8_0014, 0x8100_001e, MAC + 9, 1500, List.of(),
            InterfaceSettings.ROUTER);
        world.table.interfaces(List.of(doubleTagged));
        world.table.add(3, IpAddress.parse(HOST), MAC, NeighbourState.PERMANENT, 0);
        int packet = world.receive(udp(HOST), 3);
        world.table.writeLinkHeader(packet, world.entry(3, HOST));
        assertThat(world.meta.l3(packet)).isEqualTo(22);
        assertThat(world.meta.packetBytes(packet)).isEqualTo(udp(HOST).length + 8);
        world.toNeighbour(packet, world.entry(3, HOST), world.nowNs);
        assertThatFrame(world.onlySent().bytes()).vlan(20, 30).toMac("02:00:00:00:00:aa").isUdp().hasValidChecksums();
        world.table.interfaces(List.of(new Interface(3, "lan", 0, 0, 0, MAC + 8, 1500, List.of(),
            InterfaceSettings.ROUTER)));
        world.send(udp(HOST), world.entry(3, HOST));
        assertThatFrame(world.onlySent().bytes()).vlan().toMac("02:00:00:00:00:aa").fromMac("02:00:00:00:00:b2")
            .isUdp();
    }

    @Test
    void ipv4GoesToAnIpv6Neighbour() {
        world.table.add(LAN, IpAddress.parse("fe80::9"), MAC, NeighbourState.PERMANENT, 0);
        world.send(udp(HOST), world.entry(LAN, "fe80::9"));
        assertThatFrame(world.onlySent().bytes()).etherType(0x0800).isIpv4().toMac("02:00:00:00:00:aa");
    }

    @Test
    void multicastHasItsMacAtOnce() {
        assertThat(world.table.use(world.resolve(LAN, "224.0.1.129"), world.nowNs)).isTrue();
        assertThat(world.table.mac(world.entry(LAN, "224.0.1.129"))).isEqualTo(0x0100_5e00_0181L);
        assertThat(world.table.mac(world.resolve(LAN, "239.255.255.250"))).isEqualTo(0x0100_5e7f_fffaL);
        assertThat(world.table.mac(world.resolve(LAN, "ff02::1:ff00:77"))).isEqualTo(0x3333_ff00_0077L);
        assertThat(world.state(LAN, "224.0.1.129")).isEqualTo("NOARP");
    }

    @Test
    void broadcastHasItsMacAtOnce() {
        for (String address : List.of("192.168.1.255", "255.255.255.255")) {
            assertThat(world.table.use(world.resolve(LAN, address), world.nowNs)).isTrue();
            assertThat(world.table.mac(world.entry(LAN, address))).isEqualTo(MulticastMac.BROADCAST);
        }
        assertThat(world.table.use(world.resolve(LAN, "203.0.113.255"), world.nowNs)).isFalse();   // of another link
    }

    @Test
    void interfacesAndFamiliesAreApart() {
        int onLan = world.resolve(LAN, HOST);
        int onWan = world.resolve(WAN, HOST);
        int ipv6 = world.resolve(LAN, "::c0a8:132");   // the same bits as the IPv4 address
        assertThat(List.of(onLan, onWan, ipv6)).doesNotHaveDuplicates();
        assertThat(world.resolve(LAN, HOST)).isEqualTo(onLan);
    }

    @Test
    void operatorsChangesAreRefusedAsByLinux() {
        IpAddress host = IpAddress.parse(HOST);
        assertThat(world.table.add(LAN, host, MAC, NeighbourState.PERMANENT, 0)).isEqualTo(NeighbourResult.DONE);
        assertThat(world.table.add(LAN, host, MAC, NeighbourState.PERMANENT, 0)).isEqualTo(NeighbourResult.EXISTS);
        assertThat(world.table.add(9, host, MAC, NeighbourState.PERMANENT, 0))
            .isEqualTo(NeighbourResult.INTERFACE_UNKNOWN);
        assertThat(world.table.add(WAN, host, MAC, NeighbourState.DELAY, 0)).isEqualTo(NeighbourResult.STATE_REFUSED);
        assertThat(world.table.replace(LAN, host, MAC + 1, NeighbourState.STALE, 0)).isEqualTo(NeighbourResult.DONE);
        assertThat(world.table.mac(world.entry(LAN, HOST))).isEqualTo(MAC + 1);
        assertThat(world.state(LAN, HOST)).isEqualTo("STALE");
        assertThat(world.table.remove(LAN, host, 0)).isEqualTo(NeighbourResult.DONE);
        assertThat(world.table.remove(LAN, host, 0)).isEqualTo(NeighbourResult.NOT_FOUND);
        assertThat(world.table.count()).isZero();
    }

    @Test
    void permanentNeighbourAnswersForPacketsThatWaited() {
        world.send(udp(HOST), world.resolve(LAN, HOST));
        world.sent.clear();
        world.table.replace(LAN, IpAddress.parse(HOST), MAC, NeighbourState.PERMANENT, world.nowNs);
        assertThatFrame(world.onlySent().bytes()).toMac("02:00:00:00:00:aa");
        world.passSeconds(1_000);
        assertThat(world.state(LAN, HOST)).isEqualTo("PERMANENT");
    }

    @Test
    void removalDropsWhatWaits() {
        world.send(udp(HOST), world.resolve(LAN, HOST));
        world.table.remove(LAN, IpAddress.parse(HOST), world.nowNs);
        assertThat(world.ledger.count(Verdict.NEIGHBOUR_UNRESOLVED)).isEqualTo(1);
        assertThat(world.unresolved).hasSize(1);
        assertThat(world.ledger.held()).isZero();
        world.passSeconds(5);   // its timer is gone too
    }

    @Test
    void heldNeighbourSurvivesRemovalAsFailed() {
        int entry = stale(HOST);
        world.table.hold(entry);
        world.table.remove(LAN, IpAddress.parse(HOST), world.nowNs);
        assertThat(world.state(LAN, HOST)).isEqualTo("FAILED");
        assertThat(world.table.use(entry, world.nowNs)).isFalse();
        world.table.release(entry);
        world.table.remove(LAN, IpAddress.parse(HOST), world.nowNs);
        assertThat(world.table.count()).isZero();
    }

    @Test
    void goneInterfaceTakesItsNeighboursAndWhatWaitsForThem() {
        world.send(udp(HOST), world.resolve(LAN, HOST));
        int onWan = world.resolve(WAN, "203.0.113.9");
        world.table.interfaces(List.of(NeighbourWorld.iface(WAN, "wan", 1, 0, WAN_MAC, "203.0.113.1/24")));
        assertThat(world.entry(LAN, HOST)).isEqualTo(NeighbourTable.NONE);
        assertThat(world.entry(WAN, "203.0.113.9")).isEqualTo(onWan);
        assertThat(world.ledger.count(Verdict.NEIGHBOUR_UNRESOLVED)).isEqualTo(1);
        int held = world.resolve(WAN, "203.0.113.10");
        world.table.hold(held);
        assertThatThrownBy(() -> world.table.interfaces(List.of())).hasMessageContaining("next hop");
    }

    @Test
    void belowTheFirstThresholdNothingIsThrownOut() {
        for (int i = 0; i < 127; i++) world.resolve(LAN, "192.168.1." + (i + 2));
        world.passSeconds(600);
        assertThat(world.table.count()).isEqualTo(127);
        world.resolve(LAN, "192.168.1.200");
        world.passSeconds(16);
        assertThat(world.table.count()).isEqualTo(1);   // the new one is not 60 s old
    }

    @Test
    void aboveTheSecondThresholdOldEntriesMakeRoom() {
        fill(512);
        world.passSeconds(5.5);   // no change for more than five seconds
        world.resolve(LAN, "10.9.9.9");
        assertThat(world.table.count()).isEqualTo(512);   // one more than the threshold was one too many
        assertThat(world.entry(LAN, "10.0.0.0")).isEqualTo(NeighbourTable.NONE);
        assertThat(world.entry(LAN, "10.0.0.1")).isNotEqualTo(NeighbourTable.NONE);
    }

    @Test
    void thirdThresholdIsNeverExceeded() {
        fill(1024);
        assertThat(world.resolve(LAN, "10.9.9.9")).isEqualTo(NeighbourTable.NONE);
        assertThat(world.resolve(LAN, "fd00:1::9")).isNotEqualTo(NeighbourTable.NONE);   // families are apart
        world.passSeconds(5.1);
        assertThat(world.resolve(LAN, "10.9.9.9")).isNotEqualTo(NeighbourTable.NONE);
        assertThat(world.table.count()).isEqualTo(512 + 1);
    }

    @Test
    void entriesInResolutionAreNotThrownOut() {
        world.close();
        world = new NeighbourWorld(withThresholds(2, 4, 8), NeighbourSettings.IPV6, 1);
        for (int i = 0; i < 8; i++) world.send(udp("10.0.0." + i), world.resolve(LAN, "10.0.0." + i));
        world.passSeconds(2.9);
        assertThat(world.resolve(LAN, "10.9.9.9")).isEqualTo(NeighbourTable.NONE);
        world.passSeconds(0.2);   // all have failed
        assertThat(world.resolve(LAN, "10.9.9.9")).isNotEqualTo(NeighbourTable.NONE);
        assertThat(world.table.count()).isEqualTo(4);
    }

    @Test
    void heldAndPermanentEntriesAreNotThrownOut() {
        world.close();
        world = new NeighbourWorld(withThresholds(1, 2, 4), NeighbourSettings.IPV6, 1);
        for (int i = 0; i < 10; i++) {
            world.table.add(LAN, IpAddress.parse("10.1.0." + i), MAC, NeighbourState.PERMANENT, world.nowNs);
        }
        int held = world.resolve(LAN, "10.0.0.0");
        world.table.hold(held);
        for (int i = 1; i < 4; i++) world.resolve(LAN, "10.0.0." + i);
        world.passSeconds(600);
        assertThat(world.table.neighbours()).extracting(each -> each.address().toString())
            .hasSize(11).contains("10.0.0.0", "10.1.0.9");
        for (int i = 1; i < 4; i++) world.resolve(LAN, "10.0.0." + i);
        assertThat(world.resolve(LAN, "10.0.0.9")).isEqualTo(NeighbourTable.NONE);
    }

    @Test
    void timersNeedSeveralTurnsWhenTheBudgetIsSmall() {
        for (int i = 0; i < 10; i++) world.send(udp("10.0.0." + i), world.resolve(LAN, "10.0.0." + i));
        world.nowNs += SECOND_NS;
        assertThat(world.table.expire(world.nowNs, 4)).isEqualTo(4);
        assertThat(world.table.expire(world.nowNs, 100)).isEqualTo(6);
        assertThat(world.table.expire(world.nowNs, 100)).isZero();
        assertThat(world.created(Origin.ARP_REQUEST)).isEqualTo(20);
    }

    @Test
    void emptyTableHasNothingToDo() {
        assertThat(world.table.nextTimerNs()).isEqualTo(Long.MAX_VALUE);
        world.table.add(LAN, IpAddress.parse(HOST), MAC, NeighbourState.PERMANENT, 0);
        assertThat(world.table.nextTimerNs()).isEqualTo(Long.MAX_VALUE);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(world.resolve(LAN, "10.0." + i / 256 + "." + i % 256)).isNotEqualTo(NeighbourTable.NONE);
        }
    }

    private int stale(String address) {
        world.table.add(LAN, IpAddress.parse(address), MAC, NeighbourState.STALE, world.nowNs);
        return world.entry(LAN, address);
    }

    /// A packet with slots of 100 bytes behind its first.
    private int chained(byte[] frame, int slotCount) {
        int first = world.receive(frame, LAN);
        int last = first;
        for (int i = 1; i < slotCount; i++) {
            int slot = world.pool.allocate();
            world.meta.begin(slot, 100, 0, 0, world.nowNs);
            world.meta.next(last, slot);
            world.meta.last(first, slot);
            world.meta.packetBytes(first, world.meta.packetBytes(first) + 100);
            last = slot;
        }
        return first;
    }

    private static NeighbourSettings withQueueBytes(int bytes) {
        NeighbourSettings base = NeighbourSettings.IPV4;
        return new NeighbourSettings(base.baseReachableNs(), base.delayFirstProbeNs(), base.retransmitNs(),
            base.gcStaleNs(), base.lockNs(), 3, 3, bytes, 128, 512, 1024);
    }

    private static NeighbourSettings withThresholds(int first, int second, int third) {
        NeighbourSettings base = NeighbourSettings.IPV4;
        return new NeighbourSettings(base.baseReachableNs(), base.delayFirstProbeNs(), base.retransmitNs(),
            base.gcStaleNs(), base.lockNs(), 3, 3, base.queueBytesMax(), first, second, third);
    }

    private static byte[] udp(String target) {
        return udp(target, 1000);
    }

    private static byte[] udp(String target, int port) {
        return Frame.ethernet("02:00:00:00:00:bb", LAN_MAC).ipv4("172.16.0.1", target).udp(port, 2000)
            .payload(new byte[] {1, 2, 3}).bytes();
    }

    private static byte[] udp6() {
        return Frame.ethernet("02:00:00:00:00:bb", LAN_MAC).ipv6("2001:db8::1", "fd00:1::50").udp(1000, 2000)
            .payload(new byte[] {1, 2, 3}).bytes();
    }
}
