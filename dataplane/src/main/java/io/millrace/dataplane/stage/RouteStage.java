package io.millrace.dataplane.stage;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.dataplane.forward.Ipv4Path;
import io.millrace.dataplane.forward.Ipv6Path;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.neighbour.NextHopNeighbours;
import io.millrace.dataplane.output.Transmitter;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.dataplane.route.RouteType;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Sends each packet on its way. What needs nothing but a route (a sound header without options, a unicast target
/// beyond a known neighbour, TTL and MTU sufficient) is rewritten and handed to its port here; everything else takes
/// the whole way through [Ipv4Path] or [Ipv6Path], whose decisions are the same.
public final class RouteStage implements Stage {

    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int VERSION_4_NO_OPTIONS = 0x45;
    private static final int FIRST_GROUP_NET = 224;
    private static final int LOOPBACK_NET = 127;
    private static final long TTL_STEP_DELTA = IncrementalUpdate.delta16(0x0100, 0);

    private final PacketMeta meta;
    private final MemorySegment memory;
    private final RouteTable routes;
    private final NextHops hops;
    private final NeighbourTable neighbours;
    private final NextHopNeighbours nextHopNeighbours;
    private final Transmitter transmitter;
    private final Ipv4Path ipv4Path;
    private final Ipv6Path ipv6Path;
    private final Settings[] byInterface;
    private final long ownAddresses;

    /// What the fast path must know of an interface.
    private record Settings(int portIndex, int mtuBytes, boolean isPlain4, boolean isPlain6) {}

    public RouteStage(PacketMemory packets, Interfaces interfaces, RouteTable routes, NeighbourTable neighbours,
                      NextHopNeighbours nextHopNeighbours, Transmitter transmitter, Ipv4Path ipv4Path,
                      Ipv6Path ipv6Path) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.routes = routes;
        this.hops = routes.hops();
        this.neighbours = neighbours;
        this.nextHopNeighbours = nextHopNeighbours;
        this.transmitter = transmitter;
        this.ipv4Path = ipv4Path;
        this.ipv6Path = ipv6Path;
        this.byInterface = new Settings[interfaces.count()];
        long own = 0;
        for (Interface each : interfaces.all()) {
            boolean dropsMartians = each.settings().dropsMartians();
            byInterface[each.index()] = new Settings(each.portIndex(), each.mtuBytes(),
                each.settings().forwardsIpv4() && !dropsMartians, each.settings().forwardsIpv6() && !dropsMartians);
            for (IpPrefix address : each.addresses()) {
                if (address.address().isIpv4()) own |= filterBit(address.address().ipv4());
            }
        }
        this.ownAddresses = own;
    }

    @Override
    public void process(Burst burst, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (meta.family(packet) == 4) {
                if (!forward4(packet, nowNs)) ipv4Path.accept(packet, nowNs);
            } else if (!forward6(packet, nowNs)) {
                ipv6Path.accept(packet, nowNs);
            }
        }
        burst.clear();
    }

    /// False, and nothing is changed, if the packet needs the whole way.
    private boolean forward4(int packet, long nowNs) {
        int l3 = meta.l3(packet);
        int presentBytes = meta.slotBytes(packet) - l3;
        if (presentBytes < IPV4_BYTES) return false;
        long at = meta.frameAt(packet) + l3;
        int first = Wire.i32(memory, at);
        int totalBytes = first & 0xffff;
        if (first >>> 24 != VERSION_4_NO_OPTIONS) return false;
        if (totalBytes < IPV4_BYTES || totalBytes > presentBytes) return false;
        int ttlWord = Wire.i32(memory, at + 8);   // TTL, protocol, checksum
        int source = Wire.i32(memory, at + 12);
        int target = Wire.i32(memory, at + 16);
        long sum = Integer.toUnsignedLong(first) + Wire.u32(memory, at + 4) + Integer.toUnsignedLong(ttlWord)
            + Integer.toUnsignedLong(source) + Integer.toUnsignedLong(target);
        if (!InternetChecksum.isRight(sum)) return false;
        if (ttlWord >>> 24 <= 1 || isUnusual(source, target)) return false;
        int ingress = meta.ingress(packet);
        if (meta.linkClass(packet) != LinkClass.HOST || !byInterface[ingress].isPlain4()) return false;
        int hop = routes.lookup4(target);
        if (hop == NextHops.NONE || hops.type(hop) != RouteType.UNICAST) return false;
        int egress = hops.egress(hop);
        if (egress == ingress || totalBytes > byInterface[egress].mtuBytes()) return false;
        int neighbour = nextHopNeighbours.neighbour4(hop, target, nowNs);
        if (neighbour == NeighbourTable.NONE || !neighbours.use(neighbour, nowNs)) return false;
        Wire.i32(memory, at + 8, decremented(ttlWord));
        send(packet, l3 + totalBytes, neighbour, egress, nowNs);
        return true;
    }

    private boolean forward6(int packet, long nowNs) {
        int l3 = meta.l3(packet);
        int presentBytes = meta.slotBytes(packet) - l3;
        if (presentBytes < IPV6_BYTES) return false;
        long at = meta.frameAt(packet) + l3;
        long first = Wire.i64(memory, at);   // version, class, label, payload length, next header, hop limit
        int totalBytes = IPV6_BYTES + (int) (first >>> 16 & 0xffff);
        int hopLimit = (int) first & 0xff;
        int nextHeader = (int) first >>> 8 & 0xff;
        if (first >>> 60 != 6 || totalBytes > presentBytes || hopLimit <= 1 || nextHeader == 0) return false;
        long targetHigh = Wire.i64(memory, at + 24);
        long targetLow = Wire.i64(memory, at + 32);
        if (!isGlobalUnicast(Wire.i64(memory, at + 8)) || !isGlobalUnicast(targetHigh)) return false;
        int ingress = meta.ingress(packet);
        if (meta.linkClass(packet) != LinkClass.HOST || !byInterface[ingress].isPlain6()) return false;
        int hop = routes.lookup6(targetHigh, targetLow);
        if (hop == NextHops.NONE || hops.type(hop) != RouteType.UNICAST) return false;
        int egress = hops.egress(hop);
        if (egress == ingress || totalBytes > byInterface[egress].mtuBytes()) return false;
        int neighbour = nextHopNeighbours.neighbour6(hop, targetHigh, targetLow, nowNs);
        if (neighbour == NeighbourTable.NONE || !neighbours.use(neighbour, nowNs)) return false;
        Wire.u8(memory, at + 7, hopLimit - 1);
        send(packet, l3 + totalBytes, neighbour, egress, nowNs);
        return true;
    }

    private void send(int packet, int packetBytes, int neighbour, int egress, long nowNs) {
        if (packetBytes != meta.packetBytes(packet)) {   // padding stays behind; the packet lies in one slot
            meta.slotBytes(packet, packetBytes);
            meta.packetBytes(packet, packetBytes);
        }
        neighbours.writeLinkHeader(packet, neighbour);
        meta.egress(packet, egress);
        transmitter.add(packet, byInterface[egress].portIndex(), nowNs);
    }

    /// TTL − 1 and the checksum for it.
    private static int decremented(int ttlWord) {
        int checksum = IncrementalUpdate.apply(ttlWord & 0xffff, TTL_STEP_DELTA);
        return (ttlWord & 0xffff0000) - 0x01000000 | checksum;
    }

    /// Addresses that the whole way has more to say about: loopback, groups, zero, and perhaps this host's own as source.
    private boolean isUnusual(int source, int target) {
        int sourceNet = source >>> 24;
        int targetNet = target >>> 24;
        return sourceNet >= FIRST_GROUP_NET || sourceNet == LOOPBACK_NET || sourceNet == 0
            || targetNet >= FIRST_GROUP_NET || targetNet == LOOPBACK_NET || targetNet == 0
            || (ownAddresses & filterBit(source)) != 0;
    }

    /// One of 64 bits: where it is not set in the filter, the address is none of this host's.
    private static long filterBit(int address) {
        return 1L << (address * 0x9E3779B9 >>> 26);
    }

    /// 2000::/3 and fc00::/7, by the first half.
    private static boolean isGlobalUnicast(long high) {
        return high >>> 61 == 1 || high >>> 57 == 0xfc >>> 1;
    }
}
