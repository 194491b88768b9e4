package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.account.Origin;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.InterfaceSettings;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.address.Addresses;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// Two interfaces and a tagged one, their neighbours, ARP and Neighbour Discovery, under virtual time; what leaves is
/// kept as bytes.
final class NeighbourWorld implements Output, Unresolved, AutoCloseable {

    static final int LAN = 0;
    static final int WAN = 1;
    static final int LAN_10 = 2;
    static final String LAN_MAC = "02:00:00:00:00:01";
    static final String WAN_MAC = "02:00:00:00:00:02";
    static final String LAN_LINK_LOCAL = "fe80::1";
    static final long SECOND_NS = 1_000_000_000L;
    static final int SLOT_COUNT = 512;

    /// A frame that left.
    record Sent(byte[] bytes, int interfaceIndex, long timeNs) {}

    final Arena arena = Arena.ofConfined();
    final PacketMemory packets = new PacketMemory(arena, SLOT_COUNT);
    final PacketPool pool = new PacketPool(arena, packets);
    final PacketMeta meta = new PacketMeta(packets);
    final Ledger ledger = new Ledger(pool);
    final RouteTable routes;
    final NeighbourTable table;
    final Arp arp;
    final NeighbourDiscovery discovery;
    final List<Sent> sent = new ArrayList<>();
    final List<Integer> unresolved = new ArrayList<>();
    long nowNs = 1_000 * SECOND_NS;

    NeighbourWorld() {
        this(NeighbourSettings.IPV4, NeighbourSettings.IPV6, 1);
    }

    NeighbourWorld(NeighbourSettings ipv4, NeighbourSettings ipv6, long seed) {
        List<Interface> interfaces = List.of(
            iface(LAN, "lan", 0, 0, LAN_MAC, "192.168.1.1/24", LAN_LINK_LOCAL + "/64", "fd00:1::1/64"),
            iface(WAN, "wan", 1, 0, WAN_MAC, "203.0.113.1/24", "fe80::2/64", "fd00:2::1/64"),
            iface(LAN_10, "lan.10", 0, 0x8100_000a, LAN_MAC, "10.10.0.1/24", "fe80::1/64"));
        routes = new RouteTable(arena, interfaces);
        table = new NeighbourTable(arena, packets, ledger, interfaces, ipv4, ipv6, new SplittableRandom(seed));
        table.connect(this, this);
        arp = new Arp(pool, ledger, routes, table, this);
        discovery = new NeighbourDiscovery(pool, ledger, routes, table, this);
    }

    static Interface iface(int index, String name, int port, int outerTag, String mac, String... addresses) {
        return new Interface(index, name, port, outerTag, 0, Addresses.parseMac(mac), 1500,
            Arrays.stream(addresses).map(IpPrefix::parse).toList(), InterfaceSettings.ROUTER);
    }

    /// Takes a frame in as the stages before do; the frame is over Ethernet, its tags given by their count.
    int receive(byte[] frame, int interfaceIndex) {
        int packet = pool.allocate();
        meta.begin(packet, frame.length, 0, 0, nowNs);
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, packets.segment(), meta.frameAt(packet), frame.length);
        ledger.received(1);
        meta.ingress(packet, interfaceIndex);
        boolean isGroup = (frame[0] & 1) != 0;
        boolean isBroadcast = isGroup && (frame[0] & 0xff) == 0xff;
        meta.linkClass(packet, isBroadcast ? LinkClass.BROADCAST : isGroup ? LinkClass.MULTICAST : LinkClass.HOST);
        meta.l3(packet, Wire.u16(packets.segment(), meta.frameAt(packet) + 12) == 0x8100 ? 18 : 14);
        return packet;
    }

    Verdict receiveArp(byte[] frame, int interfaceIndex) {
        int packet = receive(frame, interfaceIndex);
        return end(packet, arp.receive(packet, interfaceIndex, nowNs));
    }

    Verdict receiveDiscovery(byte[] frame, int interfaceIndex) {
        int packet = receive(frame, interfaceIndex);
        int l3 = meta.l3(packet);
        long at = meta.frameAt(packet) + l3;
        meta.l4(packet, l3 + 40);
        meta.end(packet, l3 + 40 + Wire.u16(packets.segment(), at + 4));
        meta.proto(packet, Wire.u8(packets.segment(), at + 6));
        return end(packet, discovery.receive(packet, interfaceIndex, nowNs));
    }

    private Verdict end(int packet, Verdict verdict) {
        if (verdict.ending() == Verdict.Ending.DELIVERED) {
            ledger.deliver(packet, verdict);
        } else {
            ledger.drop(packet, verdict);
        }
        return verdict;
    }

    /// Sends an IP frame to the neighbour as a route would.
    int send(byte[] frame, int entry) {
        int packet = receive(frame, LAN);
        toNeighbour(packet, entry, nowNs);
        return packet;
    }

    int entry(int interfaceIndex, String text) {
        IpAddress address = IpAddress.parse(text);
        return address.isIpv4() ? table.find4(interfaceIndex, address.ipv4())
            : table.find6(interfaceIndex, address.high(), address.low());
    }

    int resolve(int interfaceIndex, String text) {
        IpAddress address = IpAddress.parse(text);
        return address.isIpv4() ? table.resolve4(interfaceIndex, address.ipv4(), nowNs)
            : table.resolve6(interfaceIndex, address.high(), address.low(), nowNs);
    }

    /// The state by name, or `-` where there is no such neighbour.
    String state(int interfaceIndex, String text) {
        int entry = entry(interfaceIndex, text);
        return entry == NeighbourTable.NONE ? "-" : NeighbourState.name(table.state(entry));
    }

    /// Lets time pass, firing each timer when it is due.
    void pass(long byNs) {
        long untilNs = nowNs + byNs;
        while (table.nextTimerNs() <= untilNs) {
            nowNs = Math.max(nowNs, table.nextTimerNs());
            table.expire(nowNs, 1);
        }
        nowNs = untilNs;
    }

    void passSeconds(double seconds) {
        pass((long) (seconds * SECOND_NS));
    }

    Sent onlySent() {
        assertThat(sent).hasSize(1);
        return sent.removeFirst();
    }

    @Override
    public void route(int packet, long atNs) {
        throw new AssertionError("nothing here is sent by route");
    }

    @Override
    public void toNeighbour(int packet, int neighbour, long atNs) {
        if (!table.use(neighbour, atNs)) {
            table.enqueue(packet, neighbour, atNs);
            return;
        }
        table.writeLinkHeader(packet, neighbour);
        keep(packet, table.interfaceIndex(neighbour));
    }

    @Override
    public void toMac(int packet, int interfaceIndex, long targetMac, int etherType, long atNs) {
        int tagBytes = interfaceIndex == LAN_10 ? 4 : 0;
        meta.moveFront(packet, 14 + tagBytes - meta.l3(packet));
        long at = meta.frameAt(packet);
        Wire.u48(packets.segment(), at, targetMac);
        Wire.u48(packets.segment(), at + 6, Addresses.parseMac(interfaceIndex == WAN ? WAN_MAC : LAN_MAC));
        if (tagBytes > 0) Wire.i32(packets.segment(), at + 12, 0x8100_000a);
        Wire.u16(packets.segment(), at + 12 + tagBytes, etherType);
        keep(packet, interfaceIndex);
    }

    private void keep(int packet, int interfaceIndex) {
        byte[] bytes = new byte[meta.packetBytes(packet)];
        int copiedBytes = 0;
        for (int slot = packet; slot != PacketMemory.NONE; slot = meta.next(slot)) {
            MemorySegment.copy(packets.segment(), meta.frameAt(slot), MemorySegment.ofArray(bytes), copiedBytes,
                meta.slotBytes(slot));
            copiedBytes += meta.slotBytes(slot);
        }
        sent.add(new Sent(bytes, interfaceIndex, meta.receiveNs(packet)));
        ledger.sent(1);
        pool.release(packet);
    }

    @Override
    public void unresolved(int packet, long atNs) {
        unresolved.add(packet);
    }

    /// Nothing is lost: the equation holds, and every slot that waits for nobody is free.
    void checkAccounts() {
        assertThat(ledger.unaccounted()).isZero();
        assertThat(table.neighbours().stream().mapToInt(Neighbour::waitingCount).sum()).isEqualTo((int) ledger.held());
    }

    int freeCount() {
        List<Integer> taken = new ArrayList<>();
        for (int packet = pool.allocate(); packet != PacketMemory.NONE; packet = pool.allocate()) taken.add(packet);
        taken.forEach(pool::release);
        return taken.size();
    }

    long created(Origin origin) {
        return ledger.createdBy(origin);
    }

    @Override
    public void close() {
        checkAccounts();
        table.dropWaiting(Verdict.INPUT_ENDED);
        assertThat(ledger.held()).isZero();
        assertThat(ledger.unaccounted()).isZero();
        assertThat(freeCount()).isEqualTo(SLOT_COUNT);
        arena.close();
    }
}
