package io.millrace.dataplane.icmp;

import io.millrace.packet.header.IpProtocol;
import io.millrace.packet.header.Ipv4View;
import io.millrace.packet.header.UdpView;
import io.millrace.packet.memory.LinkClass;
import io.millrace.packet.memory.PacketMemory;
import io.millrace.packet.memory.PacketMeta;

/// The answers of rules that say `reject`, as Linux's `nf_reject_ipv4.c` and `nf_reject_ipv6.c` send them: an ICMP
/// error, or a reset of a TCP connection. The packet itself stays the caller's.
///
/// Nothing is said about a later fragment, nor about a packet whose checksum is wrong; protocols of which nobody knows
/// where the checksum lies are summed as a whole, as Linux does, and so stay unanswered.
public final class Rejects {

    private final PacketMeta meta;
    private final Ipv4View ipv4;
    private final UdpView udp;
    private final Ipv6HeaderWalk walk;
    private final LocalTransport transport;
    private final Icmpv4Errors errors4;
    private final Icmpv6Errors errors6;
    private final TcpResets resets;

    Rejects(PacketMemory packets, LocalTransport transport, Icmpv4Errors errors4, Icmpv6Errors errors6,
            TcpResets resets) {
        this.meta = new PacketMeta(packets);
        this.ipv4 = new Ipv4View(packets);
        this.udp = new UdpView(packets);
        this.walk = new Ipv6HeaderWalk(packets);
        this.transport = transport;
        this.errors4 = errors4;
        this.errors6 = errors6;
        this.resets = resets;
    }

    /// An ICMP destination unreachable with this code about an IPv4 packet.
    public void unreachable4(int packet, int code, int ingress, long nowNs) {
        ipv4.at(meta.frameAt(packet) + meta.l3(packet));
        if (ipv4.fragmentOffsetBytes() != 0) return;
        int l4 = meta.l3(packet) + ipv4.headerBytes();
        if (!isSound(packet, l4, ipv4.totalBytes() - ipv4.headerBytes(), ipv4.protocol())) return;
        errors4.unreachable(packet, code, ingress, nowNs);
    }

    /// An ICMPv6 destination unreachable with this code about an IPv6 packet.
    public void unreachable6(int packet, int code, int ingress, long nowNs) {
        if (!walk.findTransport(packet) || walk.isFragment()) return;
        int l4Bytes = meta.packetBytes(packet) - walk.at();
        if (!isSound(packet, walk.at(), l4Bytes, walk.protocol())) return;
        errors6.unreachable(packet, code, ingress, nowNs);
    }

    /// A reset in answer to an IPv4 segment that is none itself.
    public void reset4(int packet, int ingress, long nowNs) {
        ipv4.at(meta.frameAt(packet) + meta.l3(packet));
        if (ipv4.isFragment() || ipv4.protocol() != IpProtocol.TCP || meta.linkClass(packet) != LinkClass.HOST) return;
        int l4 = meta.l3(packet) + ipv4.headerBytes();
        if (!isAnswerable(packet, l4, ipv4.totalBytes() - ipv4.headerBytes())) return;
        resets.reject4(packet, ingress, nowNs);
    }

    /// A reset in answer to an IPv6 segment that is none itself.
    public void reset6(int packet, int ingress, long nowNs) {
        if (!walk.findTransport(packet) || walk.isFragment() || walk.protocol() != IpProtocol.TCP) return;
        int l4Bytes = meta.packetBytes(packet) - walk.at();
        if (meta.linkClass(packet) != LinkClass.HOST || !isAnswerable(packet, walk.at(), l4Bytes)) return;
        resets.reject6(packet, walk.at(), l4Bytes, ingress, nowNs);
    }

    private boolean isAnswerable(int packet, int l4, int l4Bytes) {
        return transport.hasTcp(packet, l4, l4Bytes) && !transport.isReset()
            && transport.isSumRight(packet, l4, l4Bytes, IpProtocol.TCP);
    }

    /// Linux's `nf_reject_verify_csum`: some protocols have no checksum over all of their payload.
    private boolean isSound(int packet, int l4, int l4Bytes, int protocol) {
        switch (protocol) {
            case IpProtocol.UDP -> {
                if (l4 + UdpView.HEADER_BYTES > meta.slotBytes(packet)) return false;
                if (udp.at(meta.frameAt(packet) + l4).checksum() == 0) return true;
            }
            case IpProtocol.AUTHENTICATION, IpProtocol.ESP, IpProtocol.SCTP, IpProtocol.UDP_LITE, IpProtocol.DCCP,
                IpProtocol.GRE -> {
                return true;
            }
            default -> { }
        }
        return transport.isSumRight(packet, l4, l4Bytes, protocol);
    }
}
