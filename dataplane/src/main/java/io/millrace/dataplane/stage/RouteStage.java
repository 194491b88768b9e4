package io.millrace.dataplane.stage;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.checksum.InternetChecksum;
import io.millrace.dataplane.iface.Interfaces;
import io.millrace.dataplane.neighbour.NeighbourLinks;
import io.millrace.dataplane.neighbour.NeighbourTable;
import io.millrace.dataplane.route.NextHops;
import io.millrace.dataplane.route.PrefixLookup;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.jit.Specialised;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/// Sends each packet on its way. What needs nothing but a route (a frame for this host with a sound IP header without
/// options, a unicast target beyond a known neighbour, TTL and MTU sufficient) is rewritten and handed to its port
/// here; everything else takes the [WholeWay], whose decisions are the same.
///
/// A template: [RouteWorld] makes a copy of the class whose constants are its tables.
final class RouteStage implements Stage {

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int VERSION_4_NO_OPTIONS = 0x45;
    private static final long TTL_STEP_DELTA = IncrementalUpdate.delta16(0x0100, 0);

    private static final RouteWorld WORLD = Specialised.constants(MethodHandles.lookup(), RouteWorld.class);
    private static final MemorySegment PACKETS = WORLD.packets();
    private static final long SLOT_MASK = WORLD.slotMask();
    private static final PrefixLookup ROUTES4 = WORLD.ipv4();
    private static final PrefixLookup ROUTES6 = WORLD.ipv6();
    private static final MemorySegment HOPS = WORLD.hops();
    private static final NeighbourLinks LINKS = WORLD.links();
    private static final PortOutputs OUTPUTS = WORLD.outputs();

    /// A bit for each first octet of addresses that the whole way has more to say about: 0, 127 and from 224 on.
    private static final long[] UNUSUAL_NETS = {1L, 1L << 63, 0, 0xffff_ffffL << 32};

    RouteStage() {}

    @Override
    public void process(Burst burst, long nowNs) {
        for (int i = 0; i < burst.count(); i++) {
            int packet = burst.packet(i);
            if (!forward(packet, nowNs)) takeFurther(packet, i, nowNs);
        }
        burst.clear();
    }

    /// What has not been parsed may be a tagged frame, which needs no more than a route either.
    private static void takeFurther(int packet, int place, long nowNs) {
        if (!WORLD.parsed().isAtHand()) {
            WORLD.parser().parse(packet, place);
            boolean isTagged = PacketMeta.vlans(PACKETS, PacketMemory.at(packet)) != 0;
            if (isTagged && forward(packet, nowNs)) return;
        }
        WORLD.wholeWay().take(packet, nowNs);
    }

    /// False, and nothing is changed, if the packet needs the whole way.
    private static boolean forward(int packet, long nowNs) {
        long slotAt = PacketMemory.at(packet) & SLOT_MASK;
        long extent = PacketMeta.extent(PACKETS, slotAt);
        int slotBytes = PacketMeta.slotBytes(extent);
        if (slotBytes != PacketMeta.packetBytes(extent) || !PacketMeta.isWholeEthernet(PACKETS, slotAt)) return false;
        long vlans = PacketMeta.vlans(PACKETS, slotAt);
        int port = PacketMeta.port(PACKETS, slotAt);
        int l3 = ETHERNET_BYTES;
        int from;
        if (vlans == 0) {
            from = WORLD.untagged()[port];
        } else {
            l3 += vlans >>> 32 == 0 ? TAG_BYTES : 2 * TAG_BYTES;
            from = WORLD.interfaces().of(port, (int) vlans, (int) (vlans >>> 32));
        }
        if (from == Interfaces.NONE || slotBytes < l3 + IPV4_BYTES) return false;
        long frameAt = slotAt + PacketMeta.dataAt(extent);
        if (Wire.i64(PACKETS, frameAt) >>> 16 != WORLD.macs()[from]) return false;
        return switch (Wire.u16(PACKETS, frameAt + l3 - 2)) {
            case EtherType.IPV4 -> forward4(packet, frameAt + l3, slotBytes - l3, from, nowNs);
            case EtherType.IPV6 -> forward6(packet, frameAt + l3, slotBytes - l3, from, nowNs);
            default -> false;
        };
    }

    /// @param at           where the IP header begins
    /// @param presentBytes from there to the end of the frame
    private static boolean forward4(int packet, long at, int presentBytes, int from, long nowNs) {
        long first = Wire.i64(PACKETS, at);         // version, IHL, TOS, length | identification, flags, offset
        long second = Wire.i64(PACKETS, at + 8);    // TTL, protocol, checksum | source
        int target = Wire.i32(PACKETS, at + 16);
        int totalBytes = (int) (first >>> 32) & 0xffff;
        if (first >>> 56 != VERSION_4_NO_OPTIONS) return false;
        if (totalBytes < IPV4_BYTES || totalBytes > presentBytes) return false;
        long sum = (first >>> 32) + (first & 0xffff_ffffL) + (second >>> 32) + (second & 0xffff_ffffL)
            + (target & 0xffff_ffffL);
        if (!InternetChecksum.isRight(sum)) return false;
        if (second >>> 56 <= 1 || isUnusual((int) second, target) || !WORLD.forwards4()[from]) return false;
        int hop = ROUTES4.ipv4(target);
        if (hop == NextHops.NONE) return false;
        long way = NextHops.way(HOPS, hop);
        int egress = NextHops.egressOf(way);
        if (!NextHops.isUnicast(way) || egress == from || totalBytes > WORLD.mtus()[egress]) return false;
        int neighbour = NextHops.neighbourOf(way);
        if (neighbour == NeighbourTable.NONE) {
            neighbour = WORLD.nextHopNeighbours().neighbour4(hop, target, nowNs);
        }
        if (!isUsable(neighbour, nowNs)) return false;
        Wire.i32(PACKETS, at + 8, decremented((int) (second >>> 32)));
        send(packet, at, totalBytes, neighbour, EtherType.IPV4, egress, nowNs);
        return true;
    }

    private static boolean forward6(int packet, long at, int presentBytes, int from, long nowNs) {
        if (presentBytes < IPV6_BYTES) return false;
        long first = Wire.i64(PACKETS, at);   // version, class, label, payload length, next header, hop limit
        int totalBytes = IPV6_BYTES + (int) (first >>> 16 & 0xffff);
        int hopLimit = (int) first & 0xff;
        int nextHeader = (int) first >>> 8 & 0xff;
        if (first >>> 60 != 6 || totalBytes > presentBytes || hopLimit <= 1 || nextHeader == 0) return false;
        long targetHigh = Wire.i64(PACKETS, at + 24);
        long targetLow = Wire.i64(PACKETS, at + 32);
        if (!isGlobalUnicast(Wire.i64(PACKETS, at + 8)) || !isGlobalUnicast(targetHigh)
            || !WORLD.forwards6()[from]) return false;
        int hop = ROUTES6.ipv6(targetHigh, targetLow);
        if (hop == NextHops.NONE) return false;
        long way = NextHops.way(HOPS, hop);
        int egress = NextHops.egressOf(way);
        if (!NextHops.isUnicast(way) || egress == from || totalBytes > WORLD.mtus()[egress]) return false;
        int neighbour = NextHops.neighbourOf(way);
        if (neighbour == NeighbourTable.NONE) {
            neighbour = WORLD.nextHopNeighbours().neighbour6(hop, targetHigh, targetLow, nowNs);
        }
        if (!isUsable(neighbour, nowNs)) return false;
        Wire.u8(PACKETS, at + 7, hopLimit - 1);
        send(packet, at, totalBytes, neighbour, EtherType.IPV6, egress, nowNs);
        return true;
    }

    private static boolean isUsable(int neighbour, long nowNs) {
        return neighbour != NeighbourTable.NONE
            && (LINKS.isConnected(neighbour) || WORLD.neighbours().use(neighbour, nowNs));
    }

    /// Writes the link header in front of the IP header at `at`; padding behind the packet stays behind.
    private static void send(int packet, long at, int totalBytes, int neighbour, int etherType, int egress,
                             long nowNs) {
        int headerBytes = LINKS.writeHeader(neighbour, PACKETS, at, etherType);
        long slotAt = PacketMemory.at(packet);
        PacketMeta.extent(PACKETS, slotAt, (int) (at - slotAt) - headerBytes, headerBytes + totalBytes);
        OUTPUTS.add(packet, WORLD.ports()[egress], nowNs);
    }

    /// TTL − 1 and the checksum for it.
    private static int decremented(int ttlWord) {
        int checksum = IncrementalUpdate.apply(ttlWord & 0xffff, TTL_STEP_DELTA);
        return (ttlWord & 0xffff0000) - 0x01000000 | checksum;
    }

    /// Addresses that the whole way has more to say about: loopback, groups, zero, and perhaps this host's own as
    /// source.
    private static boolean isUnusual(int source, int target) {
        long unusual = UNUSUAL_NETS[source >>> 30] >>> (source >>> 24) | UNUSUAL_NETS[target >>> 30] >>> (target >>> 24);
        return (unusual & 1) != 0 || WORLD.own4().has(source);
    }

    /// 2000::/3 and fc00::/7, by the first half.
    private static boolean isGlobalUnicast(long high) {
        return high >>> 61 == 1 || high >>> 57 == 0xfc >>> 1;
    }
}
