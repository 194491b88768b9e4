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
    private static final int TCP_BYTES_MIN = 20;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_BYTES = 8;
    private static final int UDP_CHECKSUM = 6;
    private static final int REFUSED = ParseFlags.FRAGMENT | ParseFlags.IPV4_OPTIONS | ParseFlags.IPV6_EXTENSIONS
        | ParseFlags.NOT_UNDERSTOOD | ParseFlags.CUT;
    private static final int UNUSUAL_STATE = FlowLine.CLOSING | FlowLine.TEARDOWN;

    /// The two bytes before an IPv4 header and its first six: EtherType, version and header length decide.
    private static final long IPV4_BEGIN = 0x0800_4500_0000_0000L;
    private static final long IPV4_BEGIN_MASK = 0xffff_ff00_0000_0000L;
    /// The same for IPv6: EtherType and version.
    private static final long IPV6_BEGIN = 0x86dd_6000_0000_0000L;
    private static final long IPV6_BEGIN_MASK = 0xffff_f000_0000_0000L;
    /// Of an IPv4 header's bytes 6 to 13: more fragments, fragment offset.
    private static final long FRAGMENT_MASK = 0x3fff_0000_0000_0000L;
    private static final int TCP_FIN_SYN_RST = 7;
    private static final int IPV6_ETHER_TYPE = 0x86dd;

    FlowLoop() {}

    @Override
    public void findKeys(Burst burst, boolean isParsed) {
        burst.copyTo(PACKETS);
        int burstPort = burst.port();
        long shape = FINDER.shape();
        int count = Math.min(burst.count(), Burst.PACKETS_MAX);
        for (int place = 0; place < count; place++) {
            long slotAt = PacketMemory.at(PACKETS[place]) & SLOT_MASK;
            int port = burstPort != Burst.MIXED ? burstPort : PacketMeta.port(MEMORY, slotAt);
            long extent = PacketMeta.extent(MEMORY, slotAt);
            long at = slotAt + PacketMeta.dataAt(extent) + PLAIN_BYTES;
            int room = PacketMeta.packetBytes(extent) - PLAIN_BYTES;
            long begin = Wire.i64(MEMORY, at - 2);
            boolean isWanted = (begin >>> 48) != IPV6_ETHER_TYPE
                ? want4(place, shape, at, room, begin, port, isParsed)
                : want6(place, shape, at, room, begin, port, isParsed);
            if (!isWanted || isOdd(slotAt, at, extent, port)) PATH.findUnusualKey(place, port, PACKETS[place]);
        }
        FINDER.touch(count);
    }

    /// False if anything about the packet from its IPv4 header on is not usual.
    private static boolean want4(int place, long shape, long at, int room, long begin, int port,
                                 boolean isParsed) {
        int totalBytes = (int) (begin >>> 16) & 0xffff;
        long middle = Wire.i64(MEMORY, at + 6);   // fragment, TTL, protocol, checksum, half the source
        int protocol = (int) (middle >>> 32) & 0xff;
        int ttl = (int) (middle >>> 40) & 0xff;
        long transport = Wire.i64(MEMORY, at + IPV4_BYTES);
        int negative = ttl - 2 | room - totalBytes
            | negativeIfUnusual(protocol, transport, at + IPV4_BYTES, totalBytes - IPV4_BYTES);
        long unusual = (begin ^ IPV4_BEGIN) & IPV4_BEGIN_MASK | middle & FRAGMENT_MASK | negative & Integer.MIN_VALUE;
        long selector = selector(transport, protocol, 4, port);
        if (unusual != 0 || isParsed && !isParsedSo(place, selector, IPV4_BYTES)) return false;
        FINDER.want4(place, shape, Wire.i64(MEMORY, at + 12), selector);
        FINDER.frame(place, frame(at, totalBytes));
        return true;
    }

    private static boolean want6(int place, long shape, long at, int room, long begin, int port,
                                 boolean isParsed) {
        int lengthWord = Wire.i32(MEMORY, at + 4);   // payload length, next header, hop limit
        int payloadBytes = lengthWord >>> 16;
        int protocol = lengthWord >>> 8 & 0xff;
        long transport = Wire.i64(MEMORY, at + IPV6_BYTES);
        int negative = (lengthWord & 0xff) - 2 | room - IPV6_BYTES - payloadBytes
            | negativeIfUnusual(protocol, transport, at + IPV6_BYTES, payloadBytes);
        long unusual = (begin ^ IPV6_BEGIN) & IPV6_BEGIN_MASK | negative & Integer.MIN_VALUE;
        long selector = selector(transport, protocol, 6, port);
        if (unusual != 0 || isParsed && !isParsedSo(place, selector, IPV6_BYTES)) return false;
        FINDER.want6(place, shape, Wire.i64(MEMORY, at + 8), Wire.i64(MEMORY, at + 16), Wire.i64(MEMORY, at + 24),
            Wire.i64(MEMORY, at + 32), selector);
        FINDER.frame(place, frame(at, IPV6_BYTES + payloadBytes));
        return true;
    }

    /// Negative unless this is a whole UDP header whose length fits, or a whole TCP header without FIN, SYN and RST.
    ///
    /// @param first the first eight bytes of what may be TCP or UDP, at `at`
    /// @param bytes what the IP header says there is of it
    private static int negativeIfUnusual(int protocol, long first, long at, int bytes) {
        if (protocol == IpProtocol.UDP) {
            int udpBytes = (int) (first >>> 16) & 0xffff;
            return udpBytes - UDP_BYTES | bytes - udpBytes;
        }
        if (protocol != IpProtocol.TCP) return -1;
        int offsetAndFlags = Wire.u16(MEMORY, at + 12);
        int headerBytes = offsetAndFlags >>> 12 << 2;
        return headerBytes - TCP_BYTES_MIN | bytes - headerBytes | -(offsetAndFlags & TCP_FIN_SYN_RST);
    }

    private static long selector(long transport, int protocol, int family, int port) {
        int ports = Integer.rotateLeft((int) (transport >>> 32), 16);   // the source in the low half
        return ports & 0xffff_ffffL | (long) (family << 8 | protocol) << 32 | (long) port << 48;
    }

    /// True if the parser has found the same headers, and nothing that a flow table refuses.
    private static boolean isParsedSo(int place, long selector, int ipBytes) {
        int record = ParseRecords.recordAt(place, 0);
        int offsets = (int) RECORDS[record + ParseRecords.OFFSETS_WORD];
        return ((RECORDS[record + ParseRecords.PORTS_WORD] ^ selector) << 16 | RECORDS[record + ParseRecords.VLANS_WORD]
            | (offsets ^ (PLAIN_BYTES | PLAIN_BYTES + ipBytes << 16))
            | (int) RECORDS[record + ParseRecords.FLAGS_WORD] & REFUSED) == 0;
    }

    /// True if the packet is not a whole Ethernet frame of one slot to the port's address, or its checksum still to be
    /// filled in. One question, because each of its parts is almost never true.
    private static boolean isOdd(long slotAt, long at, long extent, int port) {
        long odd = Wire.i64(MEMORY, at - PLAIN_BYTES) >>> 16 ^ PORT_MACS[port];
        odd |= PacketMeta.linkWord(MEMORY, slotAt) ^ PacketMeta.WHOLE_ETHERNET;
        odd |= PacketMeta.slotBytes(extent) ^ PacketMeta.packetBytes(extent);
        int checksumState = PacketMeta.checksumState(MEMORY, slotAt);
        odd |= checksumState & checksumState >>> 1;   // PARTIAL alone has both bits
        return odd != 0;
    }

    /// A plain frame, for [FlowFinder#frame]: where it begins and how long its IP packet is.
    private static long frame(long at, int totalBytes) {
        return at - PLAIN_BYTES << 16 | totalBytes;
    }

    @Override
    public void act(Burst burst, long nowNs) {
        int count = Math.min(burst.count(), Burst.PACKETS_MAX);
        int keptCount = 0;
        int sentCount = 0;
        int sharedPort = Burst.MIXED;
        for (int place = 0; place < count; place++) {
            int packet = PACKETS[place];
            long frame = FINDER.frame(place);
            int port = FlowRewrite.MISSED;
            if (frame != 0) {
                long at = (frame >>> 16 & SLOT_MASK) + PLAIN_BYTES;   // a frame too lies below where slots end
                boolean isIpv4 = FlowLine.family(FINDER.selector(place)) == 4;
                long lineAt = (isIpv4 ? FINDER.lineAt4(place) : FINDER.lineAt6(place, Wire.i64(MEMORY, at + 16),
                    Wire.i64(MEMORY, at + 24), Wire.i64(MEMORY, at + 32))) & TABLE_MASK;
                if (lineAt != FlowFinder.NONE) {
                    port = isIpv4 ? forward4(packet, at, (int) frame & 0xffff, lineAt, FINDER.selector(place), nowNs)
                        : forward6(packet, at, (int) frame & 0xffff, lineAt, FINDER.selector(place), nowNs);
                }
                if (port < 0) port = PATH.takeTheWholeWay(packet, place, lineAt, nowNs);
            } else {
                port = PATH.takeUnusual(packet, place, nowNs);
            }
            if (port >= 0) {
                sharedPort = sentCount == 0 || sharedPort == port ? port : Burst.MIXED;
                SENT[sentCount++ & Burst.PACKETS_MAX - 1] = packet;
            } else if (port == FlowRewrite.UNRESOLVED) {
                PATH.unresolved().add(packet);
            } else {
                burst.packet(keptCount, packet);
                PATH.stays(packet, keptCount++, place);
            }
        }
        PATH.forwarded().set(SENT, sentCount);
        PATH.forwarded().port(sharedPort);
        burst.truncate(keptCount);
    }

    /// The port that the packet leaves by; `MISSED`, and nothing changed, if its flow or the way out is not usual.
    private static int forward4(int packet, long at, int totalBytes, long lineAt, long selector, long nowNs) {
        long way = FlowLine.way(TABLE, lineAt);
        long linkAt = LINKS_AT + (long) (FlowLine.linkOf(way) & LINK_MASK) * FlowLinks.LINK_BYTES;
        long linkWord = Wire.hostI64(TABLE, linkAt + FlowLinks.WORD);
        if (isUnusual(way, linkWord, totalBytes)) return FlowRewrite.MISSED;
        int ttlWord = Wire.i32(MEMORY, at + 8);    // TTL, protocol, checksum
        long portsAndDeltas = Wire.hostI64(TABLE, lineAt + FlowLine.NEW_PORTS_AND_DELTAS);
        Wire.i32(MEMORY, at + 8, (ttlWord & 0xffff_0000) - 0x0100_0000
            | IncrementalUpdate.apply(ttlWord & 0xffff, FlowLine.headerDeltaOf(portsAndDeltas)));
        if ((FlowLine.stateOf(way) & FlowLine.NAT) != 0) {
            Wire.i64(MEMORY, at + 12, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_ADDRESSES));
            translate(at + IPV4_BYTES, portsAndDeltas, selector);
        }
        finish(packet, at, totalBytes, lineAt, linkAt, linkWord, nowNs);
        return FlowLinks.port(linkWord);
    }

    private static int forward6(int packet, long at, int totalBytes, long lineAt, long selector, long nowNs) {
        long way = FlowLine.way(TABLE, lineAt);
        long linkAt = LINKS_AT + (long) (FlowLine.linkOf(way) & LINK_MASK) * FlowLinks.LINK_BYTES;
        long linkWord = Wire.hostI64(TABLE, linkAt + FlowLinks.WORD);
        if (isUnusual(way, linkWord, totalBytes)) return FlowRewrite.MISSED;
        Wire.u8(MEMORY, at + 7, Wire.u8(MEMORY, at + 7) - 1);
        if ((FlowLine.stateOf(way) & FlowLine.NAT) != 0) {
            Wire.i64(MEMORY, at + 8, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_ADDRESSES));
            Wire.i64(MEMORY, at + 16, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_SOURCE_LOW));
            Wire.i64(MEMORY, at + 24, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_TARGET_HIGH));
            Wire.i64(MEMORY, at + 32, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_TARGET_LOW));
            translate(at + IPV6_BYTES, Wire.hostI64(TABLE, lineAt + FlowLine.NEW_PORTS_AND_DELTAS), selector);
        }
        finish(packet, at, totalBytes, lineAt, linkAt, linkWord, nowNs);
        return FlowLinks.port(linkWord);
    }

    /// True if the flow is not live, the way out not simply a header, or the packet longer than it takes.
    private static boolean isUnusual(long way, long linkWord, int totalBytes) {
        return (FlowLine.stateOf(way) & UNUSUAL_STATE | ~FlowLinks.flags(linkWord) & FlowLinks.USUAL
            | FlowLine.mtuOf(way) - totalBytes & Integer.MIN_VALUE) != 0;
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

    private static void finish(int packet, long at, int totalBytes, long lineAt, long linkAt, long linkWord,
                               long nowNs) {
        // 14 bytes as two longs that overlap.
        Wire.hostI64(MEMORY, at - 14, Wire.hostI64(TABLE, linkAt + FlowLinks.HEADER_END - 14));
        Wire.hostI64(MEMORY, at - 8, Wire.hostI64(TABLE, linkAt + FlowLinks.HEADER_END - 8));
        long slotAt = PacketMemory.at(packet) & SLOT_MASK;
        // Padding behind the IP packet goes; where there is none, the same is written again.
        PacketMeta.extent(MEMORY, slotAt, (int) (at - slotAt) - PLAIN_BYTES, PLAIN_BYTES + totalBytes);
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
