package io.millrace.dataplane.neighbour;

import io.millrace.dataplane.account.Ledger;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.output.Output;
import io.millrace.dataplane.route.Route;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.address.IpAddress;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.PacketPool;
import io.millrace.testkit.Frame;
import io.millrace.testkit.Allocation;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;

/// Routing, resolving, answering and forgetting allocate nothing once warm. Runs without assertions.
class NeighbourAllocationTest {

    private static final int MEASURED = 20_000;
    private static final String HOST_MAC = "02:00:00:00:00:aa";
    private static final String OWN_MAC = "02:00:00:00:00:01";
    private static final byte[] ARP = Frame.ethernet(HOST_MAC, "ff:ff:ff:ff:ff:ff")
        .arpRequest(HOST_MAC, "192.168.1.50", "192.168.1.1").bytes();
    private static final byte[] SOLICITATION = Frame.ethernet(HOST_MAC, "33:33:ff:00:00:01")
        .ipv6("fd00:1::50", "ff02::1:ff00:1").hopLimit(255).neighbourSolicitation("fd00:1::1")
        .sourceLinkLayer(HOST_MAC).bytes();
    private static final byte[] UDP = Frame.ethernet(HOST_MAC, OWN_MAC).ipv4("172.16.0.1", "192.168.1.50")
        .udp(1, 2).bytes();

    /// Sends by releasing.
    private static final class Sink implements Output {

        private NeighbourTable table;
        private final PacketPool pool;
        private final Ledger ledger;

        Sink(PacketPool pool, Ledger ledger) {
            this.pool = pool;
            this.ledger = ledger;
        }

        @Override
        public void route(int packet, long nowNs) {
            release(packet);
        }

        @Override
        public void toNeighbour(int packet, int neighbour, long nowNs) {
            if (!table.use(neighbour, nowNs)) {
                table.enqueue(packet, neighbour, nowNs);
                return;
            }
            table.writeLinkHeader(packet, neighbour);
            release(packet);
        }

        @Override
        public void toMac(int packet, int interfaceIndex, long targetMac, int etherType, long nowNs) {
            release(packet);
        }

        private void release(int packet) {
            ledger.sent(1);
            pool.release(packet);
        }
    }

    private final Arena arena = Arena.ofConfined();
    private final PacketPool pool = new PacketPool(arena, new PacketMemory(arena, 1024));
    private final PacketMeta meta = new PacketMeta(pool.packets());
    private final Ledger ledger = new Ledger(pool);
    private final List<Interface> interfaces = List.of(
        NeighbourWorld.iface(0, "lan", 0, 0, OWN_MAC, "192.168.1.1/16", "fe80::1/64", "fd00:1::1/64"));
    private final RouteTable routes = new RouteTable(arena, interfaces);
    private final NeighbourTable table = new NeighbourTable(arena, pool.packets(), ledger, interfaces,
        NeighbourSettings.IPV4, NeighbourSettings.IPV6, new SplittableRandom(1));
    private final Sink sink = new Sink(pool, ledger);
    private final NextHopNeighbours neighbours = new NextHopNeighbours(routes.hops(), table);
    private final Arp arp = new Arp(pool, ledger, routes, table, sink);
    private final NeighbourDiscovery discovery = new NeighbourDiscovery(pool, ledger, routes, table, sink);
    private long nowNs;
    private int nextHost;

    @Test
    void allocatesNothingOnceWarm() {
        sink.table = table;
        table.connect(sink, (packet, atNs) -> { });
        routes.add(Route.unicast(IpPrefix.parse("0.0.0.0/0"), Route.NO_INTERFACE, IpAddress.parse("192.168.1.254")));
        routes.add(Route.unicast(IpPrefix.parse("::/0"), 0, IpAddress.parse("fe80::254")));
        assertThat(Allocation.bytesOnceWarm(() -> {
            for (int i = 0; i < MEASURED; i++) turn();
        })).isZero();
        assertThat(ledger.unaccounted()).isZero();
        assertThat(table.count()).isGreaterThan(500);   // so entries were thrown out on the way
        arena.close();
    }

    private void turn() {
        nowNs += 10_000_000;
        int packet = receive(ARP, nowNs);
        ledger.deliver(packet, arp.receive(packet, 0, nowNs));
        packet = receive(SOLICITATION, nowNs);
        meta.l4(packet, 54);
        meta.end(packet, SOLICITATION.length);
        ledger.deliver(packet, discovery.receive(packet, 0, nowNs));
        int stranger = 0xc0a8_0202 + nextHost++ % 50_000;   // who never answers
        sink.toNeighbour(receive(UDP, nowNs), entry(stranger), nowNs);
        sink.toNeighbour(receive(UDP, nowNs), entry(0x0808_0808), nowNs);
        int hop6 = routes.lookup6(0x2001_0db8L << 32, nextHost);
        neighbours.neighbour6(hop6, 0x2001_0db8L << 32, nextHost, nowNs);
        routes.source6(hop6, 0x2001_0db8L << 32, nextHost);
        table.expire(nowNs, 64);
    }

    private int entry(int target) {
        int hop = routes.lookup4(target);
        int entry = neighbours.neighbour4(hop, target, nowNs);
        return entry != NeighbourTable.NONE ? entry : neighbours.neighbour4(hop, 0xc0a8_0132, nowNs);
    }

    private int receive(byte[] frame, long atNs) {
        int packet = pool.allocate();
        meta.begin(packet, frame.length, 0, 0, atNs);
        MemorySegment.copy(MemorySegment.ofArray(frame), 0, pool.packets().segment(), meta.frameAt(packet),
            frame.length);
        meta.l3(packet, 14);
        ledger.received(1);
        return packet;
    }
}
