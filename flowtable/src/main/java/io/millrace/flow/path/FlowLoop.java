package io.millrace.flow.path;

import io.millrace.checksum.IncrementalUpdate;
import io.millrace.flow.table.FlowFinder;
import io.millrace.flow.table.FlowLine;
import io.millrace.flow.table.FlowLinks;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.jit.Specialised;
import io.millrace.packet.memory.Burst;
import io.millrace.packet.memory.ChecksumState;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.ParseFlags;
import io.millrace.packet.memory.Wire;
import io.millrace.packet.parse.ParseRecords;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/// What is done to every packet: the loops of [FlowPath].
///
/// A template for [Specialised]: each worker runs a copy whose segments and arrays are constants. Where a slot, a line
/// or a link begins goes through a mask, which changes nothing but lets the JIT prove that all accesses from there on
/// stay in bounds: they are checked once, by the mask (docs/decisions/0005).
final class FlowLoop implements FlowKernel {

    private static final FlowConstants CONSTANTS = Specialised.constants(MethodHandles.lookup(), FlowConstants.class);
    private static final MemorySegment MEMORY = CONSTANTS.memory();
    private static final long SLOT_MASK = CONSTANTS.slotMask();
    private static final MemorySegment TABLE = CONSTANTS.table();
    private static final long TABLE_MASK = CONSTANTS.tableMask();
    private static final int LINK_MASK = CONSTANTS.linkMask();
    private static final FlowPath PATH = CONSTANTS.path();
    private static final FlowFinder FINDER = CONSTANTS.finder();
    private static final long[] RECORDS = CONSTANTS.records();
    private static final long[] PORT_MACS = CONSTANTS.portMacs();
    private static final int[] PACKETS = CONSTANTS.packets();
    private static final int[] SENT = CONSTANTS.sent();
    private static final long LINKS_AT = CONSTANTS.linksAt();

    private static final int PLAIN_BYTES = FlowLinks.USUAL_HEADER_BYTES;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final int REFUSED = ParseFlags.FRAGMENT | ParseFlags.IPV4_OPTIONS | ParseFlags.IPV6_EXTENSIONS
        | ParseFlags.NOT_UNDERSTOOD | ParseFlags.CUT;
    private static final int UNUSUAL_STATE = FlowLine.CLOSING | FlowLine.TEARDOWN;

    FlowLoop() {}

    @Override
    public void findKeys(Burst burst) {
        burst.copyTo(PACKETS);
        int burstPort = burst.port();
        long shape = FINDER.shape();
        int count = Math.min(burst.count(), Burst.PACKETS_MAX);
        for (int place = 0; place < count; place++) {
            int record = ParseRecords.recordAt(place, 0);
            long selector = RECORDS[record + ParseRecords.PORTS_WORD];
            long offsets = RECORDS[record + ParseRecords.OFFSETS_WORD];
            int flags = (int) RECORDS[record + ParseRecords.FLAGS_WORD];
            long port = burstPort != Burst.MIXED ? burstPort
                : PacketMeta.port(MEMORY, PacketMemory.at(PACKETS[place]));
            int protocol = FlowLine.protocol(selector);
            int family = FlowLine.family(selector);
            int ipBytes = (int) (offsets >>> 16) - (int) offsets & 0xffff;
            boolean isPlain = RECORDS[record + ParseRecords.VLANS_WORD] == 0 && selector >>> 48 == 0
                && ((int) offsets & 0xffff) == PLAIN_BYTES;
            if (isPlain && (flags & REFUSED) == 0 && (protocol == IpProtocol.UDP || protocol == IpProtocol.TCP)) {
                selector |= port << 48;
                if (family == 4 && ipBytes == IPV4_BYTES) {
                    FINDER.want4(place, shape, RECORDS[record + 1] << 32 | RECORDS[record + 3] & 0xffff_ffffL, selector);
                    continue;
                }
                if (family == 6 && ipBytes == IPV6_BYTES) {
                    FINDER.want6(place, shape, RECORDS[record], RECORDS[record + 1], RECORDS[record + 2],
                        RECORDS[record + 3], selector);
                    continue;
                }
            }
            PATH.findUnusualKey(place, record, (int) port, PACKETS[place]);
        }
        FINDER.touch(count);
    }

    @Override
    public void act(Burst burst, long nowNs) {
        int count = Math.min(burst.count(), Burst.PACKETS_MAX);
        int keptCount = 0;
        int sentCount = 0;
        int sharedPort = Burst.MIXED;
        for (int place = 0; place < count; place++) {
            int packet = PACKETS[place];
            int port = FlowRewrite.MISSED;
            if (FINDER.hasKey(place)) {
                int record = ParseRecords.recordAt(place, 0);
                boolean isIpv4 = FlowLine.family(FINDER.selector(place)) == 4;
                long lineAt = (isIpv4 ? FINDER.lineAt4(place)
                    : FINDER.lineAt6(place, RECORDS[record + 1], RECORDS[record + 2], RECORDS[record + 3])) & TABLE_MASK;
                int flags = (int) RECORDS[record + ParseRecords.FLAGS_WORD];
                if (lineAt != FlowFinder.NONE) {
                    port = isIpv4 ? forward4(packet, lineAt, FINDER.selector(place), flags, nowNs)
                        : forward6(packet, lineAt, FINDER.selector(place), flags, nowNs);
                }
                if (port < 0) port = PATH.takeTheWholeWay(packet, place, lineAt, nowNs);
            } else {
                PATH.countMiss(place);
            }
            if (port >= 0) {
                sharedPort = sentCount == 0 || sharedPort == port ? port : Burst.MIXED;
                SENT[sentCount++ & Burst.PACKETS_MAX - 1] = packet;
            } else if (port == FlowRewrite.UNRESOLVED) {
                PATH.unresolved().add(packet);
            } else {
                burst.packet(keptCount, packet);
                PATH.stays(keptCount++, place);
            }
        }
        PATH.forwarded().set(SENT, sentCount);
        PATH.forwarded().port(sharedPort);
        burst.truncate(keptCount);
    }

    /// The port that the packet leaves by; `MISSED`, and nothing changed, if anything about it is not usual.
    private static int forward4(int packet, long lineAt, long selector, int flags, long nowNs) {
        long slotAt = PacketMemory.at(packet) & SLOT_MASK;
        long extent = PacketMeta.extent(MEMORY, slotAt);
        long at = slotAt + PacketMeta.dataAt(extent) + PLAIN_BYTES;
        long way = FlowLine.way(TABLE, lineAt);
        long linkAt = LINKS_AT + (long) (FlowLine.linkOf(way) & LINK_MASK) * FlowLinks.LINK_BYTES;
        long linkWord = Wire.hostI64(TABLE, linkAt + FlowLinks.WORD);
        int totalBytes = Wire.u16(MEMORY, at + 2);
        int ttlWord = Wire.i32(MEMORY, at + 8);    // TTL, protocol, checksum
        if (isUnusual(slotAt, at, extent, selector, way, linkWord, flags)
            || ttlWord >>> 24 <= 1 || totalBytes > FlowLine.mtuOf(way)) return FlowRewrite.MISSED;
        long portsAndDeltas = Wire.hostI64(TABLE, lineAt + FlowLine.NEW_PORTS_AND_DELTAS);
        Wire.i32(MEMORY, at + 8, (ttlWord & 0xffff_0000) - 0x0100_0000
            | IncrementalUpdate.apply(ttlWord & 0xffff, FlowLine.headerDeltaOf(portsAndDeltas)));
        if ((FlowLine.stateOf(way) & FlowLine.NAT) != 0) {
            Wire.i64(MEMORY, at + 12, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_ADDRESSES));
            translate(at + IPV4_BYTES, portsAndDeltas, selector);
        }
        finish(slotAt, at, extent, totalBytes, lineAt, linkAt, linkWord, nowNs);
        return FlowLinks.port(linkWord);
    }

    private static int forward6(int packet, long lineAt, long selector, int flags, long nowNs) {
        long slotAt = PacketMemory.at(packet) & SLOT_MASK;
        long extent = PacketMeta.extent(MEMORY, slotAt);
        long at = slotAt + PacketMeta.dataAt(extent) + PLAIN_BYTES;
        long way = FlowLine.way(TABLE, lineAt);
        long linkAt = LINKS_AT + (long) (FlowLine.linkOf(way) & LINK_MASK) * FlowLinks.LINK_BYTES;
        long linkWord = Wire.hostI64(TABLE, linkAt + FlowLinks.WORD);
        int lengthWord = Wire.i32(MEMORY, at + 4);    // payload length, next header, hop limit
        int totalBytes = IPV6_BYTES + (lengthWord >>> 16);
        if (isUnusual(slotAt, at, extent, selector, way, linkWord, flags)
            || (lengthWord & 0xff) <= 1 || totalBytes > FlowLine.mtuOf(way)) return FlowRewrite.MISSED;
        Wire.i32(MEMORY, at + 4, lengthWord - 1);
        if ((FlowLine.stateOf(way) & FlowLine.NAT) != 0) {
            Wire.i64(MEMORY, at + 8, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_ADDRESSES));
            Wire.i64(MEMORY, at + 16, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_SOURCE_LOW));
            Wire.i64(MEMORY, at + 24, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_TARGET_HIGH));
            Wire.i64(MEMORY, at + 32, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_TARGET_LOW));
            translate(at + IPV6_BYTES, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_PORTS_AND_DELTAS), selector);
        }
        finish(slotAt, at, extent, totalBytes, lineAt, linkAt, linkWord, nowNs);
        return FlowLinks.port(linkWord);
    }

    /// True if the packet is not a whole Ethernet frame of one slot to this port's address, its flow not live, the way
    /// out not simply a header, or a TCP flag or a checksum state asks for more. One question, because each of its
    /// parts
    /// is almost never true.
    private static boolean isUnusual(long slotAt, long at, long extent, long selector, long way, long linkWord,
                                     int flags) {
        if (selector < 0) return true;   // an attachment with tags or session
        long unusual = Wire.i64(MEMORY, at - PLAIN_BYTES) >>> 16 ^ PORT_MACS[FlowLine.attachment(selector)];
        unusual |= PacketMeta.linkWord(MEMORY, slotAt) ^ PacketMeta.WHOLE_ETHERNET;
        unusual |= PacketMeta.slotBytes(extent) ^ PacketMeta.packetBytes(extent);
        unusual |= FlowLine.stateOf(way) & UNUSUAL_STATE;
        unusual |= ~FlowLinks.flags(linkWord) & FlowLinks.USUAL;
        unusual |= flags & ParseFlags.TCP_FIN_SYN_RST;
        int checksumState = PacketMeta.checksumState(MEMORY, slotAt);
        unusual |= checksumState & checksumState >>> 1;   // PARTIAL alone has both bits
        return unusual != 0;
    }

    /// Ports and checksum of TCP or UDP.
    private static void translate(long l4At, long portsAndDeltas, long selector) {
        Wire.i32(MEMORY, l4At, FlowLine.newPortsOf(portsAndDeltas));
        int delta = FlowLine.transportDeltaOf(portsAndDeltas);
        if (FlowLine.protocol(selector) == IpProtocol.TCP) {
            Wire.u16(MEMORY, l4At + TCP_CHECKSUM,
                IncrementalUpdate.apply(Wire.u16(MEMORY, l4At + TCP_CHECKSUM), delta));
        } else {
            Wire.u16(MEMORY, l4At + UDP_CHECKSUM,
                IncrementalUpdate.applyUdp(Wire.u16(MEMORY, l4At + UDP_CHECKSUM), delta));
        }
    }

    private static void finish(long slotAt, long at, long extent, int totalBytes, long lineAt, long linkAt, long linkWord,
                               long nowNs) {
        // 14 bytes as two longs that overlap.
        Wire.hostI64(MEMORY, at - 14, Wire.hostI64(TABLE, linkAt + FlowLinks.HEADER_END - 14));
        Wire.hostI64(MEMORY, at - 8, Wire.hostI64(TABLE, linkAt + FlowLinks.HEADER_END - 8));
        int frameBytes = PLAIN_BYTES + totalBytes;
        if (frameBytes != PacketMeta.packetBytes(extent)) {   // padding behind the IP packet goes
            PacketMeta.extent(MEMORY, slotAt, PacketMeta.dataAt(extent), frameBytes);
        }
        PacketMeta.egress(MEMORY, slotAt, FlowLinks.interfaceIndex(linkWord));
        // The sum that a device found is not that of what leaves.
        if (PacketMeta.checksumState(MEMORY, slotAt) == ChecksumState.COMPLETE) {
            PacketMeta.forgetChecksum(MEMORY, slotAt);
        }
        Wire.hostI64(TABLE, lineAt + FlowLine.PACKETS, FlowLine.packets(TABLE, lineAt) + 1);
        Wire.hostI64(TABLE, lineAt + FlowLine.BYTES, FlowLine.bytes(TABLE, lineAt) + totalBytes);
        Wire.hostI64(TABLE, lineAt + FlowLine.LAST_USED, nowNs);
    }
}
