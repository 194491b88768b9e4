package io.millrace.gro;

import io.millrace.checksum.InternetChecksum;
import io.millrace.checksum.PseudoHeader;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.GeneveView;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.TcpView;
import io.millrace.packet.header.VxlanView;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Reads the headers of a packet once, from the first byte on, and says whether it can be merged at all; fills a
/// [Candidate] if so. The order of the checks is that of Linux's `…_gro_receive` functions, because it decides what a
/// bad packet does to those held: one that is refused here touches nothing, one whose lengths are odd
/// ([Candidate#endsFlow]) ends its flow.
///
/// Needs nothing of the parser: what a parse graph stops at and what Linux merges are not the same.
final class HeaderWalk {

    /// Handlers that Linux lets call each other (`GRO_RECURSION_LIMIT`).
    private static final int HEADERS_MAX = 15;

    /// What comes next is an IP protocol when this bit is set, an EtherType when it is not.
    private static final int BY_PROTOCOL = 0x10000;
    private static final int REFUSED = -1;
    private static final int COMPLETE = -2;

    private static final int LINK_TYPE_ETHERNET = 1;
    private static final int ETHERNET_BYTES = 14;
    private static final int VLAN_BYTES = 4;
    private static final int IPV4_BYTES = 20;
    private static final int IPV4_WITHOUT_OPTIONS = 0x45;
    private static final int MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int IPV4_RESERVED_BIT = 0x8000;
    private static final int IPV6_BYTES = 40;
    private static final int EXTENSION_BYTES_MIN = 8;
    private static final int UDP_BYTES = 8;
    private static final int GENEVE_CONTROL = 0x80;
    private static final int TCP_FIN_AND_PSH = 0x0009_0000;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final LayerChecksums checksums;
    private final Candidate found;
    private final boolean forwardUdp;

    private long frameAt;
    /// Where the walk is, from the packet's first byte.
    private int at;

    HeaderWalk(PacketMemory packets, Candidate found, boolean forwardUdp) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.checksums = new LayerChecksums(packets);
        this.found = found;
        this.forwardUdp = forwardUdp;
    }

    /// False if the packet is not one that could be merged; it goes on at once then, past what is held of its flow but
    /// for fragments.
    boolean read(int packet) {
        long slotAt = PacketMemory.at(packet);
        if (PacketMeta.linkType(memory, slotAt) != LINK_TYPE_ETHERNET) return false;
        long extent = PacketMeta.extent(memory, slotAt);
        int packetBytes = PacketMeta.packetBytes(extent);
        frameAt = slotAt + PacketMeta.dataAt(extent);
        at = 0;
        found.begin(packet, packetBytes, PacketMeta.slotBytes(extent));
        checksums.begin(packet, packetBytes);
        superPacket(packet);
        found.key(meta.mergeKey(packet));
        int next = ethernet();
        for (int headers = 0; headers < HEADERS_MAX; headers++) {
            next = header(next);
            if (next == COMPLETE) return true;
            if (next == REFUSED) return false;
        }
        return false;
    }

    /// A packet may come merged already; only TCP that this machine or its device merged is merged further.
    private void superPacket(int packet) {
        int gsoSize = meta.gsoSize(packet);
        if (gsoSize == 0) return;
        found.gsoSize = gsoSize;
        found.segmentCount = meta.gsoSegments(packet);
        int type = meta.gsoType(packet);
        found.endsFlow = (type & GsoType.ANY_TCP) == 0 || (type & GsoType.DODGY) != 0;
    }

    private int header(int next) {
        return switch (next) {
            case EtherType.IPV4 -> ipv4();
            case EtherType.IPV6 -> ipv6();
            case EtherType.VLAN, EtherType.VLAN_SERVICE -> vlan();
            case EtherType.ETHERNET -> ethernet();
            case BY_PROTOCOL | IpProtocol.TCP -> tcp();
            case BY_PROTOCOL | IpProtocol.UDP -> udp();
            case BY_PROTOCOL | IpProtocol.GRE -> gre();
            case BY_PROTOCOL | IpProtocol.IPV4 -> ipInIp(EtherType.IPV4);
            case BY_PROTOCOL | IpProtocol.IPV6 -> ipInIp(EtherType.IPV6);
            default -> REFUSED;
        };
    }

    private int ethernet() {
        if (!has(ETHERNET_BYTES) || !found.hasRoom(2)) return REFUSED;
        long end = i64(6);   // the last two bytes of the source are in both words
        found.key(i64(0));
        found.key(end);
        at += ETHERNET_BYTES;
        return (int) end & 0xffff;
    }

    private int vlan() {
        if (!has(VLAN_BYTES) || !found.hasRoom(1)) return REFUSED;
        int tag = i32(0);
        found.key(Integer.toUnsignedLong(tag));
        at += VLAN_BYTES;
        return tag & 0xffff;
    }

    private int ipv4() {
        if (!has(IPV4_BYTES) || !found.hasRoom(1)) return REFUSED;
        long first = i64(0);
        if ((int) (first >>> 56) != IPV4_WITHOUT_OPTIONS) return REFUSED;
        if ((first & MORE_FRAGMENTS_OR_OFFSET) != 0) return REFUSED;
        long second = i64(8);
        int target = i32(16);
        long sum = (first >>> 32) + (first & 0xffff_ffffL) + (second >>> 32) + (second & 0xffff_ffffL)
            + Integer.toUnsignedLong(target);
        if (!InternetChecksum.isRight(sum)) return REFUSED;
        int totalBytes = (int) (first >>> 32) & 0xffff;
        found.endsFlow |= totalBytes != found.packetBytes - at || (first & IPV4_RESERVED_BIT) != 0;
        found.key(second << 32 | Integer.toUnsignedLong(target));
        int typeOfService = (int) (first >>> 48) & 0xff;
        int ttl = (int) (second >>> 56);
        found.strict((long) typeOfService << 32 | (long) ttl << 16 | first & DO_NOT_FRAGMENT);
        found.network(at, (int) (first >>> 16) & 0xffff);
        checksums.addsNothing(at, at + IPV4_BYTES);
        at += IPV4_BYTES;
        return BY_PROTOCOL | (int) (second >>> 48) & 0xff;
    }

    private int ipv6() {
        if (!has(IPV6_BYTES) || !found.hasRoom(5)) return REFUSED;
        long first = i64(0);
        if (first >>> 60 != 6) return REFUSED;
        int payloadBytes = (int) (first >>> 16) & 0xffff;
        boolean isOfOtherLength = payloadBytes != found.packetBytes - at - IPV6_BYTES;
        found.key(first >>> 32 & 0xf_ffff);   // the flow label
        found.key(i64(8));
        found.key(i64(16));
        found.key(i64(24));
        found.key(i64(32));
        found.strict(first >>> 52 << 8 | first & 0xff);   // version and traffic class; hop limit
        found.network(at, Candidate.NO_ID);
        at += IPV6_BYTES;
        int protocol = extensions((int) (first >>> 8) & 0xff);
        found.endsFlow |= isOfOtherLength;
        found.isFragment = protocol == IpProtocol.FRAGMENT;
        return protocol == REFUSED ? REFUSED : BY_PROTOCOL | protocol;
    }

    /// Walks over the extension headers that segmentation may repeat; all their bytes belong to the flow.
    private int extensions(int firstProtocol) {
        int protocol = firstProtocol;
        while (protocol == IpProtocol.HOP_BY_HOP || protocol == IpProtocol.ROUTING
            || protocol == IpProtocol.DESTINATION_OPTIONS) {
            if (!has(EXTENSION_BYTES_MIN)) return REFUSED;
            int headerBytes = (u8(1) + 1) * 8;
            if (!has(headerBytes) || !found.hasRoom(1 + headerBytes / 8)) return REFUSED;
            found.key(protocol);
            for (int done = 0; done < headerBytes; done += 8) found.key(i64(done));
            protocol = u8(0);
            at += headerBytes;
        }
        return protocol;
    }

    private int ipInIp(int etherType) {
        if (!enterTunnel(Tunnel.IP) || !found.hasRoom(1)) return REFUSED;
        found.key(etherType);
        return etherType;
    }

    private int udp() {
        if (!has(UDP_BYTES)) return REFUSED;
        int checksum = u16(6);
        if (!found.endsFlow) {
            if (checksum == 0) {
                checksums.absent();
            } else {
                long pseudoSum = pseudoSum(IpProtocol.UDP);
                if (!checksums.isRight(at, pseudoSum)) return REFUSED;
                checksums.convert(at, pseudoSum);
            }
        }
        int targetPort = u16(2);
        if (targetPort == VxlanView.PORT || targetPort == GeneveView.PORT) return udpTunnel(targetPort, checksum);
        if (!forwardUdp || checksum == 0 || !found.hasRoom(1)) return REFUSED;
        int datagramBytes = u16(4);
        if (datagramBytes <= UDP_BYTES || datagramBytes != found.packetBytes - at) return REFUSED;
        found.key(Integer.toUnsignedLong(i32(0)) << 32 | IpProtocol.UDP);
        found.transport(IpProtocol.UDP, at, UDP_BYTES);
        return COMPLETE;
    }

    private int udpTunnel(int targetPort, int checksum) {
        if (found.tunnel != Tunnel.NONE || checksum != 0 && !checksums.isTrusted() || !found.hasRoom(1)) {
            return REFUSED;
        }
        int isSummed = checksum == 0 ? 0 : 1;
        found.key(Integer.toUnsignedLong(i32(0)) << 32 | isSummed << 8 | IpProtocol.UDP);
        enterTunnel(Tunnel.UDP);
        at += UDP_BYTES;
        return targetPort == VxlanView.PORT ? vxlan() : geneve();
    }

    private int vxlan() {
        if (!has(VxlanView.HEADER_BYTES) || !found.hasRoom(1)) return REFUSED;
        found.key(i64(0));
        at += VxlanView.HEADER_BYTES;
        return EtherType.ETHERNET;
    }

    private int geneve() {
        if (!has(GeneveView.HEADER_BYTES_MIN)) return REFUSED;
        long first = i64(0);
        int headerBytes = GeneveView.OPTIONS_AT + (int) (first >>> 56 & 0x3f) * 4;
        boolean isOtherVersion = first >>> 62 != 0;
        boolean isControl = (first >>> 48 & GENEVE_CONTROL) != 0;
        if (isOtherVersion || isControl || !has(headerBytes) || !found.hasRoom(headerBytes / 8 + 1)) return REFUSED;
        words(headerBytes);
        at += headerBytes;
        return (int) (first >>> 32) & 0xffff;
    }

    private int gre() {
        if (!has(GreView.HEADER_BYTES_MIN) || !enterTunnel(Tunnel.GRE)) return REFUSED;
        int flags = u16(0);
        if ((flags & ~(GreView.CHECKSUM_PRESENT | GreView.KEY_PRESENT)) != 0) return REFUSED;
        boolean isSummed = (flags & GreView.CHECKSUM_PRESENT) != 0;
        boolean hasKey = (flags & GreView.KEY_PRESENT) != 0;
        int headerBytes = GreView.HEADER_BYTES_MIN + (isSummed ? 4 : 0) + (hasKey ? 4 : 0);
        int type = u16(2);
        if (!has(headerBytes) || !isHandled(type) || !found.hasRoom(2)) return REFUSED;
        if (isSummed && !found.endsFlow) {
            if (!checksums.isRight(at, 0)) return REFUSED;
            checksums.convert(at, 0);
        }
        found.key((long) i32(0) << 32 | IpProtocol.GRE);
        if (hasKey) found.key(Integer.toUnsignedLong(i32(headerBytes - 4)));
        at += headerBytes;
        return type;
    }

    private static boolean isHandled(int etherType) {
        return switch (etherType) {
            case EtherType.IPV4, EtherType.IPV6, EtherType.VLAN, EtherType.VLAN_SERVICE, EtherType.ETHERNET -> true;
            default -> false;
        };
    }

    private int tcp() {
        // With a contradiction in front the packet is not merged whatever its checksum says.
        if (!found.endsFlow && !checksums.isRight(at, pseudoSum(IpProtocol.TCP))) return REFUSED;
        if (!has(TcpView.HEADER_BYTES_MIN) || !found.hasRoom(1)) return REFUSED;
        int control = i32(12);
        int headerBytes = (control >>> 28) * 4;
        if (headerBytes < TcpView.HEADER_BYTES_MIN || !has(headerBytes)) return REFUSED;
        found.key(Integer.toUnsignedLong(i32(0)) << 32 | IpProtocol.TCP);
        found.strict((long) i32(8) << 32 | Integer.toUnsignedLong(control & ~TCP_FIN_AND_PSH));
        int optionAt = TcpView.OPTIONS_AT;
        for (; optionAt <= headerBytes - 8; optionAt += 8) found.strict(i64(optionAt));
        if (optionAt < headerBytes) found.strict(Integer.toUnsignedLong(i32(optionAt)));
        found.tcp(at, headerBytes, i32(4), control >>> 16 & 0xff);
        return COMPLETE;
    }

    /// False if the packet is in a tunnel already: one level is merged.
    private boolean enterTunnel(int tunnel) {
        if (found.tunnel != Tunnel.NONE) return false;
        found.tunnel = tunnel;
        found.tunnelAt = at;
        return true;
    }

    private long pseudoSum(int protocol) {
        return PseudoHeader.ofHeader(memory, frameAt + found.l3(), protocol, found.packetBytes - at);
    }

    private void words(int byteCount) {
        int done = 0;
        for (; done <= byteCount - 8; done += 8) found.key(i64(done));
        if (done < byteCount) found.key(Integer.toUnsignedLong(i32(done)));
    }

    private boolean has(int byteCount) {
        return at + byteCount <= found.slotBytes;
    }

    private int u8(int offset)   { return Wire.u8(memory, frameAt + at + offset); }
    private int u16(int offset)  { return Wire.u16(memory, frameAt + at + offset); }
    private int i32(int offset)  { return Wire.i32(memory, frameAt + at + offset); }
    private long i64(int offset) { return Wire.i64(memory, frameAt + at + offset); }
}
