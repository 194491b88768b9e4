package io.millrace.dataplane.stage;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.dataplane.forward.Ipv4Path;
import io.millrace.dataplane.forward.Ipv6Path;
import io.millrace.dataplane.iface.Interface;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.neighbour.NextHopNeighbours;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.RouteTable;
import io.millrace.packet.address.IpPrefix;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;

/// Sends each packet on its way. What needs nothing but a route (a frame for this host with a sound IP header without
/// options, a unicast target beyond a known neighbour, TTL and MTU sufficient) is rewritten and handed to its port
/// here; everything else takes the whole way through [Ingress] and then [Ipv4Path] or [Ipv6Path], whose decisions are
/// the same.
public final class RouteStage implements Stage {

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
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
    private final PortOutputs outputs;
    private final Ipv4Path ipv4Path;
    private final Ipv6Path ipv6Path;
    private final Ingress ingress;
    private final Interfaces interfaces;
    private final long[] macs;            // by interface, as are the following
    private final int[] portIndexes;
    private final int[] mtuBytes;
    private final boolean[] forwards4;
    private final boolean[] forwards6;
    private int[] own4;                   // this host's IPv4 addresses
    private long ownFilter;               // a bit for each of them

    public RouteStage(PacketMemory packets, Interfaces interfaces, RouteTable routes, NeighbourTable neighbours,
                      NextHopNeighbours nextHopNeighbours, PortOutputs outputs, Ingress ingress, Ipv4Path ipv4Path,
                      Ipv6Path ipv6Path) {
        this.meta = new PacketMeta(packets);
        this.memory = packets.segment();
        this.routes = routes;
        this.hops = routes.hops();
        this.neighbours = neighbours;
        this.nextHopNeighbours = nextHopNeighbours;
        this.outputs = outputs;
        this.ingress = ingress;
        this.ipv4Path = ipv4Path;
        this.ipv6Path = ipv6Path;
        this.interfaces = interfaces;
        this.macs = new long[interfaces.count()];
        this.portIndexes = new int[interfaces.count()];
        this.mtuBytes = new int[interfaces.count()];
        this.forwards4 = new boolean[interfaces.count()];
        this.forwards6 = new boolean[interfaces.count()];
        interfacesChanged();
    }

    /// Takes over what [Interfaces] says now.
    public void interfacesChanged() {
        var own = new ArrayList<Integer>();
        for (Interface each : interfaces.all()) {
            boolean dropsMartians = each.settings().dropsMartians();
            macs[each.index()] = each.mac();
            portIndexes[each.index()] = each.portIndex();
            mtuBytes[each.index()] = each.mtuBytes();
            forwards4[each.index()] = each.settings().forwardsIpv4() && !dropsMartians;
            forwards6[each.index()] = each.settings().forwardsIpv6() && !dropsMartians;
            for (IpPrefix address : each.addresses()) {
                if (address.address().isIpv4()) own.add(address.address().ipv4());
            }
        }
        own4 = new int[own.size()];
        long filter = 0;
        for (int i = 0; i < own4.length; i++) {
            own4[i] = own.get(i);
            filter |= filterBit(own4[i]);
        }
        ownFilter = filter;
    }

    @Override
    public void process(Burst burst, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (!forward(packet, nowNs)) takeTheWholeWay(packet, nowNs);
        }
        burst.clear();
    }

    private void takeTheWholeWay(int packet, long nowNs) {
        if (ingress.admit(packet, nowNs) != Verdict.FORWARD) return;
        if (meta.family(packet) == 4) {
            ipv4Path.accept(packet, nowNs);
        } else {
            ipv6Path.accept(packet, nowNs);
        }
    }

    /// False, and nothing is changed, if the packet needs the whole way.
    private boolean forward(int packet, long nowNs) {
        MemorySegment memory = this.memory;
        long slotAt = (long) packet * PacketMemory.SLOT_BYTES;
        long extent = PacketMeta.extent(memory, slotAt);
        int slotBytes = PacketMeta.slotBytes(extent);
        if (slotBytes != PacketMeta.packetBytes(extent) || !PacketMeta.isWholeEthernet(memory, slotAt)) return false;
        long vlans = PacketMeta.vlans(memory, slotAt);
        int port = PacketMeta.port(memory, slotAt);
        int l3 = ETHERNET_BYTES;
        int from;
        if (vlans == 0) {
            from = interfaces.untagged(port);
        } else {
            l3 += vlans >>> 32 == 0 ? TAG_BYTES : 2 * TAG_BYTES;
            from = interfaces.of(port, (int) vlans, (int) (vlans >>> 32));
        }
        if (from == Interfaces.NONE || slotBytes < l3 + IPV4_BYTES) return false;
        long frameAt = slotAt + PacketMeta.dataAt(extent);
        if (Wire.i64(memory, frameAt) >>> 16 != macs[from]) return false;
        return switch (Wire.u16(memory, frameAt + l3 - 2)) {
            case EtherType.IPV4 -> forward4(memory, packet, extent, l3, from, nowNs);
            case EtherType.IPV6 -> forward6(memory, packet, extent, l3, from, nowNs);
            default -> false;
        };
    }

    private boolean forward4(MemorySegment memory, int packet, long extent, int l3, int from, long nowNs) {
        long at = (long) packet * PacketMemory.SLOT_BYTES + PacketMeta.dataAt(extent) + l3;
        long first = Wire.i64(memory, at);         // version, IHL, TOS, length | identification, flags, offset
        long second = Wire.i64(memory, at + 8);    // TTL, protocol, checksum | source
        int target = Wire.i32(memory, at + 16);
        int totalBytes = (int) (first >>> 32) & 0xffff;
        if (first >>> 56 != VERSION_4_NO_OPTIONS) return false;
        if (totalBytes < IPV4_BYTES || totalBytes > PacketMeta.slotBytes(extent) - l3) return false;
        long sum = (first >>> 32) + (first & 0xffff_ffffL) + (second >>> 32) + (second & 0xffff_ffffL)
            + (target & 0xffff_ffffL);
        if (!InternetChecksum.isRight(sum)) return false;
        if (second >>> 56 <= 1 || isUnusual((int) second, target) || !forwards4[from]) return false;
        int hop = routes.lookup4(target);
        if (hop == NextHops.NONE) return false;
        long way = hops.way(hop);
        int egress = NextHops.egressOf(way);
        if (!NextHops.isUnicast(way) || egress == from || totalBytes > mtuBytes[egress]) return false;
        int neighbour = NextHops.neighbourOf(way);
        if (neighbour == NeighbourTable.NONE) neighbour = nextHopNeighbours.neighbour4(hop, target, nowNs);
        if (neighbour == NeighbourTable.NONE || !neighbours.use(neighbour, nowNs)) return false;
        Wire.i32(memory, at + 8, decremented((int) (second >>> 32)));
        send(memory, packet, at, totalBytes, neighbour, EtherType.IPV4, egress, nowNs);
        return true;
    }

    private boolean forward6(MemorySegment memory, int packet, long extent, int l3, int from, long nowNs) {
        int presentBytes = PacketMeta.slotBytes(extent) - l3;
        if (presentBytes < IPV6_BYTES) return false;
        long at = (long) packet * PacketMemory.SLOT_BYTES + PacketMeta.dataAt(extent) + l3;
        long first = Wire.i64(memory, at);   // version, class, label, payload length, next header, hop limit
        int totalBytes = IPV6_BYTES + (int) (first >>> 16 & 0xffff);
        int hopLimit = (int) first & 0xff;
        int nextHeader = (int) first >>> 8 & 0xff;
        if (first >>> 60 != 6 || totalBytes > presentBytes || hopLimit <= 1 || nextHeader == 0) return false;
        long targetHigh = Wire.i64(memory, at + 24);
        long targetLow = Wire.i64(memory, at + 32);
        if (!isGlobalUnicast(Wire.i64(memory, at + 8)) || !isGlobalUnicast(targetHigh)
            || !forwards6[from]) return false;
        int hop = routes.lookup6(targetHigh, targetLow);
        if (hop == NextHops.NONE) return false;
        long way = hops.way(hop);
        int egress = NextHops.egressOf(way);
        if (!NextHops.isUnicast(way) || egress == from || totalBytes > mtuBytes[egress]) return false;
        int neighbour = NextHops.neighbourOf(way);
        if (neighbour == NeighbourTable.NONE) {
            neighbour = nextHopNeighbours.neighbour6(hop, targetHigh, targetLow, nowNs);
        }
        if (neighbour == NeighbourTable.NONE || !neighbours.use(neighbour, nowNs)) return false;
        Wire.u8(memory, at + 7, hopLimit - 1);
        send(memory, packet, at, totalBytes, neighbour, EtherType.IPV6, egress, nowNs);
        return true;
    }

    /// Writes the link header in front of the IP header at `at`; padding behind the packet stays behind.
    private void send(MemorySegment memory, int packet, long at, int totalBytes, int neighbour, int etherType,
                      int egress, long nowNs) {
        int headerBytes = neighbours.writeLinkHeader(at, neighbour, etherType);
        long slotAt = (long) packet * PacketMemory.SLOT_BYTES;
        PacketMeta.extent(memory, slotAt, (int) (at - slotAt) - headerBytes, headerBytes + totalBytes);
        outputs.add(packet, portIndexes[egress], nowNs);
    }

    /// TTL − 1 and the checksum for it.
    private static int decremented(int ttlWord) {
        int checksum = IncrementalUpdate.apply(ttlWord & 0xffff, TTL_STEP_DELTA);
        return (ttlWord & 0xffff0000) - 0x01000000 | checksum;
    }

    /// Addresses that the whole way has more to say about: loopback, groups, zero, and perhaps this host's own as
    /// source.
    private boolean isUnusual(int source, int target) {
        int sourceNet = source >>> 24;
        int targetNet = target >>> 24;
        return sourceNet >= FIRST_GROUP_NET || sourceNet == LOOPBACK_NET || sourceNet == 0
            || targetNet >= FIRST_GROUP_NET || targetNet == LOOPBACK_NET || targetNet == 0
            || (ownFilter & filterBit(source)) != 0 && isOwn(source);
    }

    private boolean isOwn(int address) {
        for (int own : own4) {
            if (own == address) return true;
        }
        return false;
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
