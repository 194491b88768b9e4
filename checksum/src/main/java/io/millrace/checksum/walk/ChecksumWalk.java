package io.millrace.checksum.walk;

import io.millrace.checksum.Ipv4Checksum;
import io.millrace.checksum.cover.ChecksumStatus;
import io.millrace.checksum.cover.Coverage;
import io.millrace.checksum.cover.NetworkHeader;
import io.millrace.packet.header.EtherType;
import io.millrace.packet.header.EthernetView;
import io.millrace.packet.header.GeneveView;
import io.millrace.packet.header.GreView;
import io.millrace.packet.header.GtpuView;
import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.MplsView;
import io.millrace.packet.header.PppoeView;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.header.VlanView;
import io.millrace.packet.header.VxlanView;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;
import io.millrace.packet.memory.Wire;

import java.lang.foreign.MemorySegment;

/// Visits every checksum of a packet, outermost first, and says what is true of it: of the IPv4 headers, of the
/// transports, of GRE. Walks through VLAN tags, MPLS, PPPoE, IP in IP, GRE, ERSPAN II, PPTP, Ethernet in IP, MPLS in
/// UDP, VXLAN, VXLAN-GPE, Geneve, GTP-U and Teredo, any number of them nested up to a bound. The packet quoted in an
/// ICMP error is payload: whoever quoted it may have cut it and changed it.
///
/// Headers are read from the packet's first slot. What is not present is not read; a header cut short ends the walk.
public final class ChecksumWalk {

    /// Deeper nesting is an attack or noise; a real packet has at most a dozen.
    private static final int LAYERS_MAX = 64;

    private static final int SLL_BYTES = 16;
    private static final int SLL_TYPE = 14;
    private static final int SLL2_BYTES = 20;
    private static final int LOOPBACK_BYTES = 4;
    private static final int ETHER_IP_BYTES = 2;
    private static final int ERSPAN_2_BYTES = 8;
    private static final int PPP_ADDRESS_CONTROL = 0xff03;
    private static final int VXLAN_GPE_PROTOCOL = 3;
    private static final int TEREDO_ORIGIN = 0;
    private static final int TEREDO_ORIGIN_BYTES = 8;
    private static final int TEREDO_AUTHENTICATION = 1;
    private static final int TEREDO_AUTHENTICATION_BYTES_MIN = 13;

    private final MemorySegment memory;
    private final PacketMeta meta;
    private final NetworkHeader ip;
    private final Coverage coverage;
    private final EthernetView ethernet;
    private final VlanView vlan;
    private final MplsView mpls;
    private final PppoeView pppoe;
    private final UdpView udp;
    private final GreView gre;
    private final VxlanView vxlan;
    private final GeneveView geneve;
    private final GtpuView gtpu;

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
        this.ethernet = new EthernetView(packets);
        this.vlan = new VlanView(packets);
        this.mpls = new MplsView(packets);
        this.pppoe = new PppoeView(packets);
        this.udp = new UdpView(packets);
        this.gre = new GreView(packets);
        this.vxlan = new VxlanView(packets);
        this.geneve = new GeneveView(packets);
        this.gtpu = new GtpuView(packets);
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

    /// Reads the header at `at`, and moves behind it.
    private Layer step(Layer layer) {
        return switch (layer) {
            case ETHERNET  -> ethernet();
            case SLL       -> isPresent(SLL_BYTES) ? skip(SLL_BYTES, Layer.ofEtherType(u16(SLL_TYPE))) : Layer.END;
            case SLL2      -> isPresent(SLL2_BYTES) ? skip(SLL2_BYTES, Layer.ofEtherType(u16(0))) : Layer.END;
            case LOOPBACK  -> loopback();
            case VLAN      -> vlan();
            case MPLS      -> mpls();
            case PPPOE     -> pppoe();
            case PPP       -> ppp();
            case IP        -> internet();
            case GRE       -> gre();
            case ERSPAN    -> skip(ERSPAN_2_BYTES, Layer.ETHERNET);
            case ETHER_IP  -> skip(ETHER_IP_BYTES, Layer.ETHERNET);
            case VXLAN     -> vxlan();
            case VXLAN_GPE -> vxlanGpe();
            case GENEVE    -> geneve();
            case GTP_U     -> gtpU();
            case TEREDO    -> teredo();
            case END       -> Layer.END;
        };
    }

    private Layer ethernet() {
        if (!isPresent(EthernetView.HEADER_BYTES)) return Layer.END;
        return skip(EthernetView.HEADER_BYTES, Layer.ofEtherType(ethernet.at(here()).type()));
    }

    private Layer vlan() {
        if (!isPresent(VlanView.HEADER_BYTES)) return Layer.END;
        return skip(VlanView.HEADER_BYTES, Layer.ofEtherType(vlan.at(here()).type()));
    }

    /// The address family in four bytes, in the order of the machine that captured; IPv6 has four numbers. Some wrote
    /// an EtherType instead.
    private Layer loopback() {
        if (!isPresent(LOOPBACK_BYTES)) return Layer.END;
        if (u16(2) > EtherType.LENGTH_MAX) return skip(LOOPBACK_BYTES, Layer.ofEtherType(u16(2)));
        int raw = Wire.i32(memory, here());
        int family = raw >>> 16 == 0 ? raw : Integer.reverseBytes(raw);
        return switch (family) {
            case 2, 10, 24, 28, 30 -> skip(LOOPBACK_BYTES, Layer.IP);
            default -> Layer.END;
        };
    }

    private Layer mpls() {
        if (!isPresent(MplsView.ENTRY_BYTES)) return Layer.END;
        // What lies below the bottom says itself whether it is IP.
        return skip(MplsView.ENTRY_BYTES, mpls.at(here()).isBottom() ? Layer.IP : Layer.MPLS);
    }

    private Layer pppoe() {
        if (!isPresent(PppoeView.HEADER_BYTES)) return Layer.END;
        endAfter(pppoe.at(here()).totalBytes());
        return skip(PppoeView.HEADER_BYTES, Layer.PPP);
    }

    /// RFC 1661 section 2, RFC 1662 section 3.1: address and control may be left out, and the protocol's first byte.
    private Layer ppp() {
        if (isPresent(2) && u16(0) == PPP_ADDRESS_CONTROL) at += 2;
        if (!isPresent(2)) return Layer.END;
        boolean isCompressed = (u8(0) & 1) != 0;
        int protocol = isCompressed ? u8(0) : u16(0);
        boolean isIp = protocol == PppoeView.PPP_IPV4 || protocol == PppoeView.PPP_IPV6;
        return isIp ? skip(isCompressed ? 1 : 2, Layer.IP) : Layer.END;
    }

    private Layer internet() {
        NetworkHeader.Found found = ip.read(packet, at, limit, isInFragment);
        boolean isIpv4 = isPresent(1) && u8(0) >>> 4 == 4;
        if (isIpv4) visitIpv4(found);
        if (found != NetworkHeader.Found.TRANSPORT) return Layer.END;
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

    private void visitIpv4(NetworkHeader.Found found) {
        int claimedBytes = (u8(0) & 0x0f) * 4;
        if (found == NetworkHeader.Found.TRANSPORT) {
            boolean isRight = Ipv4Checksum.isRight(memory, here());
            sink.onChecksum(ChecksumKind.IP, isRight ? ChecksumStatus.GOOD : ChecksumStatus.BAD);
        } else if (found == NetworkHeader.Found.CUT && claimedBytes >= Ipv4View.HEADER_BYTES_MIN) {
            sink.onChecksum(ChecksumKind.IP, ChecksumStatus.CUT);
        }
    }

    private Layer udp() {
        if (!isPresent(UdpView.HEADER_BYTES)) return Layer.END;
        udp.at(here());
        int datagramBytes = udp.datagramBytes();
        if (datagramBytes >= UdpView.HEADER_BYTES) endAfter(datagramBytes);
        Layer next = Layer.ofUdpPort(udp.targetPort());
        return skip(UdpView.HEADER_BYTES, next != Layer.END ? next : Layer.ofUdpSource(udp.sourcePort()));
    }

    private Layer gre() {
        if (!isPresent(GreView.HEADER_BYTES_MIN) || !gre.at(here()).isValid(presentBytes())) return Layer.END;
        boolean isNumbered = gre.hasSequence();
        if (gre.version() == 1 && !isNumbered) return Layer.END;   // an acknowledgement alone: no payload
        Layer next = gre.type() != EtherType.ERSPAN_2
            ? Layer.ofEtherType(gre.type())
            : isNumbered ? Layer.ERSPAN : Layer.ETHERNET;
        return skip(gre.headerBytes(), next);
    }

    private Layer vxlan() {
        boolean isValid = isPresent(VxlanView.HEADER_BYTES) && vxlan.at(here()).isValid(presentBytes());
        return isValid ? skip(VxlanView.HEADER_BYTES, Layer.ETHERNET) : Layer.END;
    }

    private Layer vxlanGpe() {
        if (!isPresent(VxlanView.HEADER_BYTES)) return Layer.END;
        return skip(VxlanView.HEADER_BYTES, Layer.ofGpeProtocol(u8(VXLAN_GPE_PROTOCOL)));
    }

    private Layer geneve() {
        boolean isValid = isPresent(GeneveView.HEADER_BYTES_MIN) && geneve.at(here()).isValid(presentBytes());
        return isValid ? skip(geneve.headerBytes(), Layer.ofEtherType(geneve.type())) : Layer.END;
    }

    /// A message may be longer than what is present of it; its headers may not.
    private Layer gtpU() {
        if (!isPresent(GtpuView.HEADER_BYTES_MIN)) return Layer.END;
        gtpu.at(here());
        boolean isUserPacket = gtpu.type() == GtpuView.USER_PACKET && isPresent(gtpu.headerBytes());
        if (!isUserPacket || !gtpu.isValid(limit - at)) return Layer.END;
        endAfter(gtpu.totalBytes());
        int type = gtpu.hasExtension() ? gtpu.extensionType() : 0;
        int headerBytes = gtpu.headerBytes();
        while (type != 0) {
            if (!isPresent(headerBytes + 1) || !gtpu.isExtensionValid(headerBytes)) return Layer.END;
            int extensionBytes = gtpu.extensionBytes(headerBytes);
            if (!isPresent(headerBytes + extensionBytes)) return Layer.END;
            type = gtpu.nextExtensionType(headerBytes);
            headerBytes += extensionBytes;
        }
        return skip(headerBytes, Layer.IP);
    }

    /// RFC 4380 section 5.1.1: IPv6, behind an authentication and an origin indication or not.
    private Layer teredo() {
        if (isPresent(4) && u16(0) == TEREDO_AUTHENTICATION) at += TEREDO_AUTHENTICATION_BYTES_MIN + u8(2) + u8(3);
        if (isPresent(TEREDO_ORIGIN_BYTES) && u16(0) == TEREDO_ORIGIN) at += TEREDO_ORIGIN_BYTES;
        return Layer.IP;
    }

    private Layer skip(int byteCount, Layer next) {
        at += byteCount;
        return next;
    }

    /// The header at `at` says that it and its payload are this long.
    private void endAfter(int byteCount) {
        limit = Math.min(limit, at + byteCount);
    }

    private long here() {
        return frameAt + at;
    }

    private int presentBytes() {
        return Math.min(limit, slotBytes) - at;
    }

    private boolean isPresent(int byteCount) {
        return byteCount <= presentBytes();
    }

    private int u8(int offset) {
        return Wire.u8(memory, here() + offset);
    }

    private int u16(int offset) {
        return Wire.u16(memory, here() + offset);
    }
}
