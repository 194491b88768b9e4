package io.millrace.gso;

import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.memory.GsoType;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Verdict;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// The headers of a super-packet, read outermost first and checked against its GSO type: which of them differ from
/// segment to segment, where they lie, where the payload begins that is to be cut. Nothing is believed: every header
/// lies within the packet's first slot and names one that may follow, or there is a [Verdict].
///
/// What lies between two headers of the list (tags, VXLAN, Geneve, options) is the same in all segments.
///
/// An *edit* is the one place where the headers of the segments are longer or shorter than the super-packet's: an IPv6
/// fragment header comes in, the jumbo payload option goes out. `at` of a layer already counts it in.
final class HeaderStack {

    /// What a layer is.
    static final int IPV4 = 1;
    static final int IPV6 = 2;
    /// UDP around a tunnel, with and without a checksum.
    static final int UDP_TUNNEL = 3;
    static final int UDP_TUNNEL_SUM = 4;
    /// GRE with a checksum; without one nothing in it changes.
    static final int GRE_SUM = 5;

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TAGS_MAX = 8;
    private static final int IP_HEADERS_MAX = 5;
    private static final int LAYERS_MAX = 2 * IP_HEADERS_MAX;
    private static final int MPLS_BYTES = 4;
    private static final int MPLS_BOTTOM = 0x100;
    private static final int IPV4_BYTES_MIN = 20;
    private static final int IPV6_BYTES = 40;
    private static final int FRAGMENT_BYTES = 8;
    private static final int UDP_BYTES = 8;
    private static final int TCP_BYTES_MIN = 20;
    private static final int SCTP_BYTES = 12;
    private static final int VXLAN_PORT = 4789;
    private static final int VXLAN_BYTES = 8;
    private static final int GENEVE_PORT = 6081;
    private static final int GENEVE_BYTES_MIN = 8;

    /// A super-packet this long has more than an IPv6 header can say.
    private static final int PLAIN_BYTES_MAX = 65_536;
    private static final int JUMBO_BYTES = 8;
    private static final int JUMBO_OPTION = 0xc204;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final int[] kinds = new int[LAYERS_MAX];
    private final int[] places = new int[LAYERS_MAX];

    private long frameAt;
    private int firstBytes;
    private int packet;
    private int type;
    private int layerCount;
    private int ipCount;
    private boolean isInsideUdp;
    private int cutProtocol;
    private int family;
    private int network;
    private int transport;
    private int headerBytes;
    private int editAt;
    private int editBytes;
    private int fragmentableAt;
    private int nextHeaderAt;

    HeaderStack(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
    }

    /// Reads the headers of a packet whose GSO size is not 0; `FORWARD` if the packet can be cut.
    Verdict read(int superPacket) {
        packet = superPacket;
        frameAt = meta.frameAt(superPacket);
        firstBytes = meta.slotBytes(superPacket);
        type = meta.gsoType(superPacket);
        layerCount = 0;
        ipCount = 0;
        isInsideUdp = false;
        editAt = 0;
        editBytes = 0;
        return ethernet(0);
    }

    int layerCount()     { return layerCount; }
    int kind(int layer)  { return kinds[layer]; }
    /// Where the layer lies in the segments.
    int at(int layer)    { return places[layer]; }
    /// TCP, UDP or SCTP: what the packet is cut by.
    int cutProtocol()    { return cutProtocol; }
    /// True if IP fragments are to be made of the packet.
    boolean isFragmented() { return cutProtocol == IpProtocol.UDP && (type & GsoType.UDP_L4) == 0; }
    /// The innermost IP header, and the transport header behind it, in the super-packet.
    int network()        { return network; }
    int transport()      { return transport; }
    /// Where the payload to be cut begins in the super-packet.
    int headerBytes()    { return headerBytes; }
    /// The same in the segments.
    int segmentHeaderBytes() { return headerBytes + editBytes; }
    /// The transport header in the segments.
    int segmentTransport() { return transport + editBytes; }
    int editAt()         { return editAt; }
    /// Bytes that come in at [#editAt], or go out if negative.
    int editBytes()      { return editBytes; }
    /// Where the header before the edit says what follows it, in the super-packet.
    int nextHeaderAt()   { return nextHeaderAt; }
    /// Family of the innermost IP header.
    int family()         { return family; }

    private Verdict ethernet(int at) {
        if (!isPresent(at, ETHERNET_BYTES)) return Verdict.GSO_HEADER_MALFORMED;
        return byEtherType(u16(at + ETHERNET_BYTES - 2), at + ETHERNET_BYTES);
    }

    private Verdict byEtherType(int outermostType, int outermostAt) {
        int etherType = outermostType;
        int at = outermostAt;
        for (int tags = 0; EtherType.isVlan(etherType); tags++) {
            if (tags == TAGS_MAX || !isPresent(at, TAG_BYTES)) return Verdict.GSO_HEADER_MALFORMED;
            etherType = u16(at + 2);
            at += TAG_BYTES;
        }
        return switch (etherType) {
            case EtherType.IPV4 -> ipv4(at);
            case EtherType.IPV6 -> ipv6(at);
            case EtherType.MPLS, EtherType.MPLS_UPSTREAM -> mpls(at);
            default -> Verdict.GSO_PROTOCOL_UNSUPPORTED;
        };
    }

    private Verdict mpls(int labelsAt) {
        int at = labelsAt;
        while (isPresent(at, MPLS_BYTES + 1)) {
            boolean isBottom = (Wire.i32(memory, frameAt + at) & MPLS_BOTTOM) != 0;
            at += MPLS_BYTES;
            if (isBottom) return byVersion(at);
        }
        return Verdict.GSO_HEADER_MALFORMED;
    }

    /// An IP header of which nothing in front says the version; one byte of it is present.
    private Verdict byVersion(int at) {
        return switch (u8(at) >>> 4) {
            case 4 -> ipv4(at);
            case 6 -> ipv6(at);
            default -> Verdict.GSO_TUNNEL_UNKNOWN;
        };
    }

    private Verdict ipv4(int at) {
        if (!isPresent(at, IPV4_BYTES_MIN)) return Verdict.GSO_HEADER_MALFORMED;
        int ipBytes = (u8(at) & 0x0f) * 4;
        if (ipBytes < IPV4_BYTES_MIN || !isPresent(at, ipBytes)) return Verdict.GSO_HEADER_MALFORMED;
        if (ipCount++ == IP_HEADERS_MAX) return Verdict.GSO_TOO_DEEP;
        family = 4;
        network = at;
        layer(IPV4, at);
        return byProtocol(u8(at + 9), at + ipBytes);
    }

    private Verdict ipv6(int at) {
        if (!isPresent(at, IPV6_BYTES)) return Verdict.GSO_HEADER_MALFORMED;
        if (ipCount++ == IP_HEADERS_MAX) return Verdict.GSO_TOO_DEEP;
        family = 6;
        network = at;
        layer(IPV6, at);
        nextHeaderAt = at + 6;
        int nextAt = at + IPV6_BYTES;
        if (isJumbo(nextAt)) {
            editAt = nextAt;
            editBytes = -JUMBO_BYTES;
            return byProtocol(IpProtocol.TCP, nextAt + JUMBO_BYTES);
        }
        return extensions(nextAt);
    }

    /// True for the header that IPv6 packets longer than 65,536 bytes have until they are cut.
    private boolean isJumbo(int at) {
        return editBytes == 0 && meta.packetBytes(packet) > PLAIN_BYTES_MAX
            && u8(nextHeaderAt) == IpProtocol.HOP_BY_HOP && isPresent(at, JUMBO_BYTES)
            && u8(at) == IpProtocol.TCP && u8(at + 1) == 0 && u16(at + 2) == JUMBO_OPTION;
    }

    /// Skips the extension headers that all segments carry; remembers where, were the packet fragmented, the part
    /// begins that is cut: at destination options behind a routing header, else at the transport.
    private Verdict extensions(int firstAt) {
        int at = firstAt;
        int protocol = u8(nextHeaderAt);
        boolean isRouted = false;
        fragmentableAt = 0;
        while (isCarried(protocol)) {
            if (!isPresent(at, 8)) return Verdict.GSO_HEADER_MALFORMED;
            int extensionBytes = (u8(at + 1) + 1) * 8;
            if (!isPresent(at, extensionBytes)) return Verdict.GSO_HEADER_MALFORMED;
            if (protocol == IpProtocol.DESTINATION_OPTIONS && isRouted && fragmentableAt == 0) fragmentableAt = at;
            isRouted |= protocol == IpProtocol.ROUTING;
            protocol = u8(at);
            if (fragmentableAt == 0) nextHeaderAt = at;
            at += extensionBytes;
        }
        if (fragmentableAt == 0) fragmentableAt = at;
        return byProtocol(protocol, at);
    }

    private static boolean isCarried(int protocol) {
        return protocol == IpProtocol.HOP_BY_HOP || protocol == IpProtocol.ROUTING
            || protocol == IpProtocol.DESTINATION_OPTIONS;
    }

    private Verdict byProtocol(int protocol, int at) {
        return switch (protocol) {
            case IpProtocol.TCP -> tcp(at);
            case IpProtocol.UDP -> isInsideUdp || (type & (GsoType.UDP_TUNNEL | GsoType.UDP_TUNNEL_CSUM)) == 0
                ? udp(at) : udpTunnel(at);
            case IpProtocol.SCTP -> sctp(at);
            case IpProtocol.GRE -> gre(at);
            case IpProtocol.IPV4 -> isIpInIp() ? ipv4(at) : Verdict.GSO_TYPE_MISMATCH;
            case IpProtocol.IPV6 -> isIpInIp() ? ipv6(at) : Verdict.GSO_TYPE_MISMATCH;
            default -> Verdict.GSO_PROTOCOL_UNSUPPORTED;
        };
    }

    private boolean isIpInIp() {
        return (type & (family == 4 ? GsoType.IPXIP4 : GsoType.IPXIP6)) != 0;
    }

    private Verdict gre(int at) {
        if (!isPresent(at, GreView.HEADER_BYTES_MIN)) return Verdict.GSO_HEADER_MALFORMED;
        if ((type & (GsoType.GRE | GsoType.GRE_CSUM)) == 0) return Verdict.GSO_TYPE_MISMATCH;
        int flags = u16(at);
        boolean hasSum = (flags & GreView.CHECKSUM_PRESENT) != 0;
        if ((flags & (GreView.VERSION_MASK | GreView.ROUTING_PRESENT)) != 0) return Verdict.GSO_TUNNEL_UNKNOWN;
        if ((type & GsoType.GRE_CSUM) != 0 && !hasSum) return Verdict.GSO_TYPE_MISMATCH;
        int greBytes = GreView.HEADER_BYTES_MIN + (hasSum ? 4 : 0)
            + ((flags & GreView.KEY_PRESENT) != 0 ? 4 : 0) + ((flags & GreView.SEQUENCE_PRESENT) != 0 ? 4 : 0);
        if (!isPresent(at, greBytes)) return Verdict.GSO_HEADER_MALFORMED;
        if ((type & GsoType.GRE_CSUM) != 0) layer(GRE_SUM, at);
        return inside(u16(at + 2), at + greBytes);
    }

    /// What a tunnel carries that names it by an EtherType.
    private Verdict inside(int etherType, int at) {
        return etherType == EtherType.ETHERNET ? ethernet(at) : byEtherType(etherType, at);
    }

    /// VXLAN and Geneve are known by their ports. Of others the metadata says where the inner IP header is, and what
    /// lies in front of it is not looked at.
    private Verdict udpTunnel(int at) {
        if (!isPresent(at, UDP_BYTES)) return Verdict.GSO_HEADER_MALFORMED;
        isInsideUdp = true;
        layer((type & GsoType.UDP_TUNNEL_CSUM) != 0 ? UDP_TUNNEL_SUM : UDP_TUNNEL, at);
        int tunnelAt = at + UDP_BYTES;
        int port = u16(at + 2);
        if (port == VXLAN_PORT) return ethernet(tunnelAt + VXLAN_BYTES);
        if (port == GENEVE_PORT) {
            if (!isPresent(tunnelAt, GENEVE_BYTES_MIN)) return Verdict.GSO_HEADER_MALFORMED;
            int geneveBytes = GENEVE_BYTES_MIN + (u8(tunnelAt) & 0x3f) * 4;
            return inside(u16(tunnelAt + 2), tunnelAt + geneveBytes);
        }
        int inner = meta.innerL3(packet);
        return inner >= tunnelAt && isPresent(inner, 1) ? byVersion(inner) : Verdict.GSO_TUNNEL_UNKNOWN;
    }

    private Verdict tcp(int at) {
        if ((type & (family == 4 ? GsoType.TCPV4 : GsoType.TCPV6)) == 0) return Verdict.GSO_TYPE_MISMATCH;
        if (!isPresent(at, TCP_BYTES_MIN)) return Verdict.GSO_HEADER_MALFORMED;
        int tcpBytes = (u8(at + 12) >>> 4) * 4;
        if (tcpBytes < TCP_BYTES_MIN || !isPresent(at, tcpBytes)) return Verdict.GSO_HEADER_MALFORMED;
        return cutBy(IpProtocol.TCP, at, at + tcpBytes);
    }

    private Verdict sctp(int at) {
        if ((type & GsoType.SCTP) == 0) return Verdict.GSO_TYPE_MISMATCH;
        if (!isPresent(at, SCTP_BYTES)) return Verdict.GSO_HEADER_MALFORMED;
        return cutBy(IpProtocol.SCTP, at, at + SCTP_BYTES);
    }

    private Verdict udp(int at) {
        if ((type & (GsoType.UDP | GsoType.UDP_L4)) == 0) return Verdict.GSO_TYPE_MISMATCH;
        if (!isPresent(at, UDP_BYTES)) return Verdict.GSO_HEADER_MALFORMED;
        if ((type & GsoType.UDP_L4) != 0) return cutBy(IpProtocol.UDP, at, at + UDP_BYTES);
        if (ipCount > 1) return Verdict.GSO_TYPE_MISMATCH;
        if (family == 4) return cutBy(IpProtocol.UDP, at, at);
        editAt = fragmentableAt;
        editBytes = FRAGMENT_BYTES;
        return cutBy(IpProtocol.UDP, at, fragmentableAt);
    }

    private Verdict cutBy(int protocol, int at, int payloadAt) {
        cutProtocol = protocol;
        transport = at;
        headerBytes = payloadAt;
        // The segments' headers are put together in one slot, in the worst case a fresh one.
        boolean fits = payloadAt + editBytes <= PacketMemory.FRAME_BYTES_MAX;
        return fits ? Verdict.FORWARD : Verdict.GSO_HEADER_MALFORMED;
    }

    private void layer(int kind, int at) {
        kinds[layerCount] = kind;
        places[layerCount++] = editBytes != 0 && at >= editAt ? at + editBytes : at;
    }

    private boolean isPresent(int at, int byteCount) {
        return at + byteCount <= firstBytes;
    }

    private int u8(int at)  { return Wire.u8(memory, frameAt + at); }
    private int u16(int at) { return Wire.u16(memory, frameAt + at); }
}
