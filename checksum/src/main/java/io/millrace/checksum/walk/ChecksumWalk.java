package io.millrace.checksum.walk;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.cover.Coverage;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Visits every checksum of a packet, outermost first, and says what is true of it: of the IPv4 headers, of the
/// transports, of GRE. Walks through VLAN tags, MPLS, PPPoE, IP in IP, GRE, ERSPAN II, PPTP, Ethernet in IP, MPLS in UDP,
/// VXLAN, VXLAN-GPE, Geneve, GTP-U and Teredo, any number of them nested up to a bound. The packet quoted in an ICMP error is payload: whoever
/// quoted it may have cut it and changed it.
///
/// Headers are read from the packet's first slot. Nothing that is not present is read; a header cut short ends the walk.
public final class ChecksumWalk {

    /// Deeper nesting is an attack or noise; a real packet has at most a dozen.
    private static final int LAYERS_MAX = 64;

    private static final int PPP_ADDRESS_CONTROL = 0xff03;
    private static final int PPP_IPV4 = 0x21;
    private static final int PPP_IPV6 = 0x57;
    private static final int GRE_CHECKSUM = 0x8000;
    private static final int GRE_ROUTING = 0x4000;
    private static final int GRE_KEY = 0x2000;
    private static final int GRE_SEQUENCE = 0x1000;
    private static final int GRE_ACKNOWLEDGMENT = 0x80;
    private static final int GTP_G_PDU = 255;
    private static final int GTP_HAS_EXTENSION = 4;
    private static final int TEREDO_ORIGIN = 0;
    private static final int TEREDO_AUTHENTICATION = 1;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final NetworkHeader ip;
    private final Coverage coverage;
    private final UdpView udp;

    private int packet;
    private long frameAt;
    private int slotBytes;
    private int at;
    private int limit;
    private boolean isInFragment;
    private ChecksumSink sink;

    public ChecksumWalk(PacketMemory packets) {
        this.memory = packets.segment();
        this.meta = new PacketMeta(packets);
        this.ip = new NetworkHeader(packets);
        this.coverage = new Coverage(packets);
        this.udp = new UdpView(packets);
    }

    /// Tells `sink` of every checksum of the packet, from the layer that its link type begins with.
    public void walk(int packet, ChecksumSink sink) {
        this.packet = packet;
        this.frameAt = meta.frameAt(packet);
        this.slotBytes = meta.slotBytes(packet);
        this.at = 0;
        this.limit = Math.max(meta.packetBytes(packet), meta.originalBytes(packet));
        this.isInFragment = false;
        this.sink = sink;
        Layer layer = Layer.ofLinkType(meta.linkType(packet));
        for (int depth = 0; layer != Layer.END && depth < LAYERS_MAX; depth++) {
            layer = step(layer);
        }
    }

    private Layer step(Layer layer) {
        return switch (layer) {
            case ETHERNET  -> isPresent(14) ? skip(14, Layer.ofEtherType(u16(12))) : Layer.END;
            case SLL       -> isPresent(16) ? skip(16, Layer.ofEtherType(u16(14))) : Layer.END;
            case SLL2      -> isPresent(20) ? skip(20, Layer.ofEtherType(u16(0))) : Layer.END;
            case VLAN      -> isPresent(4) ? skip(4, Layer.ofEtherType(u16(2))) : Layer.END;
            case LOOPBACK  -> loopback();
            case MPLS      -> mpls();
            case PPPOE     -> pppoe();
            case PPP       -> ppp();
            case IP        -> internet();
            case GRE       -> gre();
            case ERSPAN    -> skip(8, Layer.ETHERNET);
            case ETHER_IP  -> skip(2, Layer.ETHERNET);
            case VXLAN     -> isPresent(8) && (u8(0) & 0x08) != 0 ? skip(8, Layer.ETHERNET) : Layer.END;
            case VXLAN_GPE -> isPresent(8) ? skip(8, Layer.ofGpeProtocol(u8(3))) : Layer.END;
            case GENEVE    -> geneve();
            case GTP_U     -> gtpU();
            case TEREDO    -> teredo();
            case END       -> Layer.END;
        };
    }

    /// The address family in four bytes, in the order of the machine that captured; IPv6 has four numbers. Some wrote an
    /// EtherType instead.
    private Layer loopback() {
        if (!isPresent(4)) return Layer.END;
        if (u16(2) > EtherType.LENGTH_MAX) return skip(4, Layer.ofEtherType(u16(2)));
        int raw = Wire.i32(memory, frameAt + at);
        int family = raw >>> 16 == 0 ? raw : Integer.reverseBytes(raw);
        return switch (family) {
            case 2, 10, 24, 28, 30 -> skip(4, Layer.IP);
            default -> Layer.END;
        };
    }

    private Layer mpls() {
        if (!isPresent(4)) return Layer.END;
        boolean isBottom = (u8(2) & 1) != 0;
        return skip(4, isBottom ? Layer.IP : Layer.MPLS);   // what is below says itself whether it is IP
    }

    private Layer pppoe() {
        if (!isPresent(6)) return Layer.END;
        limit = Math.min(limit, at + 6 + u16(4));
        return skip(6, Layer.PPP);
    }

    /// RFC 1661 section 2, RFC 1662 section 3.1: address and control may be left out, and the first byte of the protocol.
    private Layer ppp() {
        if (isPresent(2) && u16(0) == PPP_ADDRESS_CONTROL) at += 2;
        if (!isPresent(2)) return Layer.END;
        boolean isCompressed = (u8(0) & 1) != 0;
        int protocol = isCompressed ? u8(0) : u16(0);
        boolean isIp = protocol == PPP_IPV4 || protocol == PPP_IPV6;
        return isIp ? skip(isCompressed ? 1 : 2, Layer.IP) : Layer.END;
    }

    private Layer internet() {
        NetworkHeader.Found found = ip.read(packet, at, limit, isInFragment);
        boolean isIpv4 = isPresent(1) && u8(0) >>> 4 == 4;
        if (isIpv4 && found == NetworkHeader.Found.CUT && (u8(0) & 0x0f) >= 5) {
            sink.onChecksum(ChecksumKind.IP, ChecksumStatus.CUT);
        }
        if (found != NetworkHeader.Found.TRANSPORT) return Layer.END;
        if (isIpv4) {
            boolean isRight = Ipv4Checksum.isRight(memory, frameAt + at);
            sink.onChecksum(ChecksumKind.IP, isRight ? ChecksumStatus.GOOD : ChecksumStatus.BAD);
        }
        at = ip.l4();
        limit = ip.end();
        isInFragment = ip.isFragment();
        if (ip.isLaterFragment()) return Layer.END;
        if (coverage.isCarried(packet, ip)) {
            coverage.examine(packet, ip);
            sink.onChecksum(ChecksumKind.of(ip.protocol()), coverage.status());
        }
        return switch (ip.protocol()) {
            case IpProtocol.IPV4, IpProtocol.IPV6 -> Layer.IP;
            case IpProtocol.UDP -> udp();
            case IpProtocol.GRE -> Layer.GRE;
            case IpProtocol.ETHERNET -> Layer.ETHER_IP;
            case IpProtocol.MPLS -> Layer.MPLS;
            default -> Layer.END;
        };
    }

    private Layer udp() {
        if (!isPresent(UdpView.HEADER_BYTES)) return Layer.END;
        udp.at(frameAt + at);
        int lengthBytes = udp.datagramBytes();
        if (lengthBytes >= UdpView.HEADER_BYTES) limit = Math.min(limit, at + lengthBytes);
        Layer next = Layer.ofUdpPort(udp.targetPort());
        if (next == Layer.END) next = Layer.ofUdpSource(udp.sourcePort());
        return skip(UdpView.HEADER_BYTES, next);
    }

    /// RFC 2784 and 2890; version 1 (RFC 2637) carries PPP; the routing bit is gone.
    private Layer gre() {
        if (!isPresent(4)) return Layer.END;
        int flags = u16(0);
        if ((flags & GRE_ROUTING) != 0) return Layer.END;
        int version = flags & 7;
        int optional = version == 1 ? GRE_KEY | GRE_SEQUENCE | GRE_ACKNOWLEDGMENT : GRE_CHECKSUM | GRE_KEY | GRE_SEQUENCE;
        int headerBytes = 4 + 4 * Integer.bitCount(flags & optional);
        if (!isPresent(headerBytes)) return Layer.END;
        boolean isNumbered = (flags & GRE_SEQUENCE) != 0;
        if (version > 1 || version == 1 && !isNumbered) return Layer.END;   // version 1 without a number: no payload
        int type = u16(2);
        if (type != EtherType.ERSPAN_2) return skip(headerBytes, Layer.ofEtherType(type));
        return skip(headerBytes, isNumbered ? Layer.ERSPAN : Layer.ETHERNET);
    }

    private Layer geneve() {
        if (!isPresent(8) || u8(0) >>> 6 != 0) return Layer.END;
        return skip(8 + (u8(0) & 0x3f) * 4, Layer.ofEtherType(u16(2)));
    }

    /// 3GPP TS 29.281: version 1, GTP and not GTP prime, a packet of the user.
    private Layer gtpU() {
        if (!isPresent(8) || (u8(0) & 0xf0) != 0x30 || u8(1) != GTP_G_PDU) return Layer.END;
        int flags = u8(0) & 7;
        limit = Math.min(limit, at + 8 + u16(2));
        if (flags == 0) return skip(8, Layer.IP);
        if (!isPresent(12)) return Layer.END;
        int next = (flags & GTP_HAS_EXTENSION) != 0 ? u8(11) : 0;
        at += 12;
        while (next != 0) {
            int extensionBytes = isPresent(1) ? u8(0) * 4 : 0;
            if (extensionBytes == 0 || !isPresent(extensionBytes)) return Layer.END;
            next = u8(extensionBytes - 1);
            at += extensionBytes;
        }
        return Layer.IP;
    }

    /// RFC 4380 section 5.1.1: IPv6, behind an authentication and an origin indication or not.
    private Layer teredo() {
        if (isPresent(4) && u16(0) == TEREDO_AUTHENTICATION) at += 13 + u8(2) + u8(3);
        if (isPresent(8) && u16(0) == TEREDO_ORIGIN) at += 8;
        return Layer.IP;
    }

    private Layer skip(int byteCount, Layer next) {
        at += byteCount;
        return next;
    }

    private boolean isPresent(int byteCount) {
        return at + byteCount <= Math.min(limit, slotBytes);
    }

    private int u8(int offset) {
        return Wire.u8(memory, frameAt + at + offset);
    }

    private int u16(int offset) {
        return Wire.u16(memory, frameAt + at + offset);
    }
}
